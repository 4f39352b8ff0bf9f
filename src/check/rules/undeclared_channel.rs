//! Channels that nobody declares.

use crate::check::{ChannelUse, CheckRule, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "undeclared-channel",
        level: Level::Error,
        summary: "a channel is used that nobody declares",
        docs: "\
Messages that nobody declared reach nobody who could be asked about them; a subscriber of such a channel may wait for
ever. Commonly publisher and subscriber spell the name differently, or are on different buses.

Declare the channel with its message and its consumers, or correct the name.",
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
  changes: { channel: app:changes, purpose: Tells of changes., message: text, consumers: [{ name: reader, reads: [SUBSCRIBE] }] }
# traffic
app> SET app:mode fast
app> PUBLISH app:change fast
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
  changes: { channel: app:changes, purpose: Tells of changes., message: text, consumers: [{ name: reader, reads: [SUBSCRIBE] }] }
# traffic
app> SET app:mode fast
app> PUBLISH app:changes fast
",
    },
    judges: &[Judges::Channel(judge)],
};

fn judge(used: &ChannelUse<'_>) -> Option<Problem> {
    if used.channel.is_some() {
        return None;
    }
    let verb = if used.command.publishes() { "publishes to" } else { "subscribes to" };
    let (message, hint) = match used.elsewhere {
        Some(bus) => {
            (format!("`{}` {verb} it here; it is declared on the bus `{bus}`", used.caller.name), "connect to that bus")
        }
        None => (
            format!("`{}` {verb} it, and nobody declares it", used.caller.name),
            "declare the channel with its message and consumers, or correct the name",
        ),
    };
    Some(Problem::new(message, &[]).hint(hint))
}
