//! Patterns that can claim one name, neither more specific than the other.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::meetings::meetings;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "ambiguous-pattern",
        level: Level::Error,
        summary: "two patterns can claim one name, and neither is more specific",
        docs: "\
When a name fits two patterns of one bus, nobody can say what it holds or who owns it. The more specific pattern wins
(literal before param, segment by segment); here neither is. The message shows a name that both claim. Keys are
compared with keys, channels with channels.

Make the names differ in a literal part, or narrow a param (a `pattern`, `enum` or `integer`) so that they cannot
meet.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: string, pattern: \"[a-z]+\", examples: [a] }
  name: { type: string, pattern: \"[a-y]+\", examples: [b] }
keys:
  by_id:
    key: app:user:{id}
    purpose: A user by id.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  by_name:
    key: app:user:{name}
    purpose: A user by name.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: string, pattern: \"[a-z]+\", examples: [a] }
  name: { type: string, pattern: \"[a-y]+\", examples: [b] }
keys:
  by_id:
    key: app:user:id:{id}
    purpose: A user by id.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  by_name:
    key: app:user:{name}
    purpose: A user by name.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for meeting in meetings(registry).into_iter().filter(|meeting| !meeting.is_implied()) {
        let (first, second, witness) = (meeting.first, meeting.second, &meeting.witness);
        // The same pattern again is another matter: who writes it, and as what; or it is just written twice.
        if meeting.alike && (meeting.of_two_modules() || first.pattern() == second.pattern()) {
            continue;
        }
        let (a, b) = (first.pattern(), second.pattern());
        let message = format!("`{a}` and `{b}` both claim `{witness}`, and neither is more specific");
        findings.push(
            second
                .finding(registry, &RULE.rule, message)
                .subject(first.name())
                .at(second.pattern_span(registry))
                .caret(format!("claims `{witness}`"))
                .label(first.pattern_span(registry), format!("claims `{witness}` too"))
                .hint("make a literal part differ, or narrow a param"),
        );
    }
}
