//! What is known of keys or channels of one kind, whatever told it: facts that merge in any order.

mod expiry;
mod fields;
mod uses;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub use expiry::{Expiry, Times};
pub use fields::{Field, Fields};
pub use uses::{Trims, Use, Uses};
pub use values::{Holds, Values};

use super::names::{Merge, Signature};
use super::payload::Numbers;

/// Consumer groups that are kept apart.
const GROUPS: usize = 32;

/// What is known of keys of one kind. Parts that most keys lack are boxed: a look holds very many.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Keys that were there.
    pub keys: u64,
    /// Types in the registry's words: of the keys that were there, and of those that calls spoke of.
    pub types: Types,
    /// The most elements, or bytes of a string.
    pub largest: Option<u64>,
    /// Their times to live.
    pub expiry: Option<Box<Expiry>>,
    /// What they hold.
    pub contents: Option<Box<Contents>>,
    /// What is done with them.
    pub uses: Option<Box<Uses>>,
    /// Of a key just seen: the members of a short list of words, by hash. They are kept for all keys together.
    pub listed: Option<Box<BTreeSet<u64>>>,
}

/// How often each type was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types {
    /// Of keys that were there.
    pub there: BTreeMap<&'static str, u64>,
    /// By the commands that were used on them.
    pub used: BTreeMap<&'static str, u64>,
    /// Keys of types that the registry has no word for.
    pub foreign: u64,
}

/// What keys hold, by their parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contents {
    /// Of strings, and the messages of channels.
    pub value: Values,
    /// Of lists.
    pub element: Values,
    /// Of sets and zsets.
    pub member: Values,
    /// Of zsets.
    pub score: Option<Numbers>,
    /// Of hashes.
    pub fields: Fields,
    /// Of stream entries.
    pub entry: Fields,
    /// The consumer groups of streams, and of how many keys.
    pub groups: BTreeMap<String, u64>,
    /// Keys whose contents were not seen to their end.
    pub cut: u64,
}

impl Contents {
    fn merge(&mut self, other: Self) {
        self.value.merge(other.value);
        self.element.merge(other.element);
        self.member.merge(other.member);
        super::payload::both(&mut self.score, other.score, Numbers::merge);
        self.fields.merge(other.fields);
        self.entry.merge(other.entry);
        for (name, count) in other.groups {
            if self.groups.len() < GROUPS || self.groups.contains_key(&name) {
                *self.groups.entry(name).or_insert(0) += count;
            }
        }
        self.cut += other.cut;
    }
}

impl Types {
    fn merge(&mut self, other: Self) {
        let add = |mine: &mut BTreeMap<&'static str, u64>, more: BTreeMap<&'static str, u64>| {
            for (name, count) in more {
                *mine.entry(name).or_insert(0) += count;
            }
        };
        add(&mut self.there, other.there);
        add(&mut self.used, other.used);
        self.foreign += other.foreign;
    }

    /// The type, if all agree. A bitmap is a string to whoever looks at the key, so that the more special word counts.
    #[must_use]
    pub fn only(&self) -> Option<&'static str> {
        let used = || {
            // A key that is read as what it is not: only commands that write make it something, and they are more.
            let most = self.used.iter().max_by_key(|(_, count)| **count);
            most.map(|(name, _)| *name)
        };
        let mut there = self.there.keys();
        let base = match (there.next(), there.next()) {
            (Some(only), None) if self.foreign == 0 => *only,
            (None, _) if self.foreign == 0 => return special(self).or_else(used),
            _ => return None,
        };
        Some(special(self).filter(|word| reply(word) == base).unwrap_or(base))
    }
}

/// A word that says more than the type of the server.
fn special(types: &Types) -> Option<&'static str> {
    types.there.keys().chain(types.used.keys()).copied().find(|name| reply(name) != *name)
}

/// What the server calls the type.
fn reply(name: &str) -> &'static str {
    crate::types::by_name(name).map_or("", |known| known.reply)
}

impl Facts {
    /// Times to live, to be added to.
    pub fn expiry(&mut self) -> &mut Expiry {
        self.expiry.get_or_insert_default()
    }

    /// Contents, to be added to.
    pub fn contents(&mut self) -> &mut Contents {
        self.contents.get_or_insert_default()
    }

    /// Uses, to be added to.
    pub fn uses(&mut self) -> &mut Uses {
        self.uses.get_or_insert_default()
    }
}

impl Merge for Facts {
    fn merge(&mut self, other: Self) {
        self.keys += other.keys;
        self.types.merge(other.types);
        self.largest = self.largest.max(other.largest);
        super::payload::both(&mut self.expiry, other.expiry, |mine, more| mine.merge(*more));
        super::payload::both(&mut self.contents, other.contents, |mine, more| mine.merge(*more));
        super::payload::both(&mut self.uses, other.uses, |mine, more| mine.merge(*more));
    }

    fn signature(&self) -> Signature {
        let names = if self.types.there.is_empty() { &self.types.used } else { &self.types.there };
        let mut words: Signature = names.keys().map(|name| reply(name).to_owned()).collect();
        let Some(contents) = &self.contents else { return words };
        // What is known more closely stands in place of the bare type, which fits anything of that type.
        if contents.value.count > 0 && words.remove("string") {
            let of = if contents.value.is_structured() { "string:json" } else { "string:text" };
            words.insert(of.to_owned());
        }
        for (part, values) in [("value", &contents.value), ("element", &contents.element), ("member", &contents.member)]
        {
            words.extend(values.closer().into_iter().map(|word| format!("+{part}:{word}")));
        }
        words.extend(contents.entry.chosen().into_iter().map(|field| format!("+entry:{field}")));
        let fields = contents.fields.chosen();
        if !fields.is_empty() && words.remove("hash") {
            words.extend(fields.into_iter().map(|field| format!("hash:{field}")));
        }
        words
    }
}
