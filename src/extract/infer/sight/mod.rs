//! From facts to what a registry says: a sighting for each pattern.

mod accesses;
mod amounts;
mod holds;
mod payloads;
mod retention;

use std::collections::HashSet;

use super::Collector;
use super::facts::Facts;
use super::names::{Found, Tree};
use super::payload::Rendering;
use super::shape::{counted, grouped};
use crate::extract::draft::{Node, Value};
use crate::extract::{Kind, Sighting};
use crate::registry::{Pattern, Token};
use payloads::Payloads;

/// What sightings may say, and of what.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bus of all that was seen.
    pub bus: Option<String>,
    /// May words of closed enums stand in schemas?
    pub enums: bool,
    /// May comments hold words that never vary?
    pub show_values: bool,
    /// Was the whole keyspace looked at? Then what is not in it is not always there.
    pub keyspace: bool,
    /// May what was seen be widened to leave room for what was not? A draft does so; a witness says what it saw.
    pub room: bool,
}

/// What was collected, as sightings: keys first, then channels, each in the order of patterns.
#[must_use]
pub fn sightings(mut collector: Collector, options: &Options) -> Vec<Sighting> {
    let listed = std::mem::take(&mut collector.listed).into_iter().collect();
    let keys = std::mem::take(&mut collector.keys).patterns_beside(listed);
    let channels = std::mem::take(&mut collector.channels).patterns();
    let literals: HashSet<String> =
        keys.iter().chain(&channels).flat_map(|found| literal_words(&found.pattern)).collect();
    let is_part = |word: &str| collector.has_word(word) && !literals.contains(word);
    // `I:SPX` is a piece of a name, also where one of its words is literal in this name or another.
    let is_piece = |value: &str| value.contains(':') && value.split(':').all(|word| collector.has_word(word));
    let is_id = |value: &str| is_part(value) || is_piece(value);
    let mut payloads = Payloads::new(Rendering { enums: options.enums, show: options.show_values, is_id: &is_id });
    let mut all: Vec<Sighting> = keys.into_iter().map(|found| key(found, options, &mut payloads)).collect();
    all.extend(channels.into_iter().map(|found| channel(found, options, &collector, &mut payloads)));
    all
}

impl Default for Tree<Facts> {
    fn default() -> Self {
        Self::new(super::names::Limits::default())
    }
}

fn literal_words(pattern: &str) -> Vec<String> {
    let Ok(pattern) = Pattern::parse(pattern) else { return Vec::new() };
    let literal = |token: &Token| if let Token::Literal(text) = token { Some(text.clone()) } else { None };
    let texts = pattern.tokens().iter().filter_map(literal);
    texts.flat_map(|text| text.split([':', '/', '|', '{', '}']).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn key(found: Found<Facts>, options: &Options, payloads: &mut Payloads<'_>) -> Sighting {
    let facts = &found.facts;
    let redis_type = facts.types.only();
    let mut sighting = begin(&found, Kind::Key, options);
    sighting.redis_type = redis_type;
    sighting.accesses = facts.uses.as_deref().map(accesses::of).unwrap_or_default();
    holds::of(facts, redis_type, &found.pattern, payloads, &mut sighting);
    let retention = retention::of(facts, redis_type, options.room);
    let expires = retention.as_ref().and_then(|node| node.get("ttl")).is_some_and(|ttl| !retention::is_none(ttl));
    sighting.fields.extend(retention.map(|node| ("retention", node)));
    let is_static = found.params.is_empty();
    let deleted = facts.uses.as_ref().is_some_and(|uses| uses.taken > 0);
    if is_static && (expires || deleted || (options.keyspace && facts.keys == 0)) {
        let why = if expires { "it expires" } else { "it was not there all the time" };
        sighting.fields.push(("required", Node::new(Value::Flag(false)).because(why)));
    }
    if !is_static {
        let number = amounts::room_for(found.names);
        let seen = format!("{}{}", if found.exact { "" } else { "about " }, counted(found.names, "name"));
        sighting.fields.push((
            "cardinality",
            Node::new(Value::Number(number.to_string())).because(format!("{seen}; the limit is a guess")),
        ));
    }
    evidence(facts, redis_type, &mut sighting);
    sighting
}

fn channel(found: Found<Facts>, options: &Options, collector: &Collector, payloads: &mut Payloads<'_>) -> Sighting {
    let facts = &found.facts;
    let mut sighting = begin(&found, Kind::Channel, options);
    sighting.accesses = facts.uses.as_deref().map(accesses::of).unwrap_or_default();
    sighting.accesses.extend(accesses::of_globs(&collector.globs, &found.pattern));
    if let Some(contents) = &facts.contents
        && let Some(node) = payloads.value(&contents.value, &found.pattern, "", &mut sighting.payloads)
    {
        sighting.fields.push(("message", node));
    }
    evidence(facts, None, &mut sighting);
    sighting
}

fn begin(found: &Found<Facts>, kind: Kind, options: &Options) -> Sighting {
    Sighting {
        kind,
        pattern: found.pattern.clone(),
        bus: options.bus.clone(),
        params: found.params.clone(),
        ..Sighting::default()
    }
}

/// Is it a string to the server, whose size is in bytes?
fn is_one_string(redis_type: &str) -> bool {
    crate::types::by_name(redis_type).is_some_and(|known| known.reply == "string")
}

/// What it rests on, for people.
fn evidence(facts: &Facts, redis_type: Option<&str>, sighting: &mut Sighting) {
    let lines = &mut sighting.evidence;
    if facts.keys > 0 {
        let of = match facts.largest {
            Some(most) if redis_type.is_some_and(is_one_string) => {
                format!(", the longest of {}", counted(most, "byte"))
            }
            Some(most) => format!(", the largest of {}", counted(most, "element")),
            None => String::new(),
        };
        lines.push(format!("{} seen{of}", counted(facts.keys, "key")));
    }
    if redis_type.is_none() && (facts.types.there.len() > 1 || facts.types.foreign > 0) {
        let mut types: Vec<String> =
            facts.types.there.iter().map(|(name, count)| format!("{} {name}", grouped(*count))).collect();
        if facts.types.foreign > 0 {
            types.push(format!("{} of a module's type", grouped(facts.types.foreign)));
        }
        lines.push(format!("keys of several types: {}", types.join(", ")));
    }
    if let Some(uses) = &facts.uses {
        let rate = uses.period_us.map(|(first, last)| last.saturating_sub(first)).filter(|time| *time >= 1_000_000);
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let rate = rate.map(|time| format!(" in {:.0} s", time as f64 / 1e6)).unwrap_or_default();
        lines.push(format!("{}{rate}", counted(uses.calls, "call")));
    }
}
