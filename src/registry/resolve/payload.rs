//! Payloads: JSON Schemas written in YAML, and their references to one another.

use serde_json::Value as Json;

use super::address;
use crate::registry::model::{ModuleId, Payload, PayloadId};
use crate::source::Node;

/// Adds the payloads of a tree.
pub(super) fn read(module: Option<ModuleId>, at: usize, tree: &Node, payloads: &mut Vec<Payload>) {
    let entries = tree.get("payloads").map_or(&[][..], Node::entries);
    for entry in entries {
        payloads.push(Payload {
            name: entry.name.clone(),
            module,
            schema: entry.value.to_json(),
            references: Vec::new(),
            address: address(at, &["payloads", &entry.name]),
        });
    }
}

/// The payload of a name as seen from a module: its own first, then those of registry.yaml.
pub(super) fn find(payloads: &[Payload], module: Option<ModuleId>, name: &str) -> Option<PayloadId> {
    let own = |payload: &Payload| payload.name == name && payload.module == module;
    let shared = |payload: &Payload| payload.name == name && payload.module.is_none();
    payloads.iter().position(own).or_else(|| payloads.iter().position(shared)).map(PayloadId)
}

/// Resolves `$ref: NAME` and `$ref: "#/payloads/NAME"` to `#/$defs/NAME`, and notes the payloads meant, through others too.
pub(super) fn link(payloads: &mut [Payload]) {
    let mut direct = Vec::new();
    for at in 0..payloads.len() {
        let mut schema = std::mem::take(&mut payloads[at].schema);
        let mut names = Vec::new();
        rewrite(&mut schema, &mut names);
        payloads[at].schema = schema;
        let module = payloads[at].module;
        let found: Vec<(String, PayloadId)> =
            names.into_iter().filter_map(|name| find(payloads, module, &name).map(|id| (name, id))).collect();
        direct.push(found);
    }
    for (at, payload) in payloads.iter_mut().enumerate() {
        let mut all: Vec<(String, PayloadId)> = Vec::new();
        let mut open = direct[at].clone();
        while let Some((name, id)) = open.pop() {
            if !all.iter().any(|(known, _)| *known == name) {
                open.extend(direct[id.0].iter().cloned());
                all.push((name, id));
            }
        }
        all.sort();
        payload.references = all;
    }
}

fn rewrite(schema: &mut Json, names: &mut Vec<String>) {
    match schema {
        Json::Object(map) => {
            if let Some(Json::String(reference)) = map.get_mut("$ref") {
                let name = reference.strip_prefix("#/payloads/").unwrap_or(reference);
                let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if is_name {
                    names.push(name.to_owned());
                    *reference = format!("#/$defs/{name}");
                }
            }
            map.values_mut().for_each(|value| rewrite(value, names));
        }
        Json::Array(items) => items.iter_mut().for_each(|value| rewrite(value, names)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
