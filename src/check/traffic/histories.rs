//! The lives of many keys, in bounded memory: those that were used last are kept, the others are judged and forgotten.

use std::collections::HashMap;

use super::life::{Life, Presence};
use crate::server::commands::{Expiry, Invocation, KeyUse};

/// Keys of one generation. Two generations are kept: some 60 MB, if names are short.
const GENERATION: usize = 100_000;

/// A key's name and its life.
pub(super) type Named = (Box<[u8]>, Life);

/// What is known of keys by the calls on them.
pub(super) struct Histories {
    young: HashMap<Box<[u8]>, Life>,
    old: HashMap<Box<[u8]>, Life>,
    /// Was every key absent that was never seen?
    from_empty: bool,
}

impl Histories {
    pub(super) fn new(from_empty: bool) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), from_empty }
    }

    /// From now on a key that was never seen may be there: some traffic was not overheard.
    pub(super) fn missed_some(&mut self) {
        self.from_empty = false;
        self.young.values_mut().chain(self.old.values_mut()).for_each(Life::missed_some);
    }

    /// The life of a key, as far as it is known. What had to be forgotten for it is handed out, to be judged.
    pub(super) fn of(&mut self, name: &[u8], plan: usize) -> (Option<&mut Life>, Vec<Named>) {
        let mut forgotten = Vec::new();
        if !self.young.contains_key(name) {
            if self.young.len() >= GENERATION {
                let old = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
                self.from_empty &= old.is_empty();
                forgotten.extend(old);
            }
            let presence = if self.from_empty { Presence::Absent } else { Presence::Unknown };
            let life = self.old.remove(name).unwrap_or_else(|| Life::new(plan, presence));
            self.young.insert(name.into(), life);
        }
        (self.young.get_mut(name), forgotten)
    }

    /// What is known of a key, if anything is.
    pub(super) fn get(&self, name: &[u8]) -> Option<&Life> {
        self.young.get(name).or_else(|| self.old.get(name))
    }

    /// All that is still known, in the order of names.
    pub(super) fn into_all(self) -> Vec<Named> {
        let mut all: Vec<_> = self.young.into_iter().chain(self.old).collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }
}

/// Does a call hand a key's life on to another key (RENAME, COPY)?
pub(super) fn moves(call: &Invocation<'_>) -> bool {
    let carries = |key: &KeyUse| key.effect.is_some_and(|effect| effect.expiry == Expiry::Carries);
    call.keys.len() == 2 && call.keys.get(1).is_some_and(carries)
}
