//! Declared bounds that no operation keeps.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::{Key, Lifecycle, Registry, Ttl};
use crate::rule::Rule;
use crate::server::commands::Bound;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "retention-operation-mismatch",
        level: Level::Warning,
        summary: "a bound is declared that no operation keeps",
        docs: "\
A bound holds only if some command keeps it. `max_entries` needs one that trims by count (LTRIM, XADD or XTRIM with
MAXLEN, ZREMRANGEBYRANK) or takes elements out (SPOP, HDEL, LPOP); `max_age` needs one that trims by time
(ZREMRANGEBYSCORE, XADD or XTRIM with MINID, HEXPIRE). `lifecycle: pruned` needs any of them, also a consumer that
takes what it reads; `lifecycle: expiring` needs a TTL. `~` is for streams, whose servers trim so.

Add the operation, or declare what the operations do keep.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: Visits of the app.
    type: zset
    member: text
    score: epoch_ms
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_entries: 300 }
    consumers: [{ name: reader, reads: [ZRANGE] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: Visits of the app.
    type: zset
    member: text
    score: epoch_ms
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 7d }
    consumers: [{ name: reader, reads: [ZRANGE] }]
",
    },
    blocking: false,
    check,
};

const BY_COUNT: &[Bound] = &[Bound::Count, Bound::Rank];
const BY_TIME: &[Bound] = &[Bound::Age, Bound::Score];

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| !growth::is_unclear(key)) {
        for (field, message, hint) in faults(registry, key) {
            findings.push(
                RULE.rule
                    .finding(message)
                    .of_key(registry, key)
                    .subject(field)
                    .at(registry.span(&key.address, &["retention", field]))
                    .label(registry.span(&key.address, &["operations"]), "the operations")
                    .hint(hint),
            );
        }
    }
}

type Fault = (&'static str, String, &'static str);

fn faults(registry: &Registry, key: &Key) -> Vec<Fault> {
    let retention = &key.retention;
    let type_name = key.redis_type.map_or("", |redis_type| redis_type.name);
    let is_value = matches!(type_name, "string" | "bitmap" | "hyperloglog" | "json");
    let mut faults = Vec::new();
    if let Some(bound) = &retention.max_entries {
        if is_value {
            let message = format!("a {type_name} has no entries to bound");
            faults.push(("max_entries", message, "for the bytes of a string write `max_length`"));
        } else if bound.approximate && type_name != "stream" && !type_name.is_empty() {
            let message = format!("only streams are trimmed approximately, and this is a {type_name}");
            faults.push(("max_entries", message, "leave out the `~`"));
        } else if growth::growing_operation(registry, key).is_some() && !growth::keeps_bound(key, BY_COUNT) {
            let hint = "add a command that trims by count, such as LTRIM or ZREMRANGEBYRANK";
            faults.push(("max_entries", unkept(key, "max_entries", BY_COUNT), hint));
        }
    }
    let lives_shorter = matches!(retention.ttl, Some(Ttl::Fixed(_) | Ttl::Range { .. }));
    if retention.max_age.is_some() && !lives_shorter && !growth::keeps_bound(key, BY_TIME) {
        let hint = "add a command that trims by time, such as ZREMRANGEBYSCORE or XTRIM with MINID";
        faults.push(("max_age", unkept(key, "max_age", BY_TIME), hint));
    }
    if retention.max_length.is_some() && !is_value && !type_name.is_empty() {
        let message = format!("a {type_name} has no length in bytes to bound");
        faults.push(("max_length", message, "write `max_entries`"));
    }
    faults.extend(lifecycle(key));
    faults
}

fn lifecycle(key: &Key) -> Option<Fault> {
    let prunes = growth::keeps_bound(key, &[Bound::Rank, Bound::Score, Bound::Count, Bound::Age]);
    match key.retention.lifecycle? {
        Lifecycle::Pruned if !prunes && !growth::is_consumed(key) => {
            let message = "it is to be pruned, and no operation takes anything out".to_owned();
            Some(("lifecycle", message, "add the command that trims, or declare another lifecycle"))
        }
        Lifecycle::Expiring if !growth::has_ttl(key) && !growth::keeps_bound_by_age(key) => {
            let message = "it is to expire, and has no TTL".to_owned();
            Some(("lifecycle", message, "declare a `ttl`, or another lifecycle"))
        }
        Lifecycle::Pruned | Lifecycle::Expiring | Lifecycle::Overwritten | Lifecycle::Cumulative => None,
    }
}

fn unkept(key: &Key, bound: &str, wanted: &[Bound]) -> String {
    let by = if wanted == BY_COUNT { "count" } else { "time" };
    match growth::trims_otherwise(key, wanted) {
        Some(operation) => format!("`{bound}` is declared, but `{}` does not trim by {by}", operation.name),
        None => format!("`{bound}` is declared, and no operation keeps it"),
    }
}
