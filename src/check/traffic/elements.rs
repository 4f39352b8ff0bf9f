//! What a small collection holds, by the hashes of its fields or members: enough to know how many there are, and when the
//! last one is gone, with which the server removes the key.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::server::commands::{Group, Invocation, Size};

/// Elements of one key that are told apart. Of larger ones the number is not known.
const MOST: usize = 64;

/// The elements of a hash, set or sorted set; or how many a list or stream has. `None`: not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Elements {
    Unknown,
    Named(HashSet<u64>),
    Counted(u64),
}

impl Elements {
    /// Nothing yet, of a key that a command of this group makes.
    pub(super) fn none(group: Group) -> Self {
        match group {
            Group::Hash | Group::Set | Group::SortedSet | Group::Geo => Self::Named(HashSet::new()),
            Group::List | Group::Stream => Self::Counted(0),
            _ => Self::Unknown,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Named(names) => Some(names.len() as u64),
            Self::Counted(count) => Some(*count),
        }
    }

    /// A call adds.
    pub(super) fn grow(&mut self, call: &Invocation<'_>) {
        match self {
            Self::Unknown => {}
            Self::Counted(count) => *count = count.saturating_add(call.grown_by()),
            Self::Named(_) if call.has_token("FXX") || call.has_token("FNX") => *self = Self::Unknown,
            // With XX a member is changed, if it is there, and never added.
            Self::Named(_) if call.has_token("XX") => {}
            Self::Named(names) => {
                names.extend(named(call));
                if names.len() > MOST {
                    *self = Self::Unknown;
                }
            }
        }
    }

    /// A call takes out.
    pub(super) fn shrink(&mut self, call: &Invocation<'_>) {
        let one = || call.values("count").find_map(|given| std::str::from_utf8(given.word).ok()?.parse::<u64>().ok());
        *self = match (std::mem::replace(self, Self::Unknown), call.command.name.as_str()) {
            (Self::Named(mut names), "HDEL" | "SREM" | "ZREM" | "SMOVE") => {
                let gone: Vec<u64> = named(call).collect();
                names.retain(|name| !gone.contains(name));
                Self::Named(names)
            }
            (Self::Counted(count), "LPOP" | "RPOP") => Self::Counted(count.saturating_sub(one().unwrap_or(1))),
            (Self::Counted(count), "RPOPLPUSH" | "LMOVE") => Self::Counted(count.saturating_sub(1)),
            _ => Self::Unknown,
        };
    }

    /// A call cuts off what is beyond a number.
    pub(super) fn cap(&mut self, at_most: u64) {
        match self {
            Self::Counted(count) => *count = (*count).min(at_most),
            // Which ones are left is not known.
            Self::Named(names) if names.len() as u64 > at_most => *self = Self::Unknown,
            Self::Named(_) | Self::Unknown => {}
        }
    }

    /// Is the key gone, now that nothing is left of it? A stream stays.
    pub(super) fn is_gone(&self, redis_type: Option<&str>, size: Size) -> bool {
        let takes = matches!(size, Size::Shrinks | Size::Trims(_));
        takes && redis_type != Some("stream") && self.count() == Some(0)
    }
}

/// The hashes of the fields or members that a call names.
fn named<'a>(call: &'a Invocation<'_>) -> impl Iterator<Item = u64> + use<'a> {
    let hash = |word: &[u8]| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        hasher.finish()
    };
    call.values("field").chain(call.values("member")).map(move |given| hash(given.word))
}
