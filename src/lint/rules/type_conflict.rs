//! One pattern, declared with different types by two modules.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::meetings::meetings;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "type-conflict",
        level: Level::Error,
        summary: "two modules declare the same pattern with different types",
        docs: "\
A name has one type. When two modules declare the same pattern of one bus as different types, the one that writes
second gets WRONGTYPE, or replaces what the other needs. For channels the same is said of messages that differ.

Decide who owns the name, and let the other use a name of its own.",
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
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the other app.
    type: hash
    fields: { phase: text }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
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
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
keys:
  state:
    key: app:other:state
    purpose: State of the other app.
    type: hash
    fields: { phase: text }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for meeting in meetings(registry).into_iter().filter(|meeting| meeting.alike && meeting.of_two_modules()) {
        let (first, second) = (meeting.first, meeting.second);
        let Some((one, other)) = meeting.types(registry).filter(|_| !meeting.is_implied()) else { continue };
        let module = &registry.module(first.module()).name;
        let message = format!("`{}` is {other} here, but {one} in the module `{module}`", second.pattern());
        findings.push(
            second
                .finding(registry, &RULE.rule, message)
                .subject(format!("{module}.{}", first.name()))
                .at(second.pattern_span(registry))
                .caret(format!("declared as {other}"))
                .label(first.pattern_span(registry), format!("declared as {one}"))
                .hint("let one module own the name, or give one of them a name of its own"),
        );
    }
}
