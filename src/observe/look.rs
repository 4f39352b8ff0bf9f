//! What is to be looked at, and how much of it: what origins of keys share.
//!
//! In: what the caller claims and wants. Out: for each key, whether its contents are wanted. It knows no origin.

use super::{Depth, Want};

/// A single value larger than this, in bytes, is not read.
pub(super) const LARGEST: u64 = 8 << 20;
/// Elements of one container that a sample reads.
pub(super) const SAMPLE_ELEMENTS: u64 = 100;
/// Keys of one pattern whose values a sample reads.
const SAMPLE_KEYS: u64 = 1000;

/// In place of a type in [`Want`]: the key is read by whatever type it has, if it is one of Redis's own.
pub const ANY_TYPE: &str = "any";
/// The types that [`ANY_TYPE`] reads.
const READABLE: [&str; 6] = ["string", "hash", "list", "set", "zset", "stream"];

impl Want {
    /// Is every type wanted?
    pub(super) fn is_any(&self) -> bool {
        self.redis_type == Some(ANY_TYPE)
    }

    /// Is a key of this type read by its contents?
    pub(super) fn reads(&self, redis_type: &str) -> bool {
        if self.is_any() { READABLE.contains(&redis_type) } else { self.redis_type == Some(redis_type) }
    }
}

/// What is to be looked at.
pub struct Look<'a> {
    /// How much of the data.
    pub depth: Depth,
    /// Which pattern claims a name, by the caller's index.
    pub claim: &'a (dyn Fn(&[u8]) -> Option<usize> + Sync),
    /// Is a name that no pattern claims of interest?
    pub unclaimed: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// What to fetch, by the caller's index.
    pub wants: &'a [Want],
}

/// How many keys of each pattern were met, by which a sample is taken.
pub(super) struct Sampled(Vec<u64>);

impl Sampled {
    pub(super) fn new(look: &Look<'_>) -> Self {
        Self(vec![0; look.wants.len()])
    }

    /// Counts a key that a pattern claims. Are its contents wanted?
    pub(super) fn wants_contents(&mut self, at: usize, look: &Look<'_>) -> bool {
        self.0[at] += 1;
        look.wants[at].contents
            && match look.depth {
                Depth::Keys => false,
                Depth::Sample => self.0[at] <= SAMPLE_KEYS,
                Depth::Full => true,
            }
    }
}
