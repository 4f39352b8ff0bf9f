//! Keys that their own module never writes.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;

use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "no-producer",
        level: Level::Warning,
        summary: "no operation of a key writes it",
        docs: "\
The module that declares a key owns it: it is the one that writes. Without a single operation that writes, either the
list of operations is not complete, or the key is another module's and belongs there.

Add the commands with which the module writes it. A module that only reads a key is a consumer of it.",
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
    for key in &registry.keys {
        // One that is not known, or only reads, is reported as such.
        if !key.operations.iter().all(|operation| operation.command.is_some_and(|command| command.publishes())) {
            continue;
        }
        findings.push(
            RULE.rule
                .finding(format!("no operation of `{}` writes it", key.name))
                .of_key(registry, key)
                .at(registry.span(&key.address, &["operations"]))
                .hint("add the commands with which the module writes it under `operations`"),
        );
    }
}
