//! How many keys of each pattern were seen: what rules about the whole keyspace judge by.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::rules::RULES;
use super::{Checker, Judges, KeyPlan};
use crate::finding::Finding;
use crate::registry::Registry;

/// What was seen of all keys.
pub struct Census<'a> {
    /// The registry.
    pub registry: &'a Registry,
    /// Name of the bus.
    pub bus: &'a str,
    /// Was everything scanned? If not, what was not seen may be there.
    pub complete: bool,
    /// Each judged pattern, and how many keys of it were seen.
    pub seen: Vec<(&'a KeyPlan<'a>, u64)>,
    /// Modules of which at least one key was seen, or that were asked for by name.
    pub running: HashSet<usize>,
}

/// Adds what the rules about the whole keyspace have to say.
pub(super) fn judge(census: &Census<'_>, findings: &mut Vec<Finding>) {
    for judges in RULES.iter().flat_map(|rule| rule.judges) {
        if let Judges::Census(judge) = judges {
            judge(census, findings);
        }
    }
}

/// Names of one pattern that are told apart at most: 16 MB. Above, the few that SCAN gives twice do not matter.
const MOST: usize = 1 << 20;

/// Counts keys by pattern. SCAN may give a name twice; where a bound is declared, names are told apart up to that bound.
pub(super) struct Counts {
    hasher: RandomState,
    of: Vec<Count>,
}

struct Count {
    limit: usize,
    distinct: HashSet<u64>,
    seen: u64,
}

impl Counts {
    pub(super) fn new(checker: &Checker<'_>) -> Self {
        let limit = |plan: &KeyPlan<'_>| {
            plan.cardinality.map_or(0, |limit| usize::try_from(limit).map_or(MOST, |limit| limit.min(MOST)))
        };
        let count = |plan| Count { limit: limit(plan), distinct: HashSet::new(), seen: 0 };
        Self { hasher: RandomState::new(), of: checker.plans().iter().map(count).collect() }
    }

    pub(super) fn add(&mut self, plan: usize, name: &[u8]) {
        let count = &mut self.of[plan];
        if count.distinct.len() <= count.limit && count.limit > 0 {
            // Up to the bound names are counted once; beyond it the bound is broken, and the number only says how far.
            count.seen += u64::from(count.distinct.insert(self.hasher.hash_one(name)));
        } else {
            count.seen += 1;
        }
    }

    pub(super) fn seen(&self, plan: usize) -> u64 {
        self.of[plan].seen
    }
}
