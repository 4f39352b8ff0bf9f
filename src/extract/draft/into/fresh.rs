//! New entries, made to fit a registry: names that are free, params and payloads that do not clash, parties as they are spelt.

use std::collections::{BTreeMap, BTreeSet};

use super::super::compose::{free, plain, renamed_in};
use super::super::write::one_line;
use super::super::{Node, Value, scalar::Context};
use super::recognise::Entry;
use crate::extract::Kind;
use crate::registry::{ModuleId, Pattern, Registry};
use crate::source;

/// Depth to which schemas are looked through.
const DEPTH: usize = 64;
/// Fields of an entry that name what it holds.
const HOLDS: [&str; 7] = ["value", "fields", "element", "member", "score", "entry", "message"];

/// What is to be added to a module.
#[derive(Debug, Default)]
pub(super) struct Fitted {
    pub params: Vec<(String, Node)>,
    pub payloads: Vec<(String, Node)>,
    pub keys: Vec<(String, Node)>,
    pub channels: Vec<(String, Node)>,
}

type Fields = [(String, Node)];

/// Makes new entries of a drafted module fit the declared one.
pub(super) fn fit(
    fields: &Fields,
    new: Vec<(Kind, String, Node)>,
    (registry, id): (&Registry, ModuleId),
    (found, name): (&Registry, &str),
) -> Fitted {
    let mut out = Fitted::default();
    let keys = registry.keys_of(id).map(|key| plain(&key.name));
    let mut taken: BTreeSet<String> =
        keys.chain(registry.channels_of(id).map(|channel| plain(&channel.name))).collect();
    let own_bus = &registry.module(id).bus;
    let draft_bus = found.module_named(name).map(|id| found.module(id).bus.clone()).unwrap_or_default();
    for (kind, entry, node) in new {
        let Value::Map(of) = node.value else { continue };
        let mut of = with_parties(&of, registry);
        let bus =
            text(of.iter().find(|(name, _)| name == "bus").map(|(_, node)| node)).unwrap_or_else(|| draft_bus.clone());
        of.retain(|(name, _)| name != "bus");
        if bus != *own_bus {
            of.insert(1.min(of.len()), ("bus".to_owned(), Node::text(&bus)));
        }
        let field = if kind == Kind::Key { "key" } else { "channel" };
        let pattern = text(of.iter().find(|(name, _)| name == field).map(|(_, node)| node))
            .and_then(|text| Pattern::parse(&text).ok());
        let Some(pattern) = pattern else { continue };
        let pattern = fit_params(&mut of, (&pattern, field), fields, &mut out.params, (registry, id));
        let (payloads, renamed) = payloads(fields, &of, None, registry, id);
        rename_payloads(&mut of, &renamed);
        for (name, schema) in payloads {
            if !out.payloads.iter().any(|(known, _)| *known == name) {
                out.payloads.push((name, schema));
            }
        }
        let entry = if taken.insert(plain(&entry)) { entry } else { free(&pattern, &bus, &mut taken) };
        let node = Node { value: Value::Map(of), evidence: node.evidence };
        if kind == Kind::Key { out.keys.push((entry, node)) } else { out.channels.push((entry, node)) }
    }
    out
}

/// Declares the params of a new entry; one whose name means something else here gets another name.
fn fit_params(
    of: &mut [(String, Node)],
    (pattern, field): (&Pattern, &str),
    fields: &Fields,
    params: &mut Vec<(String, Node)>,
    (registry, id): (&Registry, ModuleId),
) -> Pattern {
    let mut renamed = BTreeMap::new();
    let mut names: Vec<String> = pattern.params().map(str::to_owned).collect();
    names.extend(params_of_fields(of));
    for name in &names {
        let Some(node) = section(fields, "params").iter().find(|(known, _)| known == name).map(|(_, node)| node) else {
            continue;
        };
        let declared = |name: &str| {
            let module = registry.module(id);
            let tree = &registry.trees[module.address.tree];
            [tree, &registry.trees[0]].into_iter().find_map(|tree| tree.get("params")?.get(name)).map(domain_written)
        };
        let pending = |name: &str, params: &[(String, Node)]| {
            params.iter().find(|(known, _)| known == name).map(|(_, node)| domain(node))
        };
        let candidates = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}_{number}")));
        for candidate in candidates {
            match declared(&candidate).or_else(|| pending(&candidate, params)) {
                Some(known) if known != domain(node) => continue,
                Some(_) => {}
                None => params.push((candidate.clone(), node.clone())),
            }
            if candidate != *name {
                renamed.insert(name.clone(), candidate);
            }
            break;
        }
    }
    if renamed.is_empty() {
        return pattern.clone();
    }
    let pattern = renamed_in(pattern.as_str(), &renamed).unwrap_or_else(|| pattern.clone());
    for (name, node) in of.iter_mut() {
        match &mut node.value {
            Value::Text(text) if name == field => pattern.as_str().clone_into(text),
            Value::Map(entries) if name == "fields" || name == "entry" => {
                for (name, _) in entries {
                    if let Some(new) = renamed_in(name, &renamed) {
                        new.as_str().clone_into(name);
                    }
                }
            }
            _ => {}
        }
    }
    pattern
}

const DOMAIN: [&str; 6] = ["type", "pattern", "values", "length", "min", "max"];

fn domain(node: &Node) -> Vec<Option<String>> {
    let of = |field: &&str| node.get(field).map(|node| one_line(node, Context::Flow, 0));
    let mut domain: Vec<Option<String>> = DOMAIN.iter().map(of).collect();
    domain[0].get_or_insert_with(|| "string".to_owned());
    domain
}

fn domain_written(node: &source::Node) -> Vec<Option<String>> {
    domain(&Node::from(&node.to_json()))
}

/// Params of a known entry that nobody has declared yet: those of its pattern under the names that are written, and those of
/// its fields' names.
pub(super) fn params(
    fields: &Fields,
    (drafted, entry): (&Pattern, &Fields),
    declared: &Entry<'_>,
    registry: &Registry,
) -> Vec<(String, Node)> {
    let known = &registry.module(declared.module).params;
    let of = |(own, seen): (String, String)| {
        let (_, node) = section(fields, "params").iter().find(|(name, _)| *name == seen)?;
        (!known.contains_key(&own)).then(|| (own, node.clone()))
    };
    let mut names: Vec<(String, String)> =
        declared.pattern.params().zip(drafted.params()).map(|(own, seen)| (own.to_owned(), seen.to_owned())).collect();
    names.extend(params_of_fields(entry).into_iter().map(|name| (name.clone(), name)));
    names.into_iter().filter_map(of).collect()
}

/// The params in the names of an entry's fields.
fn params_of_fields(entry: &[(String, Node)]) -> Vec<String> {
    let mut params = Vec::new();
    for (name, node) in entry {
        if let (true, Value::Map(parts)) = (matches!(name.as_str(), "fields" | "entry"), &node.value) {
            let patterns = parts.iter().filter_map(|(name, _)| Pattern::parse(name).ok());
            params.extend(patterns.flat_map(|pattern| pattern.params().map(str::to_owned).collect::<Vec<_>>()));
        }
    }
    params
}

/// The fields of a new module: what is new of it, and of params and payloads what that needs.
pub(super) fn module(fields: &Fields, new: &[(Kind, String, Node)], registry: &Registry) -> Vec<(String, Node)> {
    let entries = |of: Kind| -> Vec<(String, Node)> {
        let fitted = |(_, name, node): &(Kind, String, Node)| {
            let value = match &node.value {
                Value::Map(fields) => Value::Map(with_parties(fields, registry)),
                other => other.clone(),
            };
            (name.clone(), Node { value, evidence: node.evidence.clone() })
        };
        new.iter().filter(|(kind, ..)| *kind == of).map(fitted).collect()
    };
    let (keys, channels) = (entries(Kind::Key), entries(Kind::Channel));
    let mut used = BTreeSet::new();
    for (_, node) in keys.iter().chain(&channels) {
        let Value::Map(of) = &node.value else { continue };
        holds(of, fields, &mut used);
    }
    let field = |(name, node): &(String, Node)| {
        let entries = match (name.as_str(), &node.value) {
            ("keys", _) => keys.clone(),
            ("channels", _) => channels.clone(),
            ("payloads", Value::Map(entries)) => {
                entries.iter().filter(|(name, _)| used.contains(name)).cloned().collect()
            }
            _ => return Some((name.clone(), node.clone())),
        };
        (!entries.is_empty())
            .then(|| (name.clone(), Node { value: Value::Map(entries), evidence: node.evidence.clone() }))
    };
    fields.iter().filter_map(field).collect()
}

/// A bus as it may be added to: where nobody has said which names it owns, a draft does not, for others would be left out.
pub(super) fn bus(node: &Node, root: &source::Node, name: &str) -> Node {
    let written = root.get("buses").and_then(|buses| buses.get(name));
    match (&node.value, written) {
        (Value::Map(fields), Some(written)) if written.get("owns").is_none() => {
            Node::map(fields.iter().filter(|(name, _)| name != "owns").cloned())
        }
        _ => node.clone(),
    }
}

/// Rows under the names that parties have in the registry.
pub(super) fn with_parties(fields: &Fields, registry: &Registry) -> Vec<(String, Node)> {
    let modules = registry.modules.iter().map(|module| &module.name);
    let known: Vec<&String> = modules.chain(registry.services.iter().map(|service| &service.name)).collect();
    let spelt = |name: &String| known.iter().find(|known| plain(known) == plain(name)).map(|known| (*known).clone());
    let mut fields = fields.to_vec();
    for (_, node) in fields.iter_mut().filter(|(name, _)| name == "consumers") {
        let Value::List(rows) = &mut node.value else { continue };
        for row in rows {
            let Value::Map(row) = &mut row.value else { continue };
            for (_, node) in row.iter_mut().filter(|(name, _)| name == "name") {
                if let Value::Text(name) = &mut node.value
                    && let Some(own) = spelt(name)
                {
                    *name = own;
                }
            }
        }
    }
    fields
}

/// The payloads that an entry's new fields need, and new names for those whose names mean something else here.
pub(super) fn payloads(
    fields: &Fields,
    entry: &Fields,
    written: Option<&source::Node>,
    registry: &Registry,
    module: ModuleId,
) -> (Vec<(String, Node)>, BTreeMap<String, String>) {
    let added: Vec<(String, Node)> =
        entry.iter().filter(|(name, _)| written.is_none_or(|written| written.get(name).is_none())).cloned().collect();
    let mut used = BTreeSet::new();
    holds(&added, fields, &mut used);
    let (mut out, mut renamed) = (Vec::new(), BTreeMap::new());
    for (name, schema) in section(fields, "payloads").iter().filter(|(name, _)| used.contains(name)) {
        let candidates = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}{number}")));
        for candidate in candidates {
            match declared_schema(registry, module, &candidate) {
                Some(known) if known.value == schema.value => {}
                Some(_) => continue,
                None => out.push((candidate.clone(), schema.clone())),
            }
            if candidate != *name {
                renamed.insert(name.clone(), candidate);
            }
            break;
        }
    }
    for (_, schema) in &mut out {
        rename_references(schema, &renamed, 0);
    }
    (out, renamed)
}

fn declared_schema(registry: &Registry, module: ModuleId, name: &str) -> Option<Node> {
    let trees = [&registry.trees[registry.module(module).address.tree], &registry.trees[0]];
    trees.into_iter().find_map(|tree| tree.get("payloads")?.get(name)).map(|node| Node::from(&node.to_json()))
}

/// Names of payloads that fields hold, those that payloads refer to included.
fn holds(entry: &Fields, fields: &Fields, used: &mut BTreeSet<String>) {
    let known = section(fields, "payloads");
    let mut names = Vec::new();
    for (_, node) in entry.iter().filter(|(name, _)| HOLDS.contains(&name.as_str())) {
        texts(node, 0, &mut names);
    }
    while let Some(name) = names.pop() {
        if let Some((_, schema)) = known.iter().find(|(known, _)| *known == name)
            && used.insert(name)
        {
            texts(schema, 0, &mut names);
        }
    }
}

/// All texts of a tree: more than names of payloads, which are looked up.
fn texts(node: &Node, depth: usize, out: &mut Vec<String>) {
    match &node.value {
        Value::Text(text) => out.push(text.strip_prefix("#/payloads/").unwrap_or(text).to_owned()),
        Value::Map(entries) if depth < DEPTH => entries.iter().for_each(|(_, node)| texts(node, depth + 1, out)),
        Value::List(items) if depth < DEPTH => items.iter().for_each(|node| texts(node, depth + 1, out)),
        _ => {}
    }
}

/// Puts new names of payloads where an entry holds them.
pub(super) fn rename_payloads(entry: &mut [(String, Node)], renamed: &BTreeMap<String, String>) {
    for (_, node) in entry.iter_mut().filter(|(name, _)| HOLDS.contains(&name.as_str())) {
        super::super::compose::rename_value(node, renamed, 0);
    }
}

fn rename_references(schema: &mut Node, renamed: &BTreeMap<String, String>, depth: usize) {
    if !renamed.is_empty() {
        super::super::compose::rename_references(schema, renamed, depth);
    }
}

fn section<'f>(fields: &'f Fields, name: &str) -> &'f Fields {
    match fields.iter().find(|(known, _)| known == name).map(|(_, node)| &node.value) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}

fn text(node: Option<&Node>) -> Option<String> {
    match node.map(|node| &node.value) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Of a channel's entry what a key that publishes it can say: who subscribes.
pub(super) fn subscribers(entry: &Fields) -> Vec<(String, Node)> {
    let mut entry: Vec<(String, Node)> = entry.iter().filter(|(name, _)| name == "consumers").cloned().collect();
    for (_, node) in &mut entry {
        let Value::List(rows) = &mut node.value else { continue };
        for row in rows {
            let says = row.get("reads").is_some();
            if let (false, Value::Map(fields)) = (says, &mut row.value) {
                fields.push(("reads".to_owned(), Node::texts(["SUBSCRIBE"])));
            }
        }
    }
    entry
}

/// Takes the commands of channels out of a key's entry.
pub(super) fn without_channel(entry: &mut Vec<(String, Node)>) {
    let keep = |node: &Node| !matches!(&node.value, Value::Text(text) if text.ends_with("PUBLISH") || text.ends_with("SUBSCRIBE"));
    for (name, node) in entry.iter_mut() {
        let Value::List(items) = &mut node.value else { continue };
        match name.as_str() {
            "operations" => items.retain(keep),
            "consumers" => {
                for row in items.iter_mut() {
                    let Value::Map(fields) = &mut row.value else { continue };
                    for (_, node) in fields.iter_mut().filter(|(name, _)| name == "reads") {
                        if let Value::List(reads) = &mut node.value {
                            reads.retain(keep);
                        }
                    }
                }
                items.retain(|row| !matches!(row.get("reads").map(|reads| &reads.value), Some(Value::List(reads)) if reads.is_empty()));
            }
            _ => {}
        }
    }
    entry.retain(|(_, node)| !matches!(&node.value, Value::List(items) if items.is_empty()));
}
