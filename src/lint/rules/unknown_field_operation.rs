//! Operations of a field that its key does not have.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{did_you_mean, entries};
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-field-operation",
        level: Level::Error,
        summary: "a field is written by an operation that its key does not list",
        docs: "\
A field may say which of the key's operations write it, so that a counter is only ever counted up. An operation that
the key itself does not list is allowed nowhere, so that no writer for the field is generated.

Add the command to the key's `operations`, or correct the field's.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  stats:
    key: app:stats
    purpose: Counters of the app.
    type: hash
    fields:
      hits: { type: integer, operations: [HINCRBYFLOAT] }
    operations: [HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGETALL] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  stats:
    key: app:stats
    purpose: Counters of the app.
    type: hash
    fields:
      hits: { type: integer, operations: [HINCRBY] }
    operations: [HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGETALL] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        let listed = || entry.operations().iter().map(|operation| operation.name.as_str());
        for field in entry.fields() {
            for name in field.operations.iter().filter(|name| !listed().any(|listed| listed == name.as_str())) {
                let message =
                    format!("`{}` is written by `{name}`, which is no operation of `{}`", field.name, entry.name());
                let hint = did_you_mean(name, listed(), "add it to the `operations` of the key");
                findings.push(
                    entry
                        .finding(registry, &RULE.rule, message)
                        .subject(format!("{} {name}", field.name))
                        .at(field.span)
                        .hint(hint),
                );
            }
        }
    }
}
