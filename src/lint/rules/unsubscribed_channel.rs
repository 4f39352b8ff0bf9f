//! Channels to which nobody subscribes.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;

use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unsubscribed-channel",
        level: Level::Warning,
        summary: "nobody subscribes to a channel",
        docs: "\
A message on a channel is gone when nobody listens. A channel without subscribers is work for nothing, or has
subscribers of whom the contract does not know. When all are only `potential`, this is a note.

List the subscribers under `consumers`. For a key that publishes (PUBLISH among its operations) a subscriber is a
consumer whose reads hold SUBSCRIBE.",
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
    operations: [SET, PUBLISH]
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
    operations: [SET, PUBLISH]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET, SUBSCRIBE] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let unheard = |channel: &&crate::registry::Channel| channel.consumers.iter().all(|consumer| consumer.potential);
    for channel in registry.channels.iter().filter(unheard) {
        let span = match (channel.from_key, channel.operations.first()) {
            (Some(_), Some(publish)) => publish.span,
            _ => registry.name_span(&channel.address),
        };
        let yet = if channel.consumers.is_empty() { "" } else { " yet" };
        let message = format!("nobody subscribes to `{}`{yet}", channel.pattern);
        let mut finding = RULE.rule.finding(message).of_channel(registry, channel).at(span);
        if !channel.consumers.is_empty() {
            finding.level = Level::Info;
        }
        findings.push(finding.hint("list the subscribers under `consumers`, with SUBSCRIBE among their reads"));
    }
}
