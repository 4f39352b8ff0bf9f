//! Commands that no server has.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{did_you_mean, entries};
use crate::registry::Registry;
use crate::rule::Rule;
use crate::server::commands;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-operation",
        level: Level::Error,
        summary: "a command is named that neither Redis nor Valkey has",
        docs: "\
Operations and reads are commands by name. Generated writers, access lists and the check of traffic all start from
them, so that a misspelt name is a command that is never allowed and never seen.

Write the name alone, without options: `SET`, not `SET NX PX`. Subcommands have two words: `XGROUP CREATE`. Commands
of modules that keywire does not know (`MYMODULE.GET`) are not judged.",
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
    operations: [STE]
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
        let reads = entry.consumers().iter().flat_map(|consumer| &consumer.reads);
        let unknown = entry.operations().iter().chain(reads).filter(|operation| operation.command.is_none());
        for operation in unknown.filter(|operation| !is_foreign(&operation.name)) {
            let message = format!("there is no command `{}`", operation.name);
            findings.push(
                entry
                    .finding(registry, &RULE.rule, message)
                    .subject(&operation.name)
                    .at(operation.span)
                    .hint(hint(&operation.name)),
            );
        }
    }
}

/// A command of a module whose commands are not in the table: nothing is known of it.
fn is_foreign(name: &str) -> bool {
    name.split_once('.').is_some_and(|(module, _)| {
        let known = |command: &str| command.split_once('.').is_some_and(|(prefix, _)| prefix == module);
        !commands::names().any(known)
    })
}

fn hint(name: &str) -> String {
    let first = name.split(' ').next().filter(|first| *first != name && commands::get(first).is_some());
    match first {
        Some(first) => format!("write the command's name alone: `{first}`"),
        None => did_you_mean(name, commands::names(), "write the name of a Redis or Valkey command"),
    }
}
