//! Operations that make a key expire which is to stay.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::{Registry, Ttl};
use crate::rule::Rule;
use crate::server::commands::Expiry;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "expiry-unexpected",
        level: Level::Warning,
        summary: "a key is not to expire, and an operation sets a TTL",
        docs: "\
`ttl: none` says that the key stays, and readers rely on finding it. An operation such as SETEX or EXPIRE gives it a
TTL, so that one day it is gone.

Declare the TTL, or write the key without one.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SETEX]
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
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| key.retention.ttl == Some(Ttl::None)) {
        for (operation, _) in growth::effects(key).filter(|(_, effect)| effect.expiry == Expiry::Sets) {
            findings.push(
                RULE.rule
                    .finding(format!("`{}` sets a TTL on `{}`, which is to stay", operation.name, key.pattern))
                    .of_key(registry, key)
                    .subject(&operation.name)
                    .at(operation.span)
                    .label(registry.span(&key.address, &["retention", "ttl"]), "declared without a TTL")
                    .hint("declare the TTL, or remove the operation"),
            );
        }
    }
}
