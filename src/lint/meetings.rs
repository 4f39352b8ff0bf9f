//! Pairs of patterns that can claim one name, with such a name. Exact where the params' own ranges allow it.
//!
//! Rules ask it of keys, of channels, and of keys against channels; what a meeting means is theirs to say.

use std::cell::OnceCell;

use super::entries::Entry;
use crate::finding::printable;
use crate::registry::automaton::{Answer, Language, overlap};
use crate::registry::{Claim, Pattern, Registry, Token, Value, more_specific};

/// Two entries of one bus that can claim one name, neither more specific than the other.
#[derive(Debug)]
pub(super) struct Meeting<'a> {
    /// The one declared first.
    pub(super) first: Entry<'a>,
    /// The other.
    pub(super) second: Entry<'a>,
    /// A name that both claim, printable.
    pub(super) witness: String,
    /// Are the patterns the same but for the names of their params?
    pub(super) alike: bool,
}

impl Meeting<'_> {
    /// Do two modules declare them?
    pub(super) fn of_two_modules(&self) -> bool {
        self.first.module() != self.second.module()
    }

    /// Do both come from keys that publish, so that the keys meet as well?
    pub(super) fn is_implied(&self) -> bool {
        [self.first, self.second].iter().all(|entry| matches!(entry, Entry::Channel(c) if c.from_key.is_some()))
    }

    /// The types of the two keys, or the messages of the two channels, where both are declared and differ.
    pub(super) fn types(&self, registry: &Registry) -> Option<(String, String)> {
        let (a, b) = match (self.first, self.second) {
            (Entry::Key(a), Entry::Key(b)) => (a.redis_type?.name.to_owned(), b.redis_type?.name.to_owned()),
            (Entry::Channel(a), Entry::Channel(b)) => {
                let (a, b) = (a.message.as_ref()?, b.message.as_ref()?);
                if schema(registry, a).is_some() && schema(registry, a) == schema(registry, b) {
                    return None;
                }
                (registry.value_name(a).to_owned(), registry.value_name(b).to_owned())
            }
            (Entry::Key(_), Entry::Channel(_)) | (Entry::Channel(_), Entry::Key(_)) => return None,
        };
        (a != b).then_some((a, b))
    }
}

/// All meetings of keys with keys, and of channels with channels.
pub(super) fn meetings(registry: &Registry) -> Vec<Meeting<'_>> {
    let keys = sets(registry, registry.keys.iter().map(Entry::Key));
    let channels = sets(registry, channels(registry));
    let mut found = Vec::new();
    for sets in [&keys, &channels] {
        for (at, first) in sets.iter().enumerate() {
            for second in &sets[at + 1..] {
                found.extend(meeting(registry, first, second));
            }
        }
    }
    found
}

/// All meetings of keys with channels.
pub(super) fn clashes(registry: &Registry) -> Vec<Meeting<'_>> {
    let keys = sets(registry, registry.keys.iter().map(Entry::Key));
    let channels = sets(registry, channels(registry));
    let pairs = keys.iter().flat_map(|key| channels.iter().map(move |channel| (key, channel)));
    pairs.filter_map(|(key, channel)| meeting(registry, key, channel)).collect()
}

/// Entries with the expressions of their patterns; those on no known bus, or too large to decide about, are left out.
pub(super) fn claims<'a>(registry: &Registry, entries: impl Iterator<Item = Entry<'a>>) -> Vec<Claim<Entry<'a>>> {
    entries
        .filter(|entry| entry.bus().is_some())
        .filter_map(|entry| Claim::new(entry, entry.pattern(), registry, entry.module()).ok())
        .collect()
}

/// All channels, also those that keys imply.
pub(super) fn channels(registry: &Registry) -> impl Iterator<Item = Entry<'_>> {
    registry.channels.iter().map(Entry::Channel)
}

/// A pattern with the set of its names, which is made when it is first needed: most patterns meet no other.
struct Names<'a> {
    claim: Claim<Entry<'a>>,
    language: OnceCell<Option<Language>>,
}

impl Names<'_> {
    fn language(&self) -> Option<&Language> {
        self.language.get_or_init(|| Language::new(self.claim.expression()).ok()).as_ref()
    }
}

fn sets<'a>(registry: &Registry, entries: impl Iterator<Item = Entry<'a>>) -> Vec<Names<'a>> {
    let claims = claims(registry, entries).into_iter();
    claims.map(|claim| Names { claim, language: OnceCell::new() }).collect()
}

fn meeting<'a>(registry: &Registry, first: &Names<'a>, second: &Names<'a>) -> Option<Meeting<'a>> {
    let (a, b) = (&first.claim, &second.claim);
    if a.target.bus() != b.target.bus() || !a.pattern().may_meet(b.pattern()) {
        return None;
    }
    if more_specific(a.pattern(), b.pattern()) || more_specific(b.pattern(), a.pattern()) {
        return None;
    }
    let witness = printable(&common_name(registry, first, second)?);
    Some(Meeting { first: a.target, second: b.target, witness, alike: alike(a.pattern(), b.pattern()) })
}

fn common_name(registry: &Registry, first: &Names<'_>, second: &Names<'_>) -> Option<Vec<u8>> {
    let (a, b) = (&first.claim, &second.claim);
    if a.pattern().is_static() && b.pattern().is_static() {
        return (a.pattern().tokens() == b.pattern().tokens()).then(|| a.pattern().literal_prefix().into());
    }
    let Answer::Witness(name) = overlap(first.language()?, second.language()?) else { return None };
    if a.matches(&name) && b.matches(&name) {
        return Some(name);
    }
    // The automata do not know the ranges of integers. A sample is the number of the range that is nearest to a fixed one,
    // so that of two ranges that meet, one's sample lies in both.
    let samples = [a, b].into_iter().flat_map(|claim| {
        let entry = claim.target;
        registry.example_names(entry.module(), entry.pattern(), 20)
    });
    samples.map(String::into_bytes).find(|name| a.matches(name) && b.matches(name))
}

/// The same tokens, but for the names of params.
fn alike(a: &Pattern, b: &Pattern) -> bool {
    let same = |(a, b): (&Token, &Token)| match (a, b) {
        (Token::Literal(a), Token::Literal(b)) => a == b,
        (Token::Param(_), Token::Param(_)) => true,
        (Token::Literal(_), Token::Param(_)) | (Token::Param(_), Token::Literal(_)) => false,
    };
    a.tokens().len() == b.tokens().len() && a.tokens().iter().zip(b.tokens()).all(same)
}

fn schema(registry: &Registry, value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Payload(id) => Some(registry.bundled_schema(*id)),
        Value::Scalar(_) | Value::Unknown(_) => None,
    }
}
