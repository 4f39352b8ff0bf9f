//! `$ref`: what a reference means, whether it leads back to itself, and schemas with their references written out.

use anyhow::{Result, bail};
use serde_json::{Map, Value as Json, json};

use crate::registry::{PayloadId, Registry};

/// What a `$ref` means.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// A payload.
    Payload(PayloadId),
    /// A schema under the payload's own `$defs`, by its name.
    Local(&'a str, &'a Json),
}

/// What a `$ref` in a payload means; `None` for what only a JSON Schema processor can follow.
pub(super) fn target<'a>(registry: &'a Registry, payload: PayloadId, reference: &'a str) -> Option<Target<'a>> {
    if reference == "#" {
        return Some(Target::Payload(payload));
    }
    let name = reference.strip_prefix("#/$defs/")?;
    let holder = registry.payload(payload);
    if let Some((_, id)) = holder.references.iter().find(|(known, _)| known == name) {
        return Some(Target::Payload(*id));
    }
    holder.schema.get("$defs")?.get(name).map(|schema| Target::Local(name, schema))
}

/// The schema that a `$ref` alone stands for, followed to its end, with the payload whose references it uses.
pub(super) fn follow<'a>(registry: &'a Registry, payload: PayloadId, schema: &'a Json) -> (PayloadId, &'a Json) {
    let mut at = (payload, schema);
    // Longer chains than this go in circles.
    for _ in 0..16 {
        let Some(reference) = at.1.get("$ref").and_then(Json::as_str) else { break };
        match target(registry, at.0, reference) {
            Some(Target::Payload(id)) => at = (id, &registry.payload(id).schema),
            Some(Target::Local(_, schema)) => at.1 = schema,
            None => break,
        }
    }
    at
}

/// Does a payload's schema lead to another's (or its own)?
pub(super) fn reaches(registry: &Registry, from: PayloadId, to: PayloadId) -> bool {
    let direct = registry.payload(from);
    direct.references.iter().any(|(_, id)| *id == to) || from == to && direct.schema.to_string().contains("\"#\"")
}

/// Does a local definition lead to itself?
pub(super) fn reaches_itself(registry: &Registry, payload: PayloadId, name: &str) -> bool {
    let definitions = registry.payload(payload).schema.get("$defs");
    let mut open = vec![name.to_owned()];
    let mut seen = Vec::new();
    while let Some(next) = open.pop() {
        let Some(schema) = definitions.and_then(|definitions| definitions.get(&next)) else { continue };
        for found in local_references(schema) {
            if found == name {
                return true;
            }
            if !seen.contains(&found) {
                seen.push(found.clone());
                open.push(found);
            }
        }
    }
    false
}

fn local_references(schema: &Json) -> Vec<String> {
    match schema {
        Json::Object(map) => {
            let own = map.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix("#/$defs/"));
            own.map(str::to_owned).into_iter().chain(map.values().flat_map(local_references)).collect()
        }
        Json::Array(items) => items.iter().flat_map(local_references).collect(),
        _ => Vec::new(),
    }
}

/// A schema with all references written out, to stand where `$defs` are out of reach.
///
/// # Errors
/// When it refers to itself.
pub(super) fn written_out(registry: &Registry, payload: PayloadId, schema: &Json) -> Result<Json> {
    expand(registry, payload, schema, 0)
}

fn expand(registry: &Registry, payload: PayloadId, schema: &Json, depth: usize) -> Result<Json> {
    if depth > 64 {
        bail!(
            "a part of it refers to itself in a way that generated code cannot express; give that part a payload of its \
             own and refer to it by name alone"
        );
    }
    let inner = |schema: &Json| expand(registry, payload, schema, depth + 1);
    Ok(match schema {
        Json::Array(items) => Json::Array(items.iter().map(inner).collect::<Result<_>>()?),
        Json::Object(map) => {
            let mut fields = Map::new();
            let mut referred = None;
            for (name, value) in map {
                match value.as_str().filter(|_| name == "$ref").and_then(|text| target(registry, payload, text)) {
                    Some(Target::Payload(id)) => {
                        referred = Some(expand(registry, id, &registry.payload(id).schema, depth + 1)?);
                    }
                    Some(Target::Local(_, schema)) => referred = Some(inner(schema)?),
                    None if name == "$defs" => {}
                    None => drop(fields.insert(name.clone(), inner(value)?)),
                }
            }
            match referred {
                Some(referred) if fields.is_empty() => referred,
                Some(referred) => {
                    // `allOf` may stand beside the reference already.
                    let own = Json::Object(fields);
                    json!({ "allOf": [referred, own] })
                }
                None => Json::Object(fields),
            }
        }
        other => other.clone(),
    })
}
