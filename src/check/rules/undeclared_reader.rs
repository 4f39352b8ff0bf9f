//! Readers that nobody declared.

use crate::check::{ChannelUse, CheckRule, Judges, KeyUse, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "undeclared-reader",
        level: Level::Error,
        summary: "a key or channel is read by someone who is no consumer of it",
        docs: "\
Its owner does not know of this reader, and will break it with the next change. Who needs what is the half of a
contract that only the readers can tell.

Add the reader to the consumers of the key, with the commands and fields that it needs; or let it read something else.",
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
channels:
  changes: { channel: app:changes, purpose: Tells of changes., message: text, consumers: [{ name: app, reads: [SUBSCRIBE] }] }
# traffic
app> SET app:mode fast
reader> SUBSCRIBE app:changes
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
channels:
  changes: { channel: app:changes, purpose: Tells of changes., message: text, consumers: [{ name: app, reads: [SUBSCRIBE] }] }
# traffic
app> SET app:mode fast
reader> GET app:mode
",
    },
    judges: &[Judges::Use(judge), Judges::Channel(on_channel)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let reads = !used.writes() && used.fits_type();
    let known = match used.caller.party {
        Some(_) => used.by_owner() || used.rows().next().is_some(),
        // Who it is cannot be told: enough that somebody reads it so.
        None => used.only_asks() || used.is_read_of(used.plan.key.consumers.iter()) || used.is_operation(),
    };
    (reads && !known).then(|| problem(used.caller.name, &used.call.command.name))
}

fn on_channel(used: &ChannelUse<'_>) -> Option<Problem> {
    let channel = used.channel.filter(|_| used.command.subscribes())?;
    let known = used.caller.party.is_none() || used.rows().next().is_some() || used.caller.is_module(channel.module);
    (!known).then(|| problem(used.caller.name, &used.command.name))
}

fn problem(caller: &str, command: &str) -> Problem {
    let message = format!("`{caller}` reads it with {command}, and is no consumer of it");
    Problem::new(message, &["consumers"]).subject(command).hint("add it to the consumers, with what it needs")
}
