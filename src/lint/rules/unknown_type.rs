//! Types that Redis does not have.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{did_you_mean, written};
use crate::registry::Registry;
use crate::rule::Rule;
use crate::types::TYPES;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-type",
        level: Level::Error,
        summary: "a key's type is not a Redis type",
        docs: "\
The type decides which parts a key has, which commands work on it, and what is checked. An unknown word leaves the key
without all of that.

Write one of the types: string, hash, list, set, zset, stream, json, hyperloglog, bitmap or geo.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: sring
    value: text
    operations: [SET]
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
    blocking: true,
    check,
};

/// What people call a type elsewhere.
const SYNONYMS: &[(&str, &str)] = &[
    ("str", "string"),
    ("sorted_set", "zset"),
    ("sorted-set", "zset"),
    ("sortedset", "zset"),
    ("sorted set", "zset"),
    ("dict", "hash"),
    ("map", "hash"),
    ("queue", "list"),
    ("hll", "hyperloglog"),
    ("counter", "string"),
    ("integer", "string"),
    ("rejson-rl", "json"),
];

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| key.redis_type.is_none()) {
        let Some(word) = written(registry, &key.address, &["type"]).and_then(|node| node.text()) else { continue };
        let names = TYPES.iter().map(|redis_type| redis_type.name);
        let all = format!("one of {}", names.clone().collect::<Vec<_>>().join(", "));
        let lower = word.trim().to_lowercase();
        let hint = match SYNONYMS.iter().find(|(synonym, _)| *synonym == lower) {
            Some((_, name)) => format!("did you mean `{name}`?"),
            None => did_you_mean(word, names, &all),
        };
        findings.push(
            RULE.rule
                .finding(format!("`{word}` is not a type"))
                .of_key(registry, key)
                .at(registry.span(&key.address, &["type"]))
                .hint(hint),
        );
    }
}
