//! One key that two modules own.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::Entry;
use crate::lint::meetings::meetings;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "duplicate-writer",
        level: Level::Error,
        summary: "two modules write the same names of one bus",
        docs: "\
Each key has one owner: the module that writes it and answers for its contents. When two modules declare the same
pattern, each can overwrite or trim what the other wrote, and neither sees it. Channels may have several publishers.

Let one module own the key and the other send its data to that module; or give each writer a name of its own, for
example with the module's name in it. Where two writers are meant (a shared counter), allow this rule for the key.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  hits:
    key: app:hits
    purpose: Requests served.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
keys:
  hits:
    key: app:hits
    purpose: Other requests served.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  hits:
    key: app:hits
    purpose: Requests served.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
keys:
  hits:
    key: app:other:hits
    purpose: Other requests served.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for meeting in meetings(registry).into_iter().filter(|meeting| meeting.alike && meeting.of_two_modules()) {
        let (Entry::Key(_), second) = (meeting.first, meeting.second) else { continue };
        if meeting.types(registry).is_some() {
            continue;
        }
        let first = meeting.first;
        let (one, other) = (&registry.module(first.module()).name, &registry.module(second.module()).name);
        let message = format!("the modules `{one}` and `{other}` both write `{}`", second.pattern());
        findings.push(
            second
                .finding(registry, &RULE.rule, message)
                .subject(format!("{one}.{}", first.name()))
                .at(second.pattern_span(registry))
                .caret(format!("claims `{}`", meeting.witness))
                .label(first.pattern_span(registry), format!("claims `{}` too", meeting.witness))
                .hint("let one module own the key, or give each writer a name of its own"),
        );
    }
}
