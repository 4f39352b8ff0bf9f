//! How a key is bounded, as far as its writes say.

use std::collections::BTreeMap;

use super::super::super::{Access, Mode};
use super::super::{Node, Value};
use super::group::Group;
use crate::registry::{duration, format_duration};
use crate::server::commands::{self, Expiry, Size};
use crate::types::RedisType;

/// The retention; nothing where nothing is known.
pub(super) fn retention(group: &Group, writes: &[&Access], redis_type: Option<&RedisType>) -> Option<Node> {
    // What others write counts where the owner says nothing.
    let all: Vec<&Access> = group.accesses.iter().collect();
    let of = if writes.iter().any(|access| access.ttl.is_some() || access.bound.is_some()) { writes } else { &all };
    let mut fields = Vec::new();
    if let Some(ttl) = ttl(of) {
        fields.push(("ttl", ttl));
    }
    if let Some(bound) = bound(of) {
        fields.push(("max_entries", bound));
    }
    if let Some(age) = max_age(&all) {
        fields.push(("max_age", age));
    }
    let lifecycle = lifecycle(&fields, writes, redis_type);
    if fields.is_empty() && lifecycle != Some("cumulative") {
        return None;
    }
    if let Some(lifecycle) = lifecycle {
        fields.push(("lifecycle", Node::text(lifecycle)));
    }
    Some(Node::map(fields))
}

/// Distinct values, the most used first, with the places of each.
fn values<'a>(
    accesses: &[&'a Access],
    value: impl Fn(&'a Access) -> Option<&'a str>,
) -> Vec<(&'a str, Vec<&'a Access>)> {
    let mut by_value: BTreeMap<&str, Vec<&Access>> = BTreeMap::new();
    for access in accesses {
        if let Some(value) = value(access) {
            by_value.entry(value).or_default().push(access);
        }
    }
    let mut values: Vec<_> = by_value.into_iter().collect();
    values.sort_by_key(|(_, of)| (of.iter().map(|access| access.certainty).min(), usize::MAX - of.len()));
    values
}

fn ttl(accesses: &[&Access]) -> Option<Node> {
    let mut values = values(accesses, |access| access.ttl.as_deref());
    let has_ttl = values.iter().any(|(ttl, _)| *ttl != "none");
    if has_ttl {
        // A write without a TTL and an EXPIRE after it are one write to people.
        values.retain(|(ttl, _)| *ttl != "none");
    }
    let fixed: Vec<std::time::Duration> = values.iter().filter_map(|(ttl, _)| duration(ttl).ok()).collect();
    let (first, first_accesses) = values.first()?;
    let several = |others: &[(&str, Vec<&Access>)]| {
        others.iter().map(|(ttl, of)| format!("{ttl}: {}", places(of))).collect::<Vec<String>>()
    };
    let (min, max) = (fixed.iter().min(), fixed.iter().max());
    let mut node = match (min, max) {
        (Some(min), Some(max)) if min != max && fixed.len() == values.len() => {
            Node::map([("min", Node::text(format_duration(*min))), ("max", Node::text(format_duration(*max)))])
        }
        _ if is_sliding(first, first_accesses, accesses) => Node::text(format!("sliding {first}")),
        _ => Node::text(*first),
    };
    if values.len() > 1 {
        node.evidence = several(&values);
    }
    Some(node)
}

/// Is the TTL given by EXPIRE beside writes that add to what is there, so that each write renews it? Counters are told apart:
/// as a rule their first call alone sets it.
fn is_sliding(ttl: &str, of: &[&Access], all: &[&Access]) -> bool {
    let by_expire = of.iter().all(|access| access.mode == Mode::Expire);
    let mut writes = all.iter().filter(|access| access.mode == Mode::Write).peekable();
    let adds = |access: &&&Access| {
        let Some(command) = commands::get(&access.command) else { return false };
        let mut effects = command.effects().peekable();
        let counts = command.name.contains("INCR") || command.name.contains("DECR");
        effects.peek().is_some() && !counts && effects.all(|effect| effect.expiry == Expiry::Keeps)
    };
    ttl != "none" && by_expire && writes.peek().is_some() && writes.all(|access| adds(&access))
}

fn bound(accesses: &[&Access]) -> Option<Node> {
    let values = values(accesses, |access| access.bound.as_deref());
    let number = |bound: &str| bound.trim_start_matches('~').trim().parse::<u64>().ok();
    let all_fixed = values.iter().all(|(bound, _)| number(bound).is_some());
    let best = if all_fixed { values.iter().max_by_key(|(bound, _)| number(bound)) } else { values.first() };
    let (bound, _) = best?;
    let value = if bound.bytes().all(|byte| byte.is_ascii_digit()) {
        Value::Number((*bound).to_owned())
    } else {
        Value::Text((*bound).to_owned())
    };
    let mut node = Node::new(value);
    if values.len() > 1 {
        node.evidence = values.iter().map(|(bound, of)| format!("{bound}: {}", places(of))).collect();
    }
    Some(node)
}

/// The longest age: what is older is removed in any case.
fn max_age(accesses: &[&Access]) -> Option<Node> {
    let values = values(accesses, |access| access.max_age.as_deref());
    let (age, of) = values.iter().max_by_key(|(age, _)| duration(age).ok())?;
    let node = Node::text(*age);
    if values.len() == 1 {
        return Some(node.because(format!("{} removes what is older", places(of))));
    }
    let several = values.iter().map(|(age, of)| format!("{age}: {}", places(of)));
    Some(Node { evidence: several.collect(), ..node })
}

fn places(accesses: &[&Access]) -> String {
    let place = |access: &&Access| match &access.place {
        Some(place) => format!("{} at {}:{}", access.command, place.file.display(), place.line),
        None => access.command.clone(),
    };
    let mut places: Vec<String> = accesses.iter().map(place).collect();
    places.dedup();
    places.truncate(3);
    places.join(", ")
}

/// What becomes of old data, where the writes leave no doubt.
fn lifecycle(fields: &[(&str, Node)], writes: &[&Access], redis_type: Option<&RedisType>) -> Option<&'static str> {
    let ttl = fields.iter().find(|(name, _)| *name == "ttl").map(|(_, node)| &node.value);
    if fields.iter().any(|(name, _)| matches!(*name, "max_entries" | "max_age")) {
        return Some("pruned");
    }
    match ttl {
        Some(Value::Text(text)) if text == "none" => {}
        Some(_) => return Some("expiring"),
        None => {}
    }
    let mut sizes = Vec::new();
    for access in writes.iter().filter(|access| access.mode == Mode::Write) {
        let command = commands::get(&access.command)?;
        if command.name.contains("INCR") || command.name.contains("DECR") {
            sizes.push(None);
        }
        sizes.extend(command.effects().map(|effect| Some(effect.size)));
    }
    let counts = sizes.contains(&None);
    if !sizes.is_empty() && sizes.iter().flatten().all(|size| *size == Size::Replaces) {
        return ttl.is_some().then_some(if counts { "cumulative" } else { "overwritten" });
    }
    (counts && ttl.is_some() && redis_type.is_none_or(|of| !of.grows || of.name == "hash")).then_some("cumulative")
}
