//! What is seen of a keyspace, live or in a file, as facts of its keys.
//!
//! In: observations, in which the contents of a key follow it. Out: its name and facts, one by one.

use super::facts::{Contents, Facts, Values};
use super::names::hash;
use super::payload::Numbers;
use super::shape;
use crate::observe::{ANY_TYPE, Extent, Group, Header, Measures, Part, Seen, TtlSeen, Want};
use crate::types;

/// Members of a list of words, at most.
const LIST: usize = 64;
/// Sorts of names of which values are sampled apart.
const CLASSES: usize = 4096;

/// What is wanted of keys of which nothing is known: everything, of some keys of each sort of name.
#[must_use]
pub fn wants() -> Vec<Want> {
    vec![Want { redis_type: Some(ANY_TYPE), contents: true, ends: false, groups: true }; CLASSES]
}

/// The sort of a name: an index of [`wants`].
#[must_use]
pub fn claim(name: &[u8]) -> usize {
    usize::try_from(shape::class(name) % CLASSES as u64).unwrap_or(0)
}

/// The key whose contents are coming in.
#[derive(Default)]
pub struct Keyspace {
    current: Option<(Vec<u8>, Facts)>,
    /// Values too large to be read.
    pub too_large: u64,
    /// Values, fields, elements, members and entries that were looked at.
    pub values: u64,
}

impl Keyspace {
    /// Takes in an observation; gives a key that is complete.
    pub fn see(&mut self, seen: Seen) -> Option<(Vec<u8>, Facts)> {
        match seen {
            Seen::Text(_, header, value) => {
                let (name, mut facts) = begin(header);
                self.values += 1;
                text(&mut facts, &value);
                return Some((name, facts));
            }
            Seen::Key(_, header) => self.current = Some(begin(header)),
            Seen::Parts(parts) => {
                if let Some((_, facts)) = &mut self.current {
                    self.values += parts.len() as u64;
                    parts.iter().for_each(|part| take(facts, part));
                }
            }
            Seen::Measured(Measures { size, groups, .. }) => {
                if let Some((_, facts)) = &mut self.current {
                    facts.largest = facts.largest.max(size);
                    note_groups(facts, groups.as_deref());
                }
            }
            Seen::End(extent) => {
                let (name, mut facts) = self.current.take()?;
                end(&mut facts, extent);
                return Some((name, facts));
            }
            Seen::Unclaimed(name) => return Some((name, Facts { keys: 1, ..Facts::default() })),
            Seen::TooLarge(_) => self.too_large += 1,
            Seen::Gone => {}
        }
        None
    }
}

fn begin(header: Header) -> (Vec<u8>, Facts) {
    let mut facts = Facts { keys: 1, largest: header.size, ..Facts::default() };
    // Of the words that share a type of the server, the one that is called like it.
    let known = types::by_name(&header.redis_type)
        .or_else(|| types::TYPES.iter().find(|known| known.reply == header.redis_type).copied());
    match known {
        Some(known) => {
            facts.types.there.insert(known.name, 1);
        }
        None => facts.types.foreign = 1,
    }
    let expiry = facts.expiry();
    match header.ttl {
        TtlSeen::None => expiry.without = 1,
        TtlSeen::Left(left) => {
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            (expiry.with, expiry.left_ms) = (1, Some((left, left)));
        }
    }
    note_groups(&mut facts, header.groups.as_deref());
    (header.name, facts)
}

fn note_groups(facts: &mut Facts, groups: Option<&[Group]>) {
    for group in groups.unwrap_or_default() {
        if let Ok(name) = std::str::from_utf8(&group.name) {
            facts.contents().groups.insert(name.to_owned(), 1);
        }
    }
}

fn text(facts: &mut Facts, value: &[u8]) {
    // The head of a HyperLogLog, which is a string to the server.
    if value.starts_with(b"HYLL") && value.len() >= 16 {
        facts.types.there.remove("string");
        facts.types.there.insert("hyperloglog", 1);
        return;
    }
    facts.contents().value = Values::of(value);
}

/// Notes a member of a list of words, of which those are short: the names of all queues, say.
fn list(facts: &mut Facts, member: &[u8]) {
    let listed = facts.listed.get_or_insert_default();
    if listed.len() <= LIST && (2..=40).contains(&member.len()) {
        listed.insert(hash(member));
    }
}

fn take(facts: &mut Facts, part: &Part) {
    if let Part::Member(member) | Part::Scored(member, _) = part {
        list(facts, member);
    }
    let contents = facts.contents();
    match part {
        Part::Value(value) => contents.value.merge(Values::of(value)),
        Part::Field(name, value) => contents.fields.see(name, Values::of(value), true),
        Part::Element(value) => contents.element.merge(Values::of(value)),
        Part::Member(value) => contents.member.merge(Values::of(value)),
        Part::Scored(member, score) => {
            contents.member.merge(Values::of(member));
            let number = Numbers::of_value(*score, score.fract() == 0.0);
            super::payload::both(&mut contents.score, Some(number), Numbers::merge);
        }
        Part::Entry(_, fields) => entry(contents, fields),
    }
}

fn entry(contents: &mut Contents, fields: &[(Vec<u8>, Vec<u8>)]) {
    contents.entry.whole += 1;
    for (at, (name, value)) in fields.iter().enumerate() {
        // An entry may name a field twice; it is one entry that has it.
        let first = fields[..at].iter().all(|(known, _)| known != name);
        contents.entry.see(name, Values::of(value), first);
    }
}

fn end(facts: &mut Facts, extent: Extent) {
    facts.listed = facts.listed.take().filter(|listed| listed.len() <= LIST && extent == Extent::Whole);
    let is_hash = facts.types.there.contains_key("hash");
    match extent {
        Extent::Whole if is_hash => facts.contents().fields.whole += 1,
        Extent::Whole | Extent::Unread => {}
        Extent::Cut => facts.contents().cut += 1,
    }
}
