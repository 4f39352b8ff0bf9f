//! Channels that become streams.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, readers};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "channel-to-stream",
        level: Level::Error,
        summary: "a channel becomes a stream",
        docs: "\
Subscribers hear nothing any more: a stream is read by XREAD or XREADGROUP, and keeps what a channel forgets.

Publish and add for a while; remove the channel when all read the stream.",
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
keys:
  news:
    key: app:news
    purpose: What is new.
    type: stream
    entry: { item: text }
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREAD] }]
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
keys:
  log:
    key: app:news:log
    purpose: What is new.
    type: stream
    entry: { item: text }
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREAD] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let replaced =
        comparison.gone_channels.iter().filter_map(|channel| Some((channel, comparison.stream_instead(channel)?)));
    replaced
        .map(|(channel, stream)| Break {
            message: format!("the channel `{}` is a stream now, `{}`", channel.pattern, stream.pattern),
            subject: String::new(),
            at: comparison.at_key(stream, &[]),
            affected: readers(&channel.consumers),
            first: First::Neither,
            level: None,
            hint: "publish and add until all read the stream".to_owned(),
        })
        .collect()
}
