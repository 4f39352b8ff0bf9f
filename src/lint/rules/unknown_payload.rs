//! Values that are neither a payload nor a scalar type.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, did_you_mean, entries};
use crate::registry::{Registry, Scalar, Shape, Value};
use crate::rule::Rule;
use crate::source::Span;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-payload",
        level: Level::Error,
        summary: "a value names a payload that does not exist",
        docs: "\
A value is the name of a payload, of the module or of registry.yaml, or a scalar type such as `integer`, `text` or
`epoch_ms`. From any other word nothing can be generated, and no data can be checked.

Correct the name, or declare the payload under `payloads`.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: txet
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        for (value, span) in values(registry, entry) {
            let Value::Unknown(name) = value else { continue };
            let seen =
                |payload: &&crate::registry::Payload| payload.module.is_none_or(|module| module == entry.module());
            let payloads = registry.payloads.iter().filter(seen).map(|payload| payload.name.as_str());
            let known: Vec<&str> = Scalar::ALL.iter().map(|scalar| scalar.as_str()).chain(payloads).collect();
            let message = format!("`{name}` is neither a payload nor a scalar type");
            findings.push(entry.finding(registry, &RULE.rule, message).subject(name).at(span).hint(did_you_mean(
                name,
                known,
                "declare it under `payloads`, or name a scalar type such as `text`",
            )));
        }
    }
}

/// The values of an entry with their places.
fn values<'a>(registry: &Registry, entry: Entry<'a>) -> Vec<(&'a Value, Span)> {
    let at = |path: &[&str]| registry.span(entry.address(), path);
    match entry {
        Entry::Channel(channel) => channel.message.iter().map(|value| (value, at(&["message"]))).collect(),
        Entry::Key(key) => match &key.shape {
            Shape::Opaque => Vec::new(),
            Shape::Single(value) => vec![(value, at(&["value"]))],
            Shape::Elements(value) => vec![(value, at(&["element"]))],
            Shape::Members(value) => vec![(value, at(&["member"]))],
            Shape::Scored { member, score } => vec![(member, at(&["member"])), (score, at(&["score"]))],
            Shape::Fields(fields) => {
                fields.iter().map(|field| (&field.value, at(&["fields", field.name.as_str(), "type"]))).collect()
            }
            Shape::Entries(fields) => {
                fields.iter().map(|field| (&field.value, at(&["entry", field.name.as_str(), "type"]))).collect()
            }
        },
    }
}
