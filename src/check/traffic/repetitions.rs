//! Calls that come again and again: the same read of the same connection, more often in a second than is sensible.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Different reads of one second that are counted; those beyond are not.
const COUNTED: usize = 50_000;

/// Counts reads, second by second.
pub(super) struct Repetitions {
    hasher: RandomState,
    limit: u64,
    second: u64,
    counts: HashMap<u64, u64>,
}

impl Repetitions {
    pub(super) fn new(limit: u64) -> Self {
        Self { hasher: RandomState::new(), limit, second: 0, counts: HashMap::new() }
    }

    /// Is this the read with which a connection exceeds the limit in this second?
    pub(super) fn exceeds(&mut self, connection: u64, words: &[Vec<u8>], at_us: u64) -> bool {
        let second = at_us / 1_000_000;
        if second != self.second {
            self.second = second;
            self.counts.clear();
        }
        let same = self.hasher.hash_one((connection, words));
        if self.counts.len() >= COUNTED && !self.counts.contains_key(&same) {
            return false;
        }
        let count = self.counts.entry(same).or_default();
        *count += 1;
        *count == self.limit + 1
    }
}
