//! Words in a payload that YAML took for keywords of the schema.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::written;
use crate::registry::{Payload, Registry};
use crate::rule::Rule;
use crate::source::Node;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "empty-keyword",
        level: Level::Error,
        summary: "a payload has a keyword without a value",
        docs: "\
In YAML's short form `{ type: string, description: Time, in UTC }` the comma ends the description, and `in UTC`
becomes a keyword without a value. JSON Schema ignores keywords that it does not know, so that nobody sees that the
text is cut off.

Put the text into quotes, or write it on a line of its own.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    required: [phase]
    properties:
      phase: { type: string, description: Phase of the app, as shown. }
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
      phase: { type: string, description: \"Phase of the app, as shown.\" }
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
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for payload in &registry.payloads {
        // What breaks the draft's rules is reported by `invalid-schema`.
        if let Some(node) = written(registry, &payload.address, &[]).filter(|_| follows_draft(payload)) {
            scan(registry, payload, node, findings);
        }
    }
}

fn follows_draft(payload: &Payload) -> bool {
    jsonschema::draft202012::meta::is_valid(&payload.schema)
}

fn scan(registry: &Registry, payload: &Payload, node: &Node, findings: &mut Vec<Finding>) {
    node.items().iter().for_each(|item| scan(registry, payload, item, findings));
    for entry in node.entries() {
        // These hold values, and null is one.
        if matches!(entry.name.as_str(), "const" | "default" | "enum" | "examples") {
            continue;
        }
        if entry.value.is_null() {
            let message = format!("`{}` stands in the payload `{}` without a value", entry.name, payload.name);
            let mut finding = RULE.rule.finding(message).subject(format!("{} {}", payload.name, entry.name));
            finding.module = payload.module.map(|module| registry.module(module).name.clone());
            findings.push(finding.at(entry.name_span).hint("put a text with a comma into quotes"));
        }
        scan(registry, payload, &entry.value, findings);
    }
}
