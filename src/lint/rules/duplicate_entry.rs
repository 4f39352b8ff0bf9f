//! Names of entries that generated code could not tell apart.

use std::collections::BTreeMap;

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::registry::{ModuleId, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "duplicate-entry",
        level: Level::Error,
        summary: "two entries of a module have the same name in generated code",
        docs: "\
The name of an entry names the generated code: types, methods, anchors of the docs. A key and a channel of one module
with the same name, or names that differ in case or punctuation only, would give one name twice.

Rename one of the two. A key that also publishes needs no channel of its own: PUBLISH among its operations declares
it.",
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
channels:
  state:
    channel: app:state:changes
    purpose: Changes of the state.
    message: text
    consumers: [{ name: reader, reads: [SUBSCRIBE] }]
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
channels:
  state_changes:
    channel: app:state:changes
    purpose: Changes of the state.
    message: text
    consumers: [{ name: reader, reads: [SUBSCRIBE] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let mut known: BTreeMap<(ModuleId, String), Entry<'_>> = BTreeMap::new();
    for entry in entries(registry) {
        let Some(first) = known.insert((entry.module(), plain(entry.name())), entry) else { continue };
        let message = format!("`{}` and `{}` would have one name in generated code", first.name(), entry.name());
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .subject(first.kind())
                .at(entry.name_span(registry))
                .label(first.name_span(registry), format!("the {} of that name", first.kind()))
                .hint("rename one of the two"),
        );
    }
}

/// What is left of a name in any style of code.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
