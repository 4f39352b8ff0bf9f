//! The payloads of a module: one name has one schema, so that a second one of the name gets another.

use std::collections::BTreeMap;

use super::super::{Node, Value};
use super::group::Group;

/// Bound on how deep a schema is looked through for references.
const DEPTH: usize = 64;

/// Renames payloads that clash, with what refers to them, and gives all.
pub(super) fn settle(groups: &mut [Group]) -> Vec<(String, Node)> {
    let mut settled: BTreeMap<String, Node> = BTreeMap::new();
    for group in groups.iter_mut() {
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for (name, schema) in &group.payloads {
            let candidates = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}{number}")));
            for candidate in candidates {
                let own = candidate != *name && group.payloads.iter().any(|(other, _)| *other == candidate);
                if !own && settled.get(&candidate).is_none_or(|known| known.value == schema.value) {
                    settled.entry(candidate.clone()).or_insert_with(|| schema.clone());
                    if candidate != *name {
                        renamed.insert(name.clone(), candidate);
                    }
                    break;
                }
            }
        }
        if renamed.is_empty() {
            continue;
        }
        for (field, node) in &mut group.fields {
            if matches!(*field, "value" | "fields" | "element" | "member" | "entry" | "message") {
                rename(node, &renamed, 0);
            }
        }
        for (name, _) in &group.payloads {
            let name = renamed.get(name).unwrap_or(name);
            if let Some(schema) = settled.get_mut(name) {
                refer(schema, &renamed, 0);
            }
        }
    }
    settled.into_iter().collect()
}

/// A value's name, and those of fields; a field's own name is not one of a payload.
pub(in super::super) fn rename(node: &mut Node, renamed: &BTreeMap<String, String>, depth: usize) {
    match &mut node.value {
        Value::Text(text) => {
            if let Some(name) = renamed.get(text) {
                text.clone_from(name);
            }
        }
        Value::Map(entries) if depth == 0 => entries.iter_mut().for_each(|(_, node)| rename(node, renamed, 1)),
        Value::Map(entries) => {
            entries
                .iter_mut()
                .filter(|(name, _)| name == "type")
                .for_each(|(_, node)| rename(node, renamed, depth + 1));
        }
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::List(_) => {}
    }
}

/// References of a schema: `$ref: NAME` and `$ref: "#/payloads/NAME"`.
pub(in super::super) fn refer(node: &mut Node, renamed: &BTreeMap<String, String>, depth: usize) {
    match &mut node.value {
        Value::Map(entries) if depth < DEPTH => {
            for (name, node) in entries {
                match &mut node.value {
                    Value::Text(text) if name == "$ref" => {
                        let bare = text.strip_prefix("#/payloads/").unwrap_or(text);
                        if let Some(new) = renamed.get(bare) {
                            text.clone_from(new);
                        }
                    }
                    _ => refer(node, renamed, depth + 1),
                }
            }
        }
        Value::List(items) if depth < DEPTH => items.iter_mut().for_each(|node| refer(node, renamed, depth + 1)),
        _ => {}
    }
}
