//! Commands that fail.

use crate::check::{CheckRule, Failure, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;
use crate::server::commands::{self, Group};

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "failed-command",
        level: Level::Error,
        summary: "commands are answered with an error",
        docs: "\
A program that passes over errors goes on without its data: WRONGTYPE for ever, OOM at night, NOPERM since the last
change of rights. MONITOR shows a failed command like any other; a proxy sees the answers, and the server counts them.

Mend the call, or the key, or the rights. Errors that clients provoke on purpose (NOSCRIPT before EVAL, BUSYGROUP,
MOVED, what an old server does not know of a client's greeting) are told as info.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: hash
    fields: { state: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGET, HGETALL], needs: [state] }]
# traffic
app> HSET app:status state up
app> HINCRBY app:status state 1
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: hash
    fields: { state: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGET, HGETALL], needs: [state] }]
# traffic
app> HSET app:status state up
app> HINCRBY app:status hits 1
",
    },
    judges: &[Judges::Failure(judge)],
};

/// Kinds of error that belong to an ordinary conversation; of what a gate refuses, the rule that is broken speaks.
const ORDINARY: &[&str] =
    &["KEYWIRE", "NOSCRIPT", "BUSYGROUP", "MOVED", "ASK", "TRYAGAIN", "LOADING", "MASTERDOWN", "UNBLOCKED"];

fn judge(failure: &Failure<'_>) -> Option<Problem> {
    let names = failure.commands.join(", ");
    let (subject, message) = match (failure.commands, failure.kind) {
        (_, Some(kind)) if failure.unknown_command => {
            (format!("unknown {kind}"), "calls of commands that the server does not know are refused".to_owned())
        }
        ([command], Some(kind)) => (format!("{command} {kind}"), format!("{command} is answered with {kind}")),
        (_, Some(kind)) => (kind.to_owned(), format!("calls are answered with {kind}")),
        (_, None) => (names.clone(), format!("calls of {names} are answered with an error")),
    };
    let hint = match failure.among {
        "" => "see what the program does with the error; mend the call, the key or the rights".to_owned(),
        among => format!("commands that failed meanwhile: {among}"),
    };
    let ordinary = failure.kind.is_some_and(|kind| ORDINARY.contains(&kind));
    let ordinary = ordinary || failure.unknown_command || is_greeting(failure);
    let problem = Problem::new(message, &["key"]).subject(subject).hint(hint);
    Some(Problem { level: ordinary.then_some(Level::Info), ..problem })
}

/// What clients send when they connect, and an older server does not know.
fn is_greeting(failure: &Failure<'_>) -> bool {
    let connects = |name: &&str| {
        let container = name.split(' ').next().unwrap_or(name);
        commands::get(container).is_some_and(|command| command.group == Group::Connection) || *name == "COMMAND DOCS"
    };
    let refused = failure.kind.is_none_or(|kind| kind == "ERR" || kind == "NOPROTO");
    refused && !failure.commands.is_empty() && failure.commands.iter().all(connects)
}
