//! Payloads that nothing holds.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use std::collections::BTreeSet;

use crate::lint::entries::entries;
use crate::registry::{PayloadId, Registry, Value};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unused-payload",
        level: Level::Warning,
        summary: "a payload is declared that nothing holds",
        docs: "\
A payload that no key, field, message or other payload refers to is left over, or the entry that was to hold it says
something else. Types and schemas are generated from it all the same.

Remove it, or name it where it belongs.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    required: [phase]
    properties: { phase: { type: string } }
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
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    required: [phase]
    properties: { phase: { type: string } }
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
    let mut used = BTreeSet::new();
    for value in entries(registry).flat_map(|entry| entry.values()) {
        let Value::Payload(id) = value else { continue };
        used.insert(*id);
        // Those of a payload's references hold whatever it refers to through others.
        used.extend(registry.payload(*id).references.iter().map(|(_, id)| *id));
    }
    for (at, payload) in registry.payloads.iter().enumerate().filter(|(at, _)| !used.contains(&PayloadId(*at))) {
        let referrers = registry.payloads.iter().filter(|other| other.references.iter().any(|(_, id)| id.0 == at));
        // One that only unused payloads refer to goes with them.
        if referrers.into_iter().any(|other| other.name != payload.name) {
            continue;
        }
        let message = format!("nothing holds the payload `{}`", payload.name);
        let mut finding = RULE.rule.finding(message).subject(&payload.name).at(registry.name_span(&payload.address));
        finding.module = payload.module.map(|module| registry.module(module).name.clone());
        findings.push(finding.hint("remove it, or name it where it belongs"));
    }
}
