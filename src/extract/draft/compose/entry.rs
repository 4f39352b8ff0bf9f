//! The fields of one entry: what sightings give, and what follows from who does what.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::{Access, Certainty, Kind, Mode};
use super::super::{Node, Value};
use super::group::Group;
use super::parties::{Parties, owns, party};
use super::retention;
use crate::registry::format;
use crate::server::commands;
use crate::types::{self, RedisType};

/// Places that are told of one command; more are counted.
const PLACES: usize = 3;

pub(super) fn entry(
    group: &Group,
    module: &str,
    module_bus: &str,
    buses: &BTreeMap<String, String>,
    parties: &Parties,
) -> Node {
    let is_key = group.kind == Kind::Key;
    let redis_type = redis_type(group);
    let mut fields: Vec<(String, Node)> = Vec::new();
    for (name, node) in &group.fields {
        // What describes the parts of another type than the key has cannot be declared of it.
        let fits = redis_type.as_ref().is_none_or(|(of, _)| !is_part(name) || of.parts.contains(name));
        if fits {
            fields.push(((*name).to_owned(), node.clone()));
        }
    }
    let mut add = |name: &str, node: Node| {
        if !fields.iter().any(|(known, _)| known == name) {
            fields.push((name.to_owned(), node));
        }
    };
    add(if is_key { "key" } else { "channel" }, Node::text(group.pattern.as_str()));
    if group.bus != module_bus {
        add("bus", Node::text(&group.bus));
    }
    let mine = |access: &&Access| access.module.is_empty() || party(&access.module) == module;
    let (own, others): (Vec<&Access>, Vec<&Access>) = group.accesses.iter().partition(mine);
    let writes: Vec<&Access> = own.iter().copied().filter(|access| is_operation(access, group)).collect();
    if let (true, Some((redis_type, evidence))) = (is_key, &redis_type) {
        add("type", evidence.iter().fold(Node::text(redis_type.name), |node, line| node.because(line)));
    }
    let only_publishes = !is_key && writes.iter().all(|access| access.command == "PUBLISH");
    if !writes.is_empty() {
        // PUBLISH is what a channel's module does unless said otherwise: only its evidence is worth a line.
        let node = listed(&writes);
        if !only_publishes || !node.evidence.is_empty() {
            add("operations", node);
        }
    }
    if is_key && let Some(node) = retention::retention(group, &writes, redis_type.as_ref().map(|(known, _)| *known)) {
        add("retention", node);
    }
    let consumers = consumers(group, module, buses, parties);
    if !consumers.is_empty() {
        add("consumers", Node::new(Value::List(consumers)));
    }
    let order = |name: &str| order(is_key).position(|known| known == name);
    fields.sort_by_key(|(name, _)| order(name).unwrap_or(usize::MAX));
    let mut node = Node::map(fields);
    node.evidence.clone_from(&group.evidence);
    node.evidence.extend(other_writers(&others, group));
    node.evidence.extend(unnamed_readers(group));
    node
}

/// Readers that nobody can name: a row of consumers needs a name, so that they are told in words.
fn unnamed_readers(group: &Group) -> Option<String> {
    let reads: Vec<&Access> =
        group.accesses.iter().filter(|access| access.module.is_empty() && access.is_reading()).collect();
    let commands: BTreeSet<&str> = reads.iter().map(|access| access.command.as_str()).collect();
    let each = commands.into_iter().map(|command| told(command, &reads).unwrap_or_else(|| command.to_owned()));
    (!reads.is_empty()).then(|| format!("read by clients without a name ({})", each.collect::<Vec<_>>().join("; ")))
}

/// Does a field describe a part of some type?
fn is_part(field: &str) -> bool {
    types::TYPES.iter().any(|of| of.parts.contains(&field))
}

/// The names of an entry's fields in the order of the format.
fn order(is_key: bool) -> impl Iterator<Item = &'static str> {
    let section = if is_key { "keys" } else { "channels" };
    let fields =
        format::MODULE.fields.iter().filter(move |field| field.name == section).flat_map(|field| match field.kind {
            format::Kind::Map(format::Kind::Object(object)) => object.fields,
            _ => &[],
        });
    fields.map(|field| field.name)
}

/// Is it something that its party does as the owner?
fn is_operation(access: &Access, group: &Group) -> bool {
    owns(access, group.kind) || access.mode == Mode::Publish
}

/// Commands, sorted, with who issues them where.
fn listed(accesses: &[&Access]) -> Node {
    let commands: BTreeSet<&str> = accesses.iter().map(|access| access.command.as_str()).collect();
    let mut node = Node::texts(commands.iter().copied());
    node.evidence = commands.into_iter().filter_map(|command| told(command, accesses)).collect();
    node
}

/// `SET: worker.py:12, worker.py:40 and 3 more places, likely`; nothing where nothing is known but the command.
fn told(command: &str, accesses: &[&Access]) -> Option<String> {
    let of: Vec<&&Access> = accesses.iter().filter(|access| access.command == command).collect();
    let places: BTreeSet<String> = of
        .iter()
        .filter_map(|access| access.place.as_ref())
        .map(|place| format!("{}:{}", place.file.display(), place.line))
        .collect();
    let mut parts: Vec<String> = places.iter().take(PLACES).cloned().collect();
    let more = places.len().saturating_sub(PLACES);
    if let (1.., Some(last)) = (more, parts.last_mut()) {
        last.push_str(&format!(" and {more} more"));
    }
    let calls: u64 = of.iter().filter_map(|access| access.calls).fold(0, u64::saturating_add);
    if calls > 0 {
        parts.push(if calls == 1 { "1 call".to_owned() } else { format!("{calls} calls") });
    }
    let certainty = of.iter().map(|access| access.certainty).min();
    match certainty {
        Some(Certainty::Likely) => parts.push("likely".to_owned()),
        Some(Certainty::Possible) => parts.push("a guess".to_owned()),
        Some(Certainty::Certain) | None => {}
    }
    (!parts.is_empty()).then(|| format!("{command}: {}", parts.join(", ")))
}

/// Other parties that write: an entry has one owner, so that they are told in words.
fn other_writers(others: &[&Access], group: &Group) -> Vec<String> {
    let mut by_party: BTreeMap<String, Vec<&Access>> = BTreeMap::new();
    for access in others.iter().filter(|access| is_operation(access, group) && !access.is_taking()) {
        by_party.entry(party(&access.module)).or_default().push(access);
    }
    let line = |(name, accesses): (String, Vec<&Access>)| {
        let commands: BTreeSet<&str> = accesses.iter().map(|access| access.command.as_str()).collect();
        let each = commands.into_iter().map(|command| told(command, &accesses).unwrap_or_else(|| command.to_owned()));
        let verb = if group.kind == Kind::Key { "written" } else { "published" };
        format!("also {verb} by {name} ({})", each.collect::<Vec<_>>().join("; "))
    };
    by_party.into_iter().map(line).collect()
}

/// Who reads it, with which commands: those that have a name.
fn consumers(group: &Group, module: &str, buses: &BTreeMap<String, String>, parties: &Parties) -> Vec<Node> {
    let mut readers: BTreeMap<String, Vec<&Access>> = BTreeMap::new();
    for access in group.accesses.iter().filter(|access| !access.module.is_empty()) {
        let name = party(&access.module);
        let reads = matches!(access.mode, Mode::Read | Mode::Subscribe) || (name != module && access.is_taking());
        if reads {
            readers.entry(name).or_default().push(access);
        }
    }
    let known = |(name, _): &(String, Vec<&Access>)| parties.knows(name);
    let row = |(name, accesses): (String, Vec<&Access>)| {
        let reads = listed(&accesses);
        let mut fields = vec![("name", Node::text(&name))];
        let elsewhere = buses.get(&name).is_some_and(|bus| *bus != group.bus);
        // SUBSCRIBE is how a channel is read unless said otherwise.
        let says_nothing = group.kind == Kind::Channel && accesses.iter().all(|access| access.command == "SUBSCRIBE");
        if !says_nothing {
            fields.push(("reads", Node::new(reads.value)));
        }
        if elsewhere {
            fields.push(("bus", Node::text(&group.bus)));
        }
        Node { evidence: reads.evidence, ..Node::map(fields) }
    };
    readers.into_iter().filter(known).map(row).collect()
}

/// The type that sightings give or commands imply, with what speaks against it.
fn redis_type(group: &Group) -> Option<(&'static RedisType, Vec<String>)> {
    let best = group.types.iter().max_by(|(a_name, a), (b_name, b)| a.cmp(b).then_with(|| b_name.cmp(a_name)));
    if let Some((name, _)) = best {
        let others = group.types.keys().filter(|other| *other != name);
        let evidence = others.map(|other| format!("seen as {other} too")).collect();
        return types::by_name(name).map(|redis_type| (redis_type, evidence));
    }
    let mut implied: BTreeMap<&'static str, BTreeSet<&str>> = BTreeMap::new();
    for access in &group.accesses {
        let Some(command) = commands::get(&access.command) else { continue };
        let types = command.works_on();
        if types == commands::questions::ANY {
            continue;
        }
        let special = special(&command.group);
        let found = special
            .into_iter()
            .chain(types::TYPES.iter().copied().filter(|of| types == [of.reply] && of.name == of_reply(of.reply)));
        if let Some(redis_type) = found.into_iter().next() {
            implied.entry(redis_type.name).or_default().insert(&access.command);
        }
    }
    // GET works on a bitmap, ZRANGE on a geo set: the special type explains both.
    for (special, plain) in [("bitmap", "string"), ("hyperloglog", "string"), ("geo", "zset")] {
        if implied.contains_key(special) {
            implied.remove(plain);
        }
    }
    let mut all = implied.into_iter();
    let (name, _) = all.next()?;
    let others: Vec<String> = all
        .map(|(other, by)| format!("used as {other} too: {}", by.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    types::by_name(name).map(|redis_type| (redis_type, others))
}

fn special(group: &commands::Group) -> Option<&'static RedisType> {
    types::by_name(match group {
        commands::Group::Bitmap => "bitmap",
        commands::Group::HyperLogLog => "hyperloglog",
        commands::Group::Geo => "geo",
        _ => return None,
    })
}

/// The plain type of those that share what the server's TYPE answers.
fn of_reply(reply: &'static str) -> &'static str {
    if reply == "ReJSON-RL" {
        types::TYPES.iter().find(|of| of.reply == reply).map_or(reply, |of| of.name)
    } else {
        reply
    }
}
