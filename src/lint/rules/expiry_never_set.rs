//! TTLs that no operation can set.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "expiry-never-set",
        level: Level::Error,
        summary: "a TTL is declared, and no operation can set one",
        docs: "\
Most writes do not touch a key's TTL: a key made by HSET, XADD, INCR or LPUSH has none until EXPIRE gives it one. A
key with a declared TTL and no command that could set it never expires.

Add EXPIRE or PEXPIRE to the operations, use a command that sets it along (SET with EX, SETEX), or declare `ttl:
none`.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  session:
    key: app:session:{user}
    purpose: What the user did last.
    type: hash
    fields: { page: text }
    operations: [HSET]
    retention: { ttl: sliding 30m }
    cardinality: 1000
    consumers: [{ name: reader, reads: [HGETALL] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  session:
    key: app:session:{user}
    purpose: What the user did last.
    type: hash
    fields: { page: text }
    operations: [HSET, EXPIRE]
    retention: { ttl: sliding 30m }
    cardinality: 1000
    consumers: [{ name: reader, reads: [HGETALL] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| growth::has_ttl(key) && !growth::is_unclear(key)) {
        if growth::effects(key).any(|(_, effect)| effect.can_set_expiry()) {
            continue;
        }
        findings.push(
            RULE.rule
                .finding(format!("`{}` is to expire, and none of its operations sets a TTL", key.pattern))
                .of_key(registry, key)
                .at(registry.span(&key.address, &["retention", "ttl"]))
                .label(registry.span(&key.address, &["operations"]), "none of these sets a TTL")
                .hint("add EXPIRE to the operations, or declare `ttl: none`"),
        );
    }
}
