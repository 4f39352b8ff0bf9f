//! Where facts of keys and channels come together, from any number of origins.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::clients::Known;
use super::facts::{Facts, Uses};
use super::names::{Limits, Tree};
use crate::extract::Mode;

/// Words of names that are remembered, by hash.
const WORDS: usize = 200_000;
/// Words of short lists that are remembered.
const LISTED: usize = 20_000;
/// Patterns of subscriptions that are remembered.
const GLOBS: usize = 1_000;

/// Names with facts.
pub struct Collector {
    pub(super) keys: Tree<Facts>,
    pub(super) channels: Tree<Facts>,
    /// Parts of names, which are no words of an enum.
    words: HashSet<u64>,
    /// Words that stand in short lists, as the names of queues do in the list of all queues, by hash.
    pub(super) listed: BTreeSet<u64>,
    /// Whose connections were seen.
    pub(super) clients: Known,
    /// Subscriptions to whatever fits.
    pub(super) globs: BTreeMap<String, Uses>,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            keys: Tree::new(Limits::default()),
            channels: Tree::new(Limits::default()),
            words: HashSet::new(),
            listed: BTreeSet::new(),
            clients: Known::default(),
            globs: BTreeMap::new(),
        }
    }
}

impl Collector {
    /// Takes in what is known of a key.
    pub fn key(&mut self, name: &[u8], mut facts: Facts) {
        self.note(name);
        if let Some(listed) = facts.listed.take() {
            self.listed.extend(*listed);
            // Those of the smallest hashes: the same whatever came first.
            while self.listed.len() > LISTED {
                self.listed.pop_last();
            }
        }
        self.keys.add(name, facts);
    }

    /// Takes in what is known of a channel. Those of the server itself are nobody's contract.
    pub fn channel(&mut self, name: &[u8], facts: Facts) {
        if !is_of_server(name) {
            self.note(name);
            self.channels.add(name, facts);
        }
    }

    /// Takes in a subscription to all channels that fit a glob.
    pub fn glob(&mut self, glob: &[u8], client: &str, command: &'static str, at_us: u64) {
        let Ok(glob) = std::str::from_utf8(glob) else { return };
        if !is_of_server(glob.as_bytes()) && (self.globs.len() < GLOBS || self.globs.contains_key(glob)) {
            self.globs.entry(glob.to_owned()).or_default().see(client, command, Mode::Subscribe, at_us);
        }
    }

    /// Whose connections were seen.
    #[must_use]
    pub fn clients(&self) -> &Known {
        &self.clients
    }

    /// Was nothing seen?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.channels.is_empty() && self.globs.is_empty()
    }

    fn note(&mut self, name: &[u8]) {
        for word in name.split(|byte| matches!(byte, b':' | b'/' | b'|' | b'{' | b'}')) {
            if self.words.len() < WORDS {
                self.words.insert(hash(word));
            }
        }
    }

    /// Is a word a part of names?
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.contains(&hash(word.as_bytes()))
    }
}

/// Keyspace events, and what Sentinels say to one another.
fn is_of_server(name: &[u8]) -> bool {
    name.starts_with(b"__key") || name.starts_with(b"__sentinel__") || name.starts_with(b"__redis__")
}

fn hash(word: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}
