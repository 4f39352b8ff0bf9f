//! Times as numbers, without their unit.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use serde_json::Value as Json;

use crate::lint::entries::{Entry, entries};
use crate::lint::moments;
use crate::registry::{Payload, Registry, Scalar, Shape, Value};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "timestamp-without-unit",
        level: Level::Warning,
        summary: "a time is a number, and nobody says in which unit",
        docs: "\
A number called `ts` is seconds to one reader and milliseconds to the next; the mistake is a factor of a thousand, and
shows as data from 1970 or from the year 50000.

Say the unit in the name (`ts_ms`, `created_at_s`) or in the description, or use a type that says it: `epoch_ms` or
`date-time`. The same holds for a zset's score that is a time.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  beat:
    key: app:beat
    purpose: Heartbeat of the app.
    type: hash
    fields: { last_seen: integer }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  beat:
    key: app:beat
    purpose: Heartbeat of the app.
    type: hash
    fields: { last_seen: epoch_ms }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for payload in &registry.payloads {
        let mut path = Vec::new();
        in_schema(registry, payload, &payload.schema, &mut path, findings);
    }
    for entry in entries(registry) {
        for field in entry.fields() {
            let name = field.name.as_str();
            let is_number = matches!(field.value, Value::Scalar(Scalar::Integer | Scalar::Number));
            if is_number && is_unclear(name, field.purpose.as_deref()) {
                let message = format!("the field `{name}` is a time, in which unit?");
                findings.push(entry.finding(registry, &RULE.rule, message).subject(name).at(field.span).hint(HINT));
            }
        }
        findings.extend(score(registry, entry));
    }
}

const HINT: &str = "write `epoch_ms`, `epoch_s` or `date-time` as its type, or the unit into its name or description";

fn is_unclear(name: &str, description: Option<&str>) -> bool {
    moments::is_moment(name) && !moments::name_has_unit(name) && !description.is_some_and(moments::text_has_unit)
}

/// The numbers among the properties of a schema, at any depth.
fn in_schema(
    registry: &Registry,
    payload: &Payload,
    schema: &Json,
    path: &mut Vec<String>,
    findings: &mut Vec<Finding>,
) {
    for (name, field) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let is_number = match field.get("type") {
            Some(Json::Array(types)) => types.iter().any(|kind| matches!(kind.as_str(), Some("number" | "integer"))),
            kind => matches!(kind.and_then(Json::as_str), Some("number" | "integer")),
        };
        let text = |name| field.get(name).and_then(Json::as_str).unwrap_or_default();
        let prose = format!("{} {}", text("title"), text("description"));
        if is_number && is_unclear(name, Some(&prose)) {
            let at: Vec<&str> = path.iter().map(String::as_str).chain(["properties", name]).collect();
            let message = format!("`{name}` of the payload `{}` is a time, in which unit?", payload.name);
            let mut finding = RULE.rule.finding(message).at(registry.span(&payload.address, &at));
            finding.module = payload.module.map(|module| registry.module(module).name.clone());
            findings.push(finding.subject(format!("{}/{}", payload.name, at.join("/"))).hint(PAYLOAD_HINT));
        }
    }
    let parts: Vec<(String, &Json)> = match schema {
        Json::Object(map) => map.iter().map(|(name, part)| (name.clone(), part)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(at, part)| (at.to_string(), part)).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    };
    for (name, part) in parts {
        path.push(name);
        in_schema(registry, payload, part, path, findings);
        path.pop();
    }
}

const PAYLOAD_HINT: &str = "write the unit into its name, as in `ts_ms`, or into its description";

fn score(registry: &Registry, entry: Entry<'_>) -> Option<Finding> {
    let Entry::Key(key) = entry else { return None };
    let Shape::Scored { score: Value::Scalar(Scalar::Number | Scalar::Integer), .. } = key.shape else { return None };
    let prose = entry.prose();
    let is_zset = key.redis_type.is_some_and(|redis_type| redis_type.name == "zset");
    if !is_zset || !moments::speaks_of_time(&prose) || moments::text_has_unit(&prose) {
        return None;
    }
    let message = format!("the score of `{}` is a time, in which unit?", key.name);
    let span = registry.span(&key.address, &["score"]);
    Some(
        entry
            .finding(registry, &RULE.rule, message)
            .subject("score")
            .at(span)
            .hint("write `score: epoch_ms` or `score: epoch_s`"),
    )
}
