//! Operations that take the TTL off a key that is to expire.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::Registry;
use crate::rule::Rule;
use crate::server::commands::Effect;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "expiry-dropped",
        level: Level::Error,
        summary: "a key is to expire, and an operation takes its TTL off",
        docs: "\
Some commands take a key's TTL off without a word: GETSET, PERSIST, MSET, BITOP and all that store a result
(SUNIONSTORE, SORT with STORE). The key then stays for ever, and nobody notices until memory is full.

Use a form that sets the TTL along (SET with EX and GET instead of GETSET, MSETEX), or declare EXPIRE after the
command that stores. Plain SET is fine, although it drops the TTL without an option: generated writers set EX with it,
and a separate EXPIRE may follow.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  counter:
    key: app:counter
    purpose: Requests of this minute.
    type: string
    value: integer
    operations: [INCR, EXPIRE, GETSET]
    retention: { ttl: 60s }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  counter:
    key: app:counter
    purpose: Requests of this minute.
    type: string
    value: integer
    operations: [INCR, EXPIRE, GETDEL]
    retention: { ttl: 60s }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| growth::has_ttl(key)) {
        let expires = growth::effects(key).any(|(_, effect)| growth::only_expires(effect));
        for (operation, _) in growth::effects(key).filter(|(_, effect)| drops(*effect)) {
            // GETSET among INCR and EXPIRE resets a counter, and is not followed by the EXPIRE of its first write.
            let follows = expires && !matches!(operation.name.as_str(), "GETSET" | "PERSIST");
            if follows {
                continue;
            }
            let message = format!("`{}` takes the TTL off `{}`, which is to expire", operation.name, key.pattern);
            findings.push(
                RULE.rule
                    .finding(message)
                    .of_key(registry, key)
                    .subject(&operation.name)
                    .at(operation.span)
                    .label(registry.span(&key.address, &["retention", "ttl"]), "the TTL")
                    .hint(hint(&operation.name)),
            );
        }
    }
}

/// In a form that cannot set it instead: SET can, by EX.
fn drops(effect: Effect) -> bool {
    effect.can_drop_expiry() && !effect.can_set_expiry()
}

fn hint(name: &str) -> &'static str {
    match name {
        "GETSET" => "use SET, which can set EX and give the old value back (GET)",
        "PERSIST" => "remove it, or declare `ttl: none`",
        "MSET" => "use SET for each key, or MSETEX",
        _ => "add EXPIRE after it, or declare `ttl: none`",
    }
}
