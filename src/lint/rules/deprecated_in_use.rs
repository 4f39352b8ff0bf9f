//! Deprecated entries that still have consumers, without a date until which they may stay.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::entries;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "deprecated-in-use",
        level: Level::Info,
        summary: "a deprecated entry still has consumers, and no date by which they must move",
        docs: "\
Deprecation without a date is a wish: consumers stay as long as nothing breaks. The note lists who still reads the
entry, so that they can be asked.

Add `remove_after` with a date, and remove the rows of consumers that have moved.",
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
    deprecated: { since: \"2026-01-31\", replacement: \"app:status\" }
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
    deprecated: { since: \"2026-01-31\", replacement: \"app:status\", remove_after: \"2999-12-31\" }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        // Without a replacement nobody can move; that is reported first.
        let open = |deprecation: &crate::registry::Deprecation| {
            deprecation.replacement.is_some() && deprecation.remove_after.is_none()
        };
        if !entry.docs().deprecated.as_ref().is_some_and(open) {
            continue;
        }
        let rows = entry.consumers().iter().filter(|consumer| !consumer.potential);
        let readers: Vec<&str> = rows.map(|consumer| consumer.name.as_str()).collect();
        if readers.is_empty() {
            continue;
        }
        let message =
            format!("`{}` is deprecated without a date, and still read by {}", entry.name(), readers.join(", "));
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .at(registry.span(entry.address(), &["deprecated"]))
                .hint("add `remove_after:` with a date"),
        );
    }
}
