//! Channels that are gone and have subscribers.

use crate::diff::breaking::comparison::{promised, weight_of_removal};
use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, readers};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "channel-removed",
        level: Level::Error,
        summary: "a channel is removed that somebody listens on",
        docs: "\
Subscribers that are deployed as they were hear nothing any more, without an error.

Publish on both ways for a while, and remove the channel when no consumer is left. One whose `remove_after` is over
is only noted.",
        bad: "\
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
# after
module: app
role: Serves requests.
bus: main
keys: {}
",
        good: "\
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
# after
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
    operations: [PUBLISH]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    // A stream in its place, and what was promised to stay, are told by rules of their own.
    let gone = comparison.gone_channels.iter().filter(|channel| comparison.stream_instead(channel).is_none());
    let heard = gone.filter(|channel| channel.consumers.iter().any(|consumer| !consumer.potential));
    heard
        .filter(|channel| promised(&channel.docs).is_none())
        .map(|channel| Break {
            message: format!("the channel `{}` is removed", channel.pattern),
            subject: String::new(),
            at: comparison.at_gone_channel(channel),
            affected: readers(&channel.consumers),
            first: First::Readers,
            level: weight_of_removal(&channel.docs),
            hint: "publish on both ways until no consumer is left".to_owned(),
        })
        .collect()
}
