//! Names that no pattern claims, as calls use them: those that somebody writes, and those that are only read.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::Caller;
use crate::check::rules::problems;
use crate::check::tally::{Of, Seen, Slot, Tally};
use crate::check::{Checker, Judges, Unclaimed};
use crate::finding::Moments;
use crate::registry::Party;

/// Names that are remembered as written, by their hashes: 8 MB.
const WRITTEN: usize = 1 << 19;
/// Names that are remembered as read until the end, because a write may yet come.
const READ: usize = 10_000;
/// Names for which the nearest pattern is looked for.
const NEAREST: u64 = 1000;

/// Who reads, and which name.
type Reader = (Option<Party>, Box<[u8]>);

/// What is known of undeclared names.
#[derive(Default)]
pub(super) struct Strays {
    hasher: RandomState,
    written: HashSet<u64>,
    read: HashMap<Reader, (u64, Moments)>,
    looked_up: u64,
}

impl Strays {
    /// A call of somebody whose verdict counts.
    pub(super) fn seen(
        &mut self,
        checker: &Checker<'_>,
        tally: &mut Tally,
        (caller, name, at_us): (&Caller<'_>, &[u8], u64),
        writes: bool,
    ) {
        if writes {
            self.written_by_anyone(name);
            self.count(checker, tally, caller.party, (Seen::at(name, at_us), false));
            return;
        }
        let slot = (caller.party, Box::from(name));
        if let Some((count, moments)) = self.read.get_mut(&slot) {
            *count += 1;
            *moments = Moments::and(Some(*moments), at_us);
        } else if self.read.len() < READ {
            self.read.insert(slot, (1, Moments::and(None, at_us)));
        } else {
            let only_read = !self.is_written(name);
            self.count(checker, tally, caller.party, (Seen::at(name, at_us), only_read));
        }
    }

    /// Somebody writes this name, whether or not the verdict is about them.
    pub(super) fn written_by_anyone(&mut self, name: &[u8]) {
        if self.written.len() < WRITTEN {
            self.written.insert(self.hasher.hash_one(name));
        }
    }

    fn is_written(&self, name: &[u8]) -> bool {
        self.written.contains(&self.hasher.hash_one(name))
    }

    /// At the end: what was only read, and by nobody written.
    pub(super) fn finish(mut self, checker: &Checker<'_>, tally: &mut Tally) {
        let mut read: Vec<_> = std::mem::take(&mut self.read).into_iter().collect();
        read.sort_by(|((_, a), _), ((_, b), _)| a.cmp(b));
        for ((party, name), (count, moments)) in read {
            let only_read = !self.is_written(&name);
            for (count, at_us) in [(count.saturating_sub(1), moments.first_us), (1, moments.last_us)] {
                if count > 0 {
                    let seen = Seen { count, ..Seen::at(&name, at_us) };
                    self.count(checker, tally, party, (seen, only_read));
                }
            }
        }
    }

    fn count(
        &mut self,
        checker: &Checker<'_>,
        tally: &mut Tally,
        party: Option<Party>,
        (seen, only_read): (Seen<'_>, bool),
    ) {
        let name = seen.name;
        self.looked_up += 1;
        let nearest = if self.looked_up < NEAREST { checker.nearest(name) } else { None };
        let unclaimed = Unclaimed { elsewhere: checker.bus_elsewhere(name), nearest, only_read };
        for (rule, problem) in problems(|of| if let Judges::Unclaimed(judge) = of { judge(&unclaimed) } else { None }) {
            tally.add(&rule.rule, Slot { of: Of::Name, party }, problem, Seen { ..seen });
        }
    }
}
