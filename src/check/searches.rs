//! Searches over the keyspace: which entry's names a KEYS or SCAN is after. A call in, an index of [`Checker::plans`] out.

use super::plan::{Checker, KeyPlan};
use crate::registry::automaton::{Answer, Language, overlap};
use crate::registry::{Claim, glob_expression};

impl Checker<'_> {
    /// The entry whose names a KEYS or SCAN searches for, though another entry tells them; an index of
    /// [`Checker::plans`]. A search that meets names of other entries as well is for none in particular.
    #[must_use]
    pub fn searched(&self, words: &[Vec<u8>]) -> Option<usize> {
        let glob = searched_glob(words)?;
        let sought = |plan: &KeyPlan<'_>| plan.key.found_by.is_some();
        if !self.plans.iter().any(sought) {
            return None;
        }
        let glob = Language::new(&glob_expression(glob)).ok()?;
        let meets = |names: &&(usize, Language)| matches!(overlap(&glob, &names.1), Answer::Witness(_));
        let (sought, others): (Vec<_>, Vec<_>) = self.names().iter().partition(|(plan, _)| sought(&self.plans[*plan]));
        let (plan, _) = sought.into_iter().find(meets)?;
        others.iter().copied().find(meets).is_none().then_some(*plan)
    }

    /// The names of each pattern, made when somebody searches for the first time.
    fn names(&self) -> &[(usize, Language)] {
        self.names.get_or_init(|| {
            let names = |claim: &Claim<usize>| Some((claim.target, Language::new(claim.expression()).ok()?));
            self.matcher.claims().iter().filter_map(names).collect()
        })
    }
}

/// The glob of a KEYS or SCAN; none when all names are asked for.
fn searched_glob(words: &[Vec<u8>]) -> Option<&[u8]> {
    let (command, rest) = words.split_first()?;
    let glob = match command.to_ascii_uppercase().as_slice() {
        b"KEYS" => rest.first()?,
        b"SCAN" => {
            let at = rest.iter().position(|word| word.eq_ignore_ascii_case(b"MATCH"))?;
            rest.get(at + 1)?
        }
        _ => return None,
    };
    glob.iter().any(|byte| *byte != b'*').then_some(glob)
}
