//! Deprecated entries that were to be gone by now.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::entries;
use crate::registry::{Promise, Registry, today};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "deprecated-overdue",
        level: Level::Warning,
        summary: "a deprecated entry is still there after the date of its removal",
        docs: "\
The date was a promise to whoever waits for the end: it is over, and the entry is still written and read.

Remove the entry, if its consumers have moved; else give it another date, and tell them. A `remove_after`
that is no date is told as well: write YYYY-MM-DD.",
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
    deprecated: { since: \"2019-01-31\", replacement: \"app:status\", remove_after: \"2020-01-31\" }
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
    deprecated: { since: \"2019-01-31\", replacement: \"app:status\", remove_after: \"2999-12-31\" }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let today = today();
    for entry in entries(registry) {
        let Some(deprecation) = &entry.docs().deprecated else { continue };
        let (message, hint) = match deprecation.promise(today) {
            Promise::Open | Promise::Until(_) => continue,
            Promise::Over(date) => (
                format!("`{}` was to be removed after {date}, and is still there", entry.name()),
                "remove the entry, or give it another date",
            ),
            Promise::Unreadable(text) => {
                (format!("`remove_after` of `{}` is no date: `{text}`", entry.name()), "write it as YYYY-MM-DD")
            }
        };
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .at(registry.span(entry.address(), &["deprecated", "remove_after"]))
                .hint(hint),
        );
    }
}
