//! Keys that do not say how they are bounded.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;

use crate::registry::{Registry, Retention};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "missing-retention",
        level: Level::Error,
        summary: "a key does not say how its data is bounded",
        docs: "\
Memory that nobody bounds is found when the server is full. Each key says what becomes of its data, even if the answer
is that it stays: then that is a decision, and not an oversight.

Add `retention:` with a `ttl` (`none` is an answer), `max_entries`, `max_age`, `max_length` or a `lifecycle`.",
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
    operations: [SET]
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
    for key in registry.keys.iter().filter(|key| key.retention == Retention::default()) {
        findings.push(
            RULE.rule
                .finding(format!("the key `{}` does not say how its data is bounded", key.name))
                .of_key(registry, key)
                .at(registry.name_span(&key.address))
                .hint("add `retention:`, for example `{ ttl: none, lifecycle: overwritten }` or `{ ttl: 300s }`"),
        );
    }
}
