//! Payloads that are no JSON Schema, or refer to nothing.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use serde_json::Value as Json;

use crate::lint::entries::did_you_mean;
use crate::registry::{Payload, PayloadId, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "invalid-schema",
        level: Level::Error,
        summary: "a payload is not a valid JSON Schema",
        docs: "\
Payloads are JSON Schemas of the 2020-12 draft. One that breaks the draft's rules, or refers to a schema that is not
there, checks nothing or refuses everything, and no types can be generated from it.

Correct it at the place shown. Refer to another payload with `$ref: NAME`, to a part of the same one with `$ref:
\"#/$defs/NAME\"`; schemas elsewhere (http) are never fetched.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    required: [phase]
    properties:
      phase: { type: strnig }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: State
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    required: [phase]
    properties:
      phase: { type: string }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: State
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for (at, payload) in registry.payloads.iter().enumerate() {
        let mut found = Vec::new();
        dangling(registry, payload, &payload.schema, &mut Vec::new(), &mut found);
        if found.is_empty() {
            found.extend(broken(registry, payload));
        }
        // A payload that it refers to may be the broken one; that one is reported by itself.
        if found.is_empty()
            && payload.references.iter().all(|(_, id)| broken(registry, registry.payload(*id)).is_none())
        {
            found.extend(uncompiled(registry, PayloadId(at)));
        }
        findings.extend(found);
    }
}

/// Against the draft's own schema: the first fault.
fn broken(registry: &Registry, payload: &Payload) -> Option<Finding> {
    let error = jsonschema::draft202012::meta::validate(&payload.schema).err()?;
    let pointer = error.instance_path().as_str().to_owned();
    let path: Vec<String> = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let message = format!("the payload `{}` is not a valid JSON Schema: {error}", payload.name);
    Some(place(registry, payload, message).subject(&pointer).at(registry.span(&payload.address, &path)))
}

/// As a whole, with all that it refers to: faults that the draft's schema does not see, such as regular expressions.
fn uncompiled(registry: &Registry, id: PayloadId) -> Option<Finding> {
    let schema = registry.bundled_schema(id);
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
    let error = options.build(&schema).err()?;
    let payload = registry.payload(id);
    let message = format!("the payload `{}` cannot be used as a JSON Schema: {error}", payload.name);
    Some(place(registry, payload, message))
}

/// References to payloads that do not exist.
fn dangling(registry: &Registry, payload: &Payload, schema: &Json, path: &mut Vec<String>, found: &mut Vec<Finding>) {
    let parts: Vec<(String, &Json)> = match schema {
        Json::Object(map) => map.iter().map(|(name, part)| (name.clone(), part)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(at, part)| (at.to_string(), part)).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    };
    if let Some(name) = schema.get("$ref").and_then(Json::as_str).and_then(|text| text.strip_prefix("#/$defs/")) {
        let own = payload.schema.get("$defs").and_then(|definitions| definitions.get(name)).is_some();
        if !own && !name.contains('/') && !payload.references.iter().any(|(known, _)| known == name) {
            let seen = |other: &&Payload| other.module.is_none() || other.module == payload.module;
            let known = registry.payloads.iter().filter(seen).map(|payload| payload.name.as_str());
            let hint = did_you_mean(name, known, "declare it under `payloads`");
            let at: Vec<&str> = path.iter().map(String::as_str).chain(["$ref"]).collect();
            let message = format!("the payload `{}` refers to `{name}`, which is not there", payload.name);
            let finding = place(registry, payload, message).subject(name).hint(hint);
            found.push(finding.at(registry.span(&payload.address, &at)));
        }
    }
    for (name, part) in parts {
        path.push(name);
        dangling(registry, payload, part, path, found);
        path.pop();
    }
}

fn place(registry: &Registry, payload: &Payload, message: String) -> Finding {
    let mut finding = RULE.rule.finding(message).at(registry.name_span(&payload.address));
    finding.module = payload.module.map(|module| registry.module(module).name.clone());
    finding.entry = Some(payload.name.clone());
    finding
}
