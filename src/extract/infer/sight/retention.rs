//! How keys are bounded, as far as their times to live and the calls that trim them tell.

use std::time::Duration;

use super::super::facts::{Expiry, Facts, Trims, Uses};
use super::super::shape::{counted, grouped};
use super::super::traffic::{Renewal, renewal};
use super::amounts::{MayBeGiven, may_be_given, round_above, round_below, time};
use crate::extract::draft::{Node, Value};
use crate::registry::format_duration;

/// Entries that approximate trimming leaves more: one node of a stream.
const SLACK: u64 = 100;

/// The retention; `None` where nothing is known of it.
///
/// With `room`, what is left of times to live is widened to what may have been given.
pub(super) fn of(facts: &Facts, redis_type: Option<&str>, room: bool) -> Option<Node> {
    let mut members = Vec::new();
    let mut evidence = Vec::new();
    let nothing = Expiry::default();
    let expiry = facts.expiry.as_deref().unwrap_or(&nothing);
    let ttl = ttl(expiry, facts.uses.as_deref(), room, &mut evidence);
    let expires = ttl.as_ref().is_some_and(|ttl| !is_none(ttl));
    members.extend(ttl.map(|node| ("ttl", node)));
    let mut trims = false;
    if let Some(uses) = &facts.uses {
        let entries = max_entries(&uses.trims, facts.largest, &mut evidence);
        let age = max_age(&uses.trims, &mut evidence);
        trims = entries.is_some() || age.is_some() || uses.trims.other > 0;
        members.extend(entries.map(|node| ("max_entries", node)));
        members.extend(age.map(|node| ("max_age", node)));
    }
    let lifecycle = match facts.uses.as_deref() {
        _ if trims => Some("pruned"),
        _ if expires => Some("expiring"),
        Some(uses) => lifecycle(uses, facts, redis_type),
        None => None,
    };
    members.extend(lifecycle.map(|word| ("lifecycle", Node::text(word))));
    if members.is_empty() {
        return None;
    }
    let mut node = Node::map(members);
    node.evidence = evidence;
    Some(node)
}

/// Is it the TTL of what never expires?
pub(super) fn is_none(node: &Node) -> bool {
    node.value == Value::Text("none".to_owned())
}

fn ttl(expiry: &Expiry, uses: Option<&Uses>, room: bool, evidence: &mut Vec<String>) -> Option<Node> {
    let without = expiry.without + expiry.never_given;
    let with = expiry.with + expiry.given.count;
    if with > 0 && without > 0 {
        evidence.push(mixed(expiry));
        return None;
    }
    if expiry.given.count > 0 {
        return Some(given(expiry));
    }
    if let Some((least, most)) = expiry.left_ms {
        return Some(left(expiry.with, (least, most), room));
    }
    if expiry.without > 0 {
        return Some(Node::text("none").because(format!("{} without a TTL", counted(expiry.without, "key"))));
    }
    let written = uses.is_some_and(Uses::is_written);
    written.then(|| Node::text("none").because("no call gave it a TTL"))
}

fn mixed(expiry: &Expiry) -> String {
    let seen = match (expiry.without, expiry.with) {
        (0, _) | (_, 0) => String::new(),
        (without, with) => format!(": {} without, {} with", grouped(without), grouped(with)),
    };
    format!("some keys have a TTL and some have none{seen}; decide which is right")
}

/// By what calls gave.
fn given(expiry: &Expiry) -> Node {
    let (least, most) = expiry.given.ends.unwrap_or_default();
    let few = expiry.given.few();
    // Of many different times the ends are those of the moment, as where keys live until a time of day.
    let (least, most) =
        if few.is_empty() { (millis(round_below(least)), millis(round_above(most).0)) } else { (least, most) };
    // What is left may be of a longer time that was given before anyone looked.
    let longest = expiry.left_ms.map_or(0, |(_, left)| left);
    let calls = counted(expiry.given.count, "call");
    let top = if longest > most { millis(round_above(longest).0) } else { most };
    if least != top {
        let range = Node::map([("min", Node::text(time(least))), ("max", Node::text(time(top)))]);
        let times = if few.is_empty() {
            "many times".to_owned()
        } else {
            few.into_iter().map(time).collect::<Vec<_>>().join(", ")
        };
        return range.because(format!("{calls} gave {times}"));
    }
    match renewal(expiry) {
        Renewal::Never => Node::text(time(most)).because(format!("{calls} gave it")),
        Renewal::Writes => {
            Node::text(format!("sliding {}", time(most))).because(format!("{calls} gave it, anew with each write"))
        }
        Renewal::Alone => {
            Node::text(format!("sliding {}", time(most))).because(format!("{calls} gave it, also without a write"))
        }
    }
}

fn millis(time: Duration) -> u64 {
    time.as_millis().try_into().unwrap_or(u64::MAX)
}

/// By what was left when keys were looked at: the least and the most.
fn left(keys: u64, (least, most): (u64, u64), room: bool) -> Node {
    let seen =
        format!("{}, with {} to {} left", counted(keys, "key"), time(least / 1000 * 1000), time(most / 1000 * 1000));
    if !room {
        return Node::text(format_duration(Duration::from_secs(most.div_ceil(1000).max(1)))).because(seen);
    }
    match may_be_given(keys, least, most) {
        MayBeGiven::This(time) => Node::text(format_duration(time)).because(seen),
        MayBeGiven::UpTo(time) => Node::map([("min", Node::text("1s")), ("max", Node::text(format_duration(time)))])
            .because(format!("{seen}; what writes give was not seen, and may be more")),
    }
}

fn max_entries(trims: &Trims, largest: Option<u64>, evidence: &mut Vec<String>) -> Option<Node> {
    let approximate = trims.about.count > 0;
    let most = [&trims.entries, &trims.about].iter().filter_map(|times| times.ends).map(|(_, most)| most).max()?;
    let calls = counted(trims.entries.count + trims.about.count, "call");
    let room = if approximate { most.saturating_add(SLACK) } else { most };
    if largest.is_some_and(|largest| largest > room) {
        evidence.push(format!("{calls} trimmed to {most} at most, and there are keys with more"));
        return None;
    }
    let different = trims.entries.few().len() + trims.about.few().len();
    let node = Node::text(format!("{}{most}", if approximate { "~" } else { "" }));
    let node = if approximate { node } else { Node::new(Value::Number(most.to_string())) };
    Some(node.because(match different {
        1 => format!("{calls} trimmed to it"),
        _ => format!("{calls} trimmed to this or less"),
    }))
}

fn max_age(trims: &Trims, evidence: &mut Vec<String>) -> Option<Node> {
    let (least, most) = trims.ages_ms?;
    // A call is sent a moment after its threshold was worked out.
    if most - least > least / 20 + 2000 {
        evidence.push(format!(
            "trimmed to ages between {} and {}",
            time(least / 1000 * 1000),
            time(most / 1000 * 1000)
        ));
        return None;
    }
    let seconds = (least / 1000).max(1);
    Some(Node::text(time(seconds * 1000)).because("calls removed what was older"))
}

/// What becomes of data that neither expires nor is trimmed.
fn lifecycle(uses: &Uses, facts: &Facts, redis_type: Option<&str>) -> Option<&'static str> {
    let counts = ["INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY", "HINCRBY", "HINCRBYFLOAT", "PFADD", "SETBIT"];
    if counts.iter().any(|command| uses.has(command)) {
        return Some("cumulative");
    }
    if uses.grown > 0 && uses.taken > 0 {
        return Some("pruned");
    }
    let fixed_fields = facts.contents.as_ref().is_some_and(|contents| contents.fields.rest.is_none());
    match redis_type? {
        "string" | "json" if uses.replaced > 0 => Some("overwritten"),
        "hash" if fixed_fields && uses.grown > 0 => Some("overwritten"),
        // What only grows is a question to its owner.
        _ => None,
    }
}
