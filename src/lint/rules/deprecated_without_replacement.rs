//! Deprecated entries that do not say what to use instead.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::entries;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "deprecated-without-replacement",
        level: Level::Info,
        summary: "an entry is deprecated, and does not say what to use instead",
        docs: "\
Consumers of a deprecated entry have to move. Without `replacement` each of them has to find out by itself where to,
and most stay.

Name the entry, or say in words that there is none and why.",
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
    deprecated: { since: \"2026-01-31\", remove_after: \"2999-12-31\" }
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
    deprecated: { since: \"2026-01-31\", remove_after: \"2999-12-31\", replacement: \"app:status\" }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        if entry.docs().deprecated.as_ref().is_none_or(|deprecation| deprecation.replacement.is_some()) {
            continue;
        }
        let message = format!("`{}` is deprecated, and does not say what to use instead", entry.name());
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .at(registry.span(entry.address(), &["deprecated"]))
                .hint("add `replacement:`, the entry to use instead, or why there is none"),
        );
    }
}
