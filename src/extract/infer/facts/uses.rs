//! Who does what: calls by client, command and kind, and the bounds that trimming calls keep.

use std::collections::BTreeMap;

use super::expiry::{Times, spread};
use crate::extract::Mode;

/// Different uses that are kept apart; of more, clients are not told apart any longer.
const USES: usize = 256;

/// Calls on keys or channels of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Calls in all.
    pub calls: u64,
    /// When the first and the last was made, in microseconds since 1970.
    pub period_us: Option<(u64, u64)>,
    /// By who, which command and what for.
    pub by: BTreeMap<(String, &'static str, Mode), Use>,
    /// What trimming calls left.
    pub trims: Trims,
    /// Calls that add.
    pub grown: u64,
    /// Calls that give a whole new value.
    pub replaced: u64,
    /// Calls that take out, or remove.
    pub taken: u64,
}

/// Calls of one client with one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// How many.
    pub calls: u64,
    /// Times to live that they gave, in milliseconds.
    pub ttl: Times,
    /// Bounds that they kept: entries, doubled, and one more where the server may leave more.
    pub bounds: Times,
}

/// What trimming calls left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trims {
    /// Calls that keep so many entries.
    pub entries: Times,
    /// Calls that keep about so many.
    pub about: Times,
    /// Calls that keep what is younger, by age in milliseconds: the least and the most.
    pub ages_ms: Option<(u64, u64)>,
    /// Calls that trim by what they alone do not tell.
    pub other: u64,
}

impl Uses {
    /// One more call.
    pub fn see(&mut self, client: &str, command: &'static str, mode: Mode, at_us: u64) -> &mut Use {
        self.calls += 1;
        self.period_us = spread(self.period_us, Some((at_us, at_us)));
        let client = if self.by.len() < USES { client } else { "" };
        let seen = self.by.entry((client.to_owned(), command, mode)).or_default();
        seen.calls += 1;
        seen
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        self.calls += other.calls;
        self.period_us = spread(self.period_us, other.period_us);
        for ((client, command, mode), seen) in other.by {
            let room = self.by.len() < USES || self.by.contains_key(&(client.clone(), command, mode));
            let client = if room { client } else { String::new() };
            let known = self.by.entry((client, command, mode)).or_default();
            known.calls += seen.calls;
            known.ttl.merge(seen.ttl);
            known.bounds.merge(seen.bounds);
        }
        self.trims.entries.merge(other.trims.entries);
        self.trims.about.merge(other.trims.about);
        self.trims.ages_ms = spread(self.trims.ages_ms, other.trims.ages_ms);
        self.trims.other += other.trims.other;
        self.grown += other.grown;
        self.replaced += other.replaced;
        self.taken += other.taken;
    }

    /// Does a call of this command occur?
    #[must_use]
    pub fn has(&self, command: &str) -> bool {
        self.by.keys().any(|(_, known, _)| *known == command)
    }

    /// Is it written by anyone?
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.by.keys().any(|(_, _, mode)| matches!(mode, Mode::Write | Mode::Publish))
    }
}
