//! JSON Schemas as files: one complete schema a payload, and the schema of the registry format for editors.
//!
//! Registry in, artefacts out. What a schema means is left to validators; definitions are bundled by `registry`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::{Artefact, BANNER, Language, Target, file_name};
use crate::registry::{ModuleId, Payload, PayloadId, Registry, format};
use crate::settings::GenerateSettings;

/// The dialect of all schemas that do not name another.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Folder, and part of ids, of the payloads of `registry.yaml`.
const SHARED: &str = "shared";

/// `json_schema`.
pub static TARGET: Target = Target {
    name: "json_schema",
    about: "One JSON Schema a payload, complete in itself, and the schema of the registry format for editors.",
    generate,
};

fn generate(registry: &Registry, modules: &[ModuleId], settings: &GenerateSettings) -> Result<Vec<Artefact>> {
    let folder = PathBuf::from(&settings.json_schema);
    let mut artefacts = vec![artefact(folder.join("registry.schema.json"), &registry_schema())?];
    for (at, payload) in registry.payloads.iter().enumerate() {
        // Shared payloads are everybody's: they are made whichever modules are asked for.
        if payload.module.is_some_and(|module| !modules.contains(&module)) {
            continue;
        }
        let module = file_name(owner(registry, payload));
        let path = folder.join(module).join(format!("{}.schema.json", file_name(&payload.name)));
        if artefacts.iter().any(|artefact| artefact.path == path) {
            bail!("two payloads would be written to {}; rename the payload or the module of one", path.display());
        }
        artefacts.push(artefact(path, &schema(registry, PayloadId(at)))?);
    }
    Ok(artefacts)
}

fn artefact(path: PathBuf, schema: &Value) -> Result<Artefact> {
    let text = serde_json::to_string_pretty(schema).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Artefact { path, text: text + "\n", language: Language::Json })
}

fn owner<'a>(registry: &'a Registry, payload: &Payload) -> &'a str {
    payload.module.map_or(SHARED, |module| &registry.module(module).name)
}

/// The format's schema as a generated file.
fn registry_schema() -> Value {
    with_head(format::json_schema(), &[("$comment", json!(BANNER))])
}

/// A payload's schema, complete in itself, with its id and where it comes from.
#[must_use]
pub fn schema(registry: &Registry, id: PayloadId) -> Value {
    let payload = registry.payload(id);
    let bundled = match registry.bundled_schema(id) {
        // `true` and `false` are schemas as well, but have no place for a banner.
        Value::Bool(true) => json!({}),
        Value::Bool(false) => json!({ "not": {} }),
        bundled => bundled,
    };
    let own = |keyword: &str| bundled.get(keyword).cloned();
    let comment = match bundled.get("$comment").and_then(Value::as_str) {
        Some(comment) => format!("{BANNER} {comment}"),
        None => BANNER.to_owned(),
    };
    let name = [&registry.name, owner(registry, payload), &payload.name].map(urn_part).join(":");
    let head = [
        ("$schema", own("$schema").unwrap_or_else(|| json!(DIALECT))),
        ("$id", json!(format!("urn:keywire:{name}"))),
        ("$comment", json!(comment)),
        ("title", own("title").unwrap_or_else(|| json!(payload.name))),
    ];
    let description = own("description").map(|description| ("description", description));
    let head: Vec<(&str, Value)> = head.into_iter().chain(description).collect();
    with_head(bundled, &head)
}

/// The same schema with these keywords, after `$schema` and `$id`, before all others.
fn with_head(schema: Value, head: &[(&str, Value)]) -> Value {
    let Value::Object(body) = schema else { return schema };
    let first = ["$schema", "$id"].into_iter().filter_map(|name| body.get_key_value(name));
    let mut whole: Map<String, Value> = first.map(|(name, value)| (name.clone(), value.clone())).collect();
    whole.extend(head.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    for (name, value) in body {
        whole.entry(name).or_insert(value);
    }
    Value::Object(whole)
}

/// Percent-encoded where RFC 8141 wants it.
fn urn_part(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::example_registry;

    #[test]
    fn heads_come_first_and_keep_what_the_payload_says() {
        let text =
            "module: app\nbus: main\npayloads:\n  Any: true\n  A/b: { type: object, $comment: Ours., title: T }\n";
        let registry = example_registry(text).unwrap();
        let artefacts = generate(&registry, &[ModuleId(0)], &GenerateSettings::default()).unwrap();
        let paths: Vec<String> = artefacts.iter().map(|a| a.path.display().to_string()).collect();
        assert_eq!(
            paths[1..],
            ["generated/json_schema/app/Any.schema.json", "generated/json_schema/app/A_b.schema.json"]
        );
        let schema: Value = serde_json::from_str(&artefacts[2].text).unwrap();
        let names: Vec<&String> = schema.as_object().unwrap().keys().collect();
        assert_eq!(names, ["$schema", "$id", "$comment", "title", "type"]);
        assert_eq!(schema["$id"], "urn:keywire:example:app:A%2Fb");
        assert_eq!(schema["$comment"], format!("{BANNER} Ours."));
        assert_eq!(schema["title"], "T");
    }

    #[test]
    fn two_payloads_never_share_a_file() {
        let registry = example_registry("module: app\nbus: main\npayloads: { a b: {}, a/b: {} }\n").unwrap();
        let error = generate(&registry, &[ModuleId(0)], &GenerateSettings::default()).unwrap_err();
        assert!(error.to_string().contains("a_b.schema.json"));
    }
}
