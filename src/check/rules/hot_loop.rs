//! Reads that come again and again.

use crate::check::{CheckRule, Judges, Problem, Repetition};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "hot-loop",
        level: Level::Warning,
        summary: "a read is repeated too often, or goes over the whole keyspace",
        docs: "\
A loop without a pause costs the server as much as all other clients together, and finds nothing new. KEYS and SCAN
over all names cost the more the more keys there are, whoever owns them.

Wait between two reads, subscribe to a channel, or read with a blocking command. Let a static key, or a set of names,
say which keys there are, instead of searching for them. How often is too often says `--hot-loop`.",
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
app> KEYS app:*
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
reader> GET app:mode
",
    },
    judges: &[Judges::Repetition(judge)],
};

fn judge(repetition: &Repetition<'_>) -> Option<Problem> {
    let command = repetition.command.name.as_str();
    let caller = repetition.caller.name;
    let (message, hint) = match repetition.limit {
        Some(limit) => (
            format!("`{caller}` repeats the same {command} more than {limit} times a second"),
            "wait between two reads, subscribe, or use a blocking command",
        ),
        // What is searched for by name is the business of name-searched.
        None if matches!(command, "KEYS" | "SCAN") && repetition.searched.is_none() => (
            format!("`{caller}` goes over the whole keyspace with {command}"),
            "let a static key or a set of names say which keys there are",
        ),
        None => return None,
    };
    Some(Problem::new(message, &["key"]).subject(command).hint(hint))
}
