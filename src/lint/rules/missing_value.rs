//! Keys and channels that do not say what they hold.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries, written};
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "missing-value",
        level: Level::Warning,
        summary: "a key or channel does not say what it holds",
        docs: "\
A type says how Redis keeps the data, not what the data is. Readers need to know what an element, a field or a message
is, and without it no data is checked.

Name a payload or a scalar: `value:` for a string, `fields:` for a hash, `element:` for a list, `member:` for a set or
zset, `entry:` for a stream, `message:` for a channel. `bytes` and `json` are answers too.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
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
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        let part = match entry {
            Entry::Channel(_) => Some("message"),
            Entry::Key(key) => key.redis_type.and_then(|redis_type| redis_type.parts.first().copied()),
        };
        let Some(part) = part.filter(|part| written(registry, entry.address(), &[part]).is_none()) else { continue };
        let message = format!("the {} `{}` does not say what it holds", entry.kind(), entry.name());
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .at(entry.name_span(registry))
                .hint(format!("add `{part}:`, a payload or a scalar such as `text`")),
        );
    }
}
