//! Channels under another name.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, pattern_change};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "channel-renamed",
        level: Level::Error,
        summary: "a channel has another name",
        docs: "\
Subscribers that are deployed as they were go on listening on the old one, and hear nothing, without an error.

Publish on both for a while.",
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
channels:
  news:
    channel: app:updates
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
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
    comparison.changed_channels(|old, new| {
        let message = || format!("the channel `{}` was called `{}`", new.pattern, old.pattern);
        pattern_change(&old.pattern, &new.pattern)
            .map(|_| (&["channel"][..], message(), First::Neither, "publish on both for a while"))
    })
}
