//! Keys that grow, with nothing that bounds them.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::{Key, Lifecycle, Registry, Retention};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unbounded-growth",
        level: Level::Warning,
        summary: "an operation grows a key, and nothing bounds it",
        docs: "\
A list, set, zset, stream, bitmap or hash with open field names grows with each write. Without a TTL, a bound on
entries or age, or an operation that takes elements out, it grows until the server has no memory left.

Declare `max_entries` or `max_age` and the command that keeps it, or a TTL. What grows on purpose, such as a
leaderboard of all players, says `lifecycle: cumulative`. Hashes with fixed fields, or whose field names come from an
enum or a config list, do not grow.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  events:
    key: app:events
    purpose: What happened last.
    type: list
    element: text
    operations: [LPUSH]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [LRANGE] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  events:
    key: app:events
    purpose: What happened last.
    type: list
    element: text
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
    consumers: [{ name: reader, reads: [LRANGE] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| !is_bounded(key) && !growth::is_unclear(key)) {
        let Some(operation) = growth::growing_operation(registry, key) else { continue };
        if growth::is_drained(key) {
            continue;
        }
        let message = format!("`{}` grows `{}`, and nothing bounds it", operation.name, key.pattern);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .at(operation.span)
                .label(registry.span(&key.address, &["retention"]), "gives no bound")
                .hint(hint(key)),
        );
    }
}

/// Is there a bound, or a declaration that another rule judges?
fn is_bounded(key: &Key) -> bool {
    let retention = &key.retention;
    let trims_itself = growth::effects(key).any(|(_, effect)| !effect.bounds().is_empty());
    *retention == Retention::default()
        || growth::has_ttl(key)
        || retention.max_entries.is_some()
        || retention.max_age.is_some()
        || retention.max_length.is_some()
        || match retention.lifecycle {
            Some(Lifecycle::Cumulative | Lifecycle::Expiring) => true,
            // A command that could trim needs to know by how much.
            Some(Lifecycle::Pruned) => !trims_itself,
            Some(Lifecycle::Overwritten) | None => false,
        }
}

fn hint(key: &Key) -> &'static str {
    match key.redis_type.map(|redis_type| redis_type.name) {
        Some("stream") => "declare `max_entries: ~N`, which XADD keeps, or `lifecycle: cumulative`",
        Some("list") => "declare `max_entries` and LTRIM, a TTL, or `lifecycle: cumulative`",
        Some("zset") => {
            "declare `max_entries` and ZREMRANGEBYRANK, or `max_age` and ZREMRANGEBYSCORE, or `lifecycle: cumulative`"
        }
        Some("string" | "bitmap") => "declare `max_length`, a TTL, or `lifecycle: cumulative`",
        _ => "declare a TTL, or `max_entries` and the command that keeps it, or `lifecycle: cumulative`",
    }
}
