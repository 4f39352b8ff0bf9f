//! Globs where a pattern is meant.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::entries;
use crate::registry::{Pattern, Registry, Token};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "glob-in-pattern",
        level: Level::Error,
        summary: "a pattern holds `*` or `?`, which stand for themselves",
        docs: "\
In a pattern `{param}` stands for what varies; `*` and `?` are ordinary characters. `orders:*` claims the one key that
is really called so, and no order.

Write a param instead, and declare what it may hold.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 1, about: Number of the order. }
keys:
  order:
    key: app:order:{id}
    purpose: One order.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  draft:
    key: app:draft:*
    purpose: One draft.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 1, about: Number of the order. }
keys:
  order:
    key: app:order:{id}
    purpose: One order.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  draft:
    key: app:draft:{id}
    purpose: One draft.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        let own = (entry.pattern(), entry.pattern_span(registry));
        let fields = entry.fields().iter().map(|field| (&field.name, field.span));
        for (pattern, span) in std::iter::once(own).chain(fields) {
            let Some(glob) = glob(pattern) else { continue };
            let message = format!("`{glob}` in `{pattern}` stands for itself, not for any text");
            findings.push(
                entry
                    .finding(registry, &RULE.rule, message)
                    .subject(pattern.as_str())
                    .at(span)
                    .hint("write a param such as `{id}` for the part that varies"),
            );
        }
    }
}

fn glob(pattern: &Pattern) -> Option<char> {
    pattern.tokens().iter().find_map(|token| match token {
        Token::Literal(text) => text.chars().find(|c| matches!(c, '*' | '?')),
        Token::Param(_) => None,
    })
}
