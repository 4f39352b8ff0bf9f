//! Consumers that need a field that is not there.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{consumers, did_you_mean};
use crate::lint::fields::{self, Presence};
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "needs-unknown-field",
        level: Level::Error,
        summary: "a consumer needs a field that the data does not have",
        docs: "\
`needs` is the consumer's half of the contract: the fields without which it does not work. A field that the payload,
hash or entry does not have cannot be read; the consumer is broken, or its list is out of date.

Correct the name, or add the field to what the module writes. Nested fields are written `a.b`; a hash's fields by
their names.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    additionalProperties: false
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
    consumers: [{ name: reader, reads: [GET], needs: [phsae] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  State:
    type: object
    additionalProperties: false
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
    consumers: [{ name: reader, reads: [GET], needs: [phase] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for (entry, consumer) in consumers(registry) {
        for (at, need) in consumer.needs.iter().enumerate() {
            if fields::presence(registry, entry, need) != Presence::Absent {
                continue;
            }
            let names = fields::names(registry, entry);
            let otherwise = if names.is_empty() {
                "its value is a single one, without fields".to_owned()
            } else {
                format!("it has {}", names.join(", "))
            };
            let message = format!("`{}` needs `{need}`, which `{}` does not have", consumer.name, entry.name());
            findings.push(
                entry
                    .finding(registry, &RULE.rule, message)
                    .subject(format!("{} {need}", consumer.name))
                    .at(registry.span(&consumer.address, &["needs", &at.to_string()]))
                    .hint(did_you_mean(need, names.iter().map(String::as_str), &otherwise)),
            );
        }
    }
}
