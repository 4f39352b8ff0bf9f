//! How many keys of a pattern there are at once, as far as calls tell: for patterns that declare a bound and no TTL.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::desk::Desk;
use crate::check::{Census, Checker, TtlPlan, census};
use crate::finding::Finding;
use crate::registry::Party;

/// Names of one pattern that are told apart at most: 16 MB.
const MOST: u64 = 1 << 20;

/// Names that are there, pattern by pattern.
pub(super) struct Living {
    hasher: RandomState,
    /// How many names are told apart, and their hashes.
    of: Vec<(u64, HashSet<u64>)>,
}

impl Living {
    pub(super) fn new(checker: &Checker<'_>) -> Self {
        // Keys with a TTL go by themselves, which no call tells.
        let limit = |plan: &crate::check::KeyPlan<'_>| {
            plan.cardinality
                .filter(|_| !matches!(plan.ttl, Some(TtlPlan::UpTo(_))))
                .map_or(0, |limit| (limit + 1).min(MOST))
        };
        let of = checker.plans().iter().map(|plan| (limit(plan), HashSet::new())).collect();
        Self { hasher: RandomState::new(), of }
    }

    /// A key is there, or not, after a call.
    pub(super) fn note(&mut self, plan: usize, name: &[u8], is_there: bool) {
        let (limit, names) = &mut self.of[plan];
        if *limit == 0 {
            return;
        }
        let name = self.hasher.hash_one(name);
        if !is_there {
            names.remove(&name);
        } else if (names.len() as u64) < *limit {
            names.insert(name);
        }
    }

    /// What the rules about numbers of keys have to say. Who wrote them is not told apart: their owner answers.
    pub(super) fn judge(self, desk: &Desk<'_, '_>, findings: &mut Vec<Finding>) {
        let checker = desk.checker;
        let judged = |module| desk.options.only.is_none_or(|only| only == Party::Module(module));
        let counted = checker.plans().iter().zip(&self.of).filter(|(plan, _)| judged(plan.key.module));
        let census = Census {
            registry: checker.registry,
            bus: &checker.registry.bus(checker.bus).name,
            complete: false,
            seen: counted.map(|(plan, (_, names))| (plan, names.len() as u64)).collect(),
            running: HashSet::new(),
        };
        census::judge(&census, findings);
    }
}
