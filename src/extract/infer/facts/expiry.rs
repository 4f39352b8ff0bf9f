//! Times to live: what was left when keys were looked at, and what calls gave.

use std::collections::BTreeMap;

/// Different times that are kept apart.
const TIMES: usize = 16;

/// What is known of the times to live of keys of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Keys that were there without.
    pub without: u64,
    /// Keys that were there with one.
    pub with: u64,
    /// The shortest and the longest that was left, in milliseconds.
    pub left_ms: Option<(u64, u64)>,
    /// The times that calls gave, in milliseconds, and how often.
    pub given: Times,
    /// Keys that were given a whole value without one, and none after that.
    pub never_given: u64,
    /// Writes that give a key its whole value and its time in one call.
    pub by_value: u64,
    /// Times that were renewed after a write that left the old one running.
    pub renewed_by_write: u64,
    /// Times that were renewed without a write.
    pub renewed_alone: u64,
    /// Writes that left the old one running.
    pub not_renewed: u64,
    /// Values that were taken with NX: locks and leases, which their holder renews.
    pub leases: u64,
    /// Writes that took the time off.
    pub dropped: u64,
}

/// Different times with how often each was seen, while there are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// How many in all.
    pub count: u64,
    /// The least and the most.
    pub ends: Option<(u64, u64)>,
    /// Each; `None` when there were too many.
    each: Option<BTreeMap<u64, u64>>,
}

impl Times {
    /// One more.
    pub fn see(&mut self, time: u64) {
        let one = Self { count: 1, ends: Some((time, time)), each: Some(BTreeMap::from([(time, 1)])) };
        self.merge(one);
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other;
            return;
        }
        self.count += other.count;
        self.ends = spread(self.ends, other.ends);
        let each = self.each.take().zip(other.each).map(|(mut each, more)| {
            for (time, count) in more {
                *each.entry(time).or_insert(0) += count;
            }
            each
        });
        self.each = each.filter(|each| each.len() <= TIMES);
    }

    /// The times, if there were few.
    #[must_use]
    pub fn few(&self) -> Vec<u64> {
        self.each.iter().flatten().map(|(time, _)| *time).collect()
    }
}

impl Expiry {
    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        self.without += other.without;
        self.with += other.with;
        self.left_ms = spread(self.left_ms, other.left_ms);
        self.given.merge(other.given);
        self.never_given += other.never_given;
        self.by_value += other.by_value;
        self.renewed_by_write += other.renewed_by_write;
        self.renewed_alone += other.renewed_alone;
        self.not_renewed += other.not_renewed;
        self.leases += other.leases;
        self.dropped += other.dropped;
    }
}

/// What spans both.
pub(super) fn spread<T: PartialOrd + Copy>(one: Option<(T, T)>, other: Option<(T, T)>) -> Option<(T, T)> {
    match (one, other) {
        (Some((low, high)), Some((lower, higher))) => {
            Some((if lower < low { lower } else { low }, if higher > high { higher } else { high }))
        }
        (one, other) => one.or(other),
    }
}
