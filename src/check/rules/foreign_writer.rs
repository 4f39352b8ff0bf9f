//! Writes to what belongs to someone else.

use crate::check::{ChannelUse, CheckRule, Judges, KeyUse, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "foreign-writer",
        level: Level::Error,
        summary: "a key or channel is written by someone who does not own it",
        docs: "\
Two writers of one key overwrite each other, and each breaks what the other promised. A key has one owner; whoever
else wants it changed asks the owner.

Let the owner write it; or move the key to the module that really writes it; or, where a consumer takes out what it
reads (LPOP, XACK), name that command among its reads.",
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
reader> SET app:mode slow
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
    judges: &[Judges::Use(judge), Judges::Channel(on_channel)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let foreign = used.caller.party.is_some() && !used.by_owner() && used.writes() && used.key.effect.is_some();
    // A consumer's place in a stream is its own; whether it says so in the registry, undeclared-operation asks.
    let own_place = used.keeps_place() && used.rows().next().is_some();
    if !foreign || own_place || used.is_read_of(used.rows()) {
        return None;
    }
    let command = &used.call.command.name;
    Some(problem(used.caller.name, command, &used.owner.name))
}

fn on_channel(used: &ChannelUse<'_>) -> Option<Problem> {
    let channel = used.channel.filter(|_| used.command.publishes())?;
    let foreign = used.caller.party.is_some() && !used.caller.is_module(channel.module);
    foreign.then(|| problem(used.caller.name, &used.command.name, "another module"))
}

fn problem(caller: &str, command: &str, owner: &str) -> Problem {
    let message = format!("`{caller}` writes it with {command}; it belongs to {owner}");
    let hint = format!("let {owner} write it, or declare it in the module that does");
    Problem::new(message, &["operations"]).subject(command).hint(hint)
}
