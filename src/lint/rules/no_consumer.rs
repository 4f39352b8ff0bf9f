//! Keys that nobody reads.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::growth;
use crate::registry::{Key, Registry, Shape, Value};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "no-consumer",
        level: Level::Warning,
        summary: "a key has no consumer",
        docs: "\
A key that nobody reads costs memory and writes for nothing; or somebody reads it and the contract does not know, so
that the next change breaks them. When all consumers are only `potential`, this is a note, not a warning.

List who reads it, the module itself included; or stop writing it. Counters and locks with a TTL, whose writer goes by
the reply of its own write (INCR, SETNX, or SET with DEL), need no consumer.",
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
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  phase:
    key: app:phase
    purpose: Phase of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
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
  phase:
    key: app:phase
    purpose: Phase of the app.
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
    for key in registry.keys.iter().filter(|key| key.consumers.iter().all(|consumer| consumer.potential)) {
        let potential = !key.consumers.is_empty();
        if !potential && answers_its_writer(key) {
            continue;
        }
        let message = if potential {
            format!("nobody reads `{}` yet", key.pattern)
        } else {
            format!("nobody reads `{}`", key.pattern)
        };
        let mut finding = RULE.rule.finding(message).of_key(registry, key).at(registry.name_span(&key.address));
        if potential {
            finding.level = Level::Info;
        }
        findings.push(finding.hint("list who reads it under `consumers`, or stop writing it"));
    }
}

/// A rate limit or a lock: the reply of the write is all that is wanted of it.
fn answers_its_writer(key: &Key) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| key.has_operation(name));
    let counts = has(&["INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY", "SETNX"]);
    let locks = has(&["SET"]) && has(&["DEL", "UNLINK", "DELEX", "DELIFEQ", "GETDEL", "EVAL", "EVALSHA", "FCALL"]);
    let is_plain = matches!(key.shape, Shape::Single(Value::Scalar(_)) | Shape::Opaque);
    growth::has_ttl(key) && is_plain && (counts || locks)
}
