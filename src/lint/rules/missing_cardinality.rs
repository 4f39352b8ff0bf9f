//! Dynamic keys that do not say how many there may be.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;

use crate::registry::{ParamKind, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "missing-cardinality",
        level: Level::Warning,
        summary: "a dynamic key does not say how many keys there may be",
        docs: "\
One entry with a param can stand for ten keys or ten million. The number decides memory and the time of scans, and a
sudden growth of it is how leaks of keys are found.

Add `cardinality:`, the most keys that may exist at a time, as a number or a config variable. Patterns whose params
are all enums count themselves.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  state:
    key: app:state:{user}
    purpose: State of one user.
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
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  state:
    key: app:state:{user}
    purpose: State of one user.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 1000
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| key.cardinality.is_none() && !key.pattern.is_static()) {
        let counted = |param: &str| matches!(registry.param(key.module, param).kind, ParamKind::Enum(_));
        if key.pattern.params().all(counted) {
            continue;
        }
        findings.push(
            RULE.rule
                .finding(format!("`{}` does not say how many keys there may be", key.pattern))
                .of_key(registry, key)
                .at(registry.span(&key.address, &["key"]))
                .hint("add `cardinality:`, the most keys that may exist at a time"),
        );
    }
}
