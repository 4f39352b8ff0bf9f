//! Consumers that rely on a field that may be missing.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::consumers;
use crate::lint::fields::{self, Presence};
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "needs-optional-field",
        level: Level::Warning,
        summary: "a consumer needs a field that may be missing",
        docs: "\
A consumer lists under `needs` what it cannot do without. A field that the declaration leaves optional, or that one of
the variants does not have, will be missing one day, and the consumer fails on valid data.

Make the field required, if all writers write it; or take it off `needs`, if the consumer can do without. In hashes,
fields are optional unless they say `required: true`.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    additionalProperties: false
    required: [phase]
    properties: { phase: { type: string }, user: { type: string } }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: State
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [phase, user] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    additionalProperties: false
    required: [phase, user]
    properties: { phase: { type: string }, user: { type: string } }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: State
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [phase, user] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for (entry, consumer) in consumers(registry) {
        for (at, need) in consumer.needs.iter().enumerate() {
            if fields::presence(registry, entry, need) != Presence::Optional {
                continue;
            }
            let message = format!("`{}` needs `{need}`, which may be missing in `{}`", consumer.name, entry.name());
            findings.push(
                entry
                    .finding(registry, &RULE.rule, message)
                    .subject(format!("{} {need}", consumer.name))
                    .at(registry.span(&consumer.address, &["needs", &at.to_string()]))
                    .hint("make the field required, or take it off `needs`"),
            );
        }
    }
}
