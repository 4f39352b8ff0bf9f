//! Commands among the operations that write nothing.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "operation-not-writing",
        level: Level::Warning,
        summary: "an operation does not write",
        docs: "\
Operations are the commands with which the module writes its key. A command that only reads is not one of them: it
widens what generated access lists allow, and hides in review that nothing is written.

Move it to the `reads` of a consumer; a module that reads what it wrote is a consumer of its own key.",
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
    operations: [SET, GET]
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
        for operation in entry.operations() {
            let Some(command) = operation.command else { continue };
            let writes = match entry {
                Entry::Key(_) => command.is_write() || command.publishes() || command.runs_code(),
                Entry::Channel(_) => command.publishes() || command.runs_code(),
            };
            if writes {
                continue;
            }
            let (message, hint) = if command.is_container() {
                let all =
                    command.subcommands().map(|command| format!("`{}`", command.name)).collect::<Vec<_>>().join(", ");
                (format!("`{}` alone does nothing", operation.name), format!("name the subcommand: {all}"))
            } else {
                let verb = if matches!(entry, Entry::Key(_)) { "write" } else { "publish" };
                let hint = "move it to the `reads` of a consumer, which may be this module".to_owned();
                (format!("`{}` does not {verb}", operation.name), hint)
            };
            let finding = entry.finding(registry, &RULE.rule, message).subject(&operation.name).at(operation.span);
            findings.push(finding.hint(hint));
        }
    }
}
