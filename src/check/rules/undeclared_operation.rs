//! Commands that are not declared.

use crate::check::{ChannelUse, CheckRule, Judges, KeyUse, Problem, Repetition};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "undeclared-operation",
        level: Level::Error,
        summary: "a command is used on a key that declares others",
        docs: "\
Who reads the registry expects other writes than there are: another command may drop a TTL, grow a key past its trim, or
change what readers rely on. FLUSHALL and FLUSHDB remove what belongs to all.

Use a declared command, or declare this one among the key's operations, or among the consumer's reads. What keeps the
declared retention (EXPIRE where a TTL is declared, a trim where a bound is) need not be declared; asking whether a key is
there, or for how long, is told as info.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
app> APPEND app:mode er
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
",
    },
    judges: &[Judges::Use(judge), Judges::Channel(on_channel), Judges::Repetition(on_all)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    if used.is_operation() && used.by_owner() || used.is_read_of(used.rows()) || !used.fits_type() {
        return None;
    }
    let command = &used.call.command.name;
    let operations = list(used.plan.key.operations.iter().map(|operation| operation.name.as_str()));
    let problem = |message: String| Some(Problem::new(message, &["operations"]).subject(command).hint(HINT));
    match used.caller.party {
        // Another writer is foreign-writer's business, a reader without a row undeclared-reader's.
        Some(_) if !used.by_owner() && (used.writes() && !used.keeps_place() || used.rows().next().is_none()) => None,
        Some(_) if used.by_owner() => {
            let verb = if used.writes() { "writes" } else { "reads" };
            let subject = used.caller.name;
            let found = problem(format!("`{subject}` {verb} it with {command}; declared are {operations}"));
            // What an owner reads of its own breaks nobody; it is only not written down.
            let level = (!used.writes()).then_some(if used.only_asks() { Level::Info } else { Level::Warning });
            found.map(|problem| Problem { level, ..problem })
        }
        Some(_) => {
            let reads = list(used.rows().flat_map(|row| &row.reads).map(|read| read.name.as_str()));
            let found = problem(format!("`{}` reads it with {command}; declared for it are {reads}", used.caller.name));
            let level = used.only_asks().then_some(Level::Info);
            found.map(|problem| Problem { level, ..problem })
        }
        None if !used.writes() || used.is_operation() || used.is_read_of(used.plan.key.consumers.iter()) => None,
        None => problem(format!("it is written with {command}; declared are {operations}")),
    }
}

const HINT: &str = "use a declared command, or declare this one";

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A declared party that publishes or subscribes in another way than declared.
fn on_channel(used: &ChannelUse<'_>) -> Option<Problem> {
    let channel = used.channel?;
    let command = &used.command.name;
    let (verb, declared) = if used.command.publishes() {
        let own = used.caller.is_module(channel.module) && !channel.operations.iter().any(|it| it.name == *command);
        ("publishes", own.then(|| list(channel.operations.iter().map(|operation| operation.name.as_str())))?)
    } else {
        let reads: Vec<&str> = used.rows().flat_map(|row| &row.reads).map(|read| read.name.as_str()).collect();
        if used.is_read() || reads.is_empty() {
            return None; // Who is no consumer at all is undeclared-reader's business.
        }
        ("subscribes", list(reads.into_iter()))
    };
    let message = format!("`{}` {verb} with {command}; declared are {declared}", used.caller.name);
    Some(Problem::new(message, &["operations"]).subject(command).hint(HINT))
}

/// Writes that name no key: they act on all of them.
fn on_all(repetition: &Repetition<'_>) -> Option<Problem> {
    let command = repetition.command.name.as_str();
    let wipes = matches!(command, "FLUSHALL" | "FLUSHDB" | "SWAPDB");
    wipes.then(|| {
        let message = format!("`{}` uses {command}, which acts on the keys of all", repetition.caller.name);
        Problem::new(message, &[]).subject(command).hint("delete your own keys by name")
    })
}
