//! Sliding TTLs as the only bound of something that grows.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::{Lifecycle, Registry, Ttl};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "sliding-expiry-unbounded",
        level: Level::Warning,
        summary: "a sliding TTL is the only bound of a key that grows",
        docs: "\
A sliding TTL is renewed by each write, so that it bounds how long an idle key stays, and not how large a busy one
grows. A list that is written each second never expires, and holds everything.

Add `max_entries` or `max_age` and the command that keeps it, or use a fixed TTL. What stays small by its nature may
say `lifecycle: cumulative`.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  visits:
    key: app:visits:{user}
    purpose: Pages that the user saw.
    type: list
    element: text
    operations: [LPUSH, EXPIRE]
    retention: { ttl: sliding 1h }
    cardinality: 1000
    consumers: [{ name: reader, reads: [LRANGE] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  visits:
    key: app:visits:{user}
    purpose: Pages that the user saw.
    type: list
    element: text
    operations: [LPUSH, LTRIM, EXPIRE]
    retention: { ttl: sliding 1h, max_entries: 50 }
    cardinality: 1000
    consumers: [{ name: reader, reads: [LRANGE] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        let retention = &key.retention;
        let bounded = retention.max_entries.is_some() || retention.max_age.is_some() || retention.max_length.is_some();
        let meant = matches!(retention.lifecycle, Some(Lifecycle::Cumulative | Lifecycle::Pruned));
        if bounded || meant || !matches!(retention.ttl, Some(Ttl::Sliding(_))) || growth::is_unclear(key) {
            continue;
        }
        let Some(operation) = growth::growing_operation(registry, key).filter(|_| !growth::is_drained(key)) else {
            continue;
        };
        let message = format!("the TTL of `{}` is renewed while `{}` grows it", key.pattern, operation.name);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .at(registry.span(&key.address, &["retention", "ttl"]))
                .label(operation.span, "grows the key")
                .hint("add `max_entries` or `max_age`, and the command that keeps it"),
        );
    }
}
