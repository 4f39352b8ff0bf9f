//! Messages in another encoding.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, is_encoding_changed};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "message-encoding-changed",
        level: Level::Error,
        summary: "messages of a channel have another encoding",
        docs: "\
A subscriber that parses the old one refuses the new, or reads it wrongly. Messages are not stored, so the moment of
the deployment is the moment of the break.

Let the subscribers take both first, or publish on another channel.",
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
    channel: app:news
    purpose: What is new.
    message: epoch_ms
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
    message: number
    consumers: [{ name: reader, for: news }]
# after
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: integer
    consumers: [{ name: reader, for: news }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_channels(|old, new| {
        let (was, is) = (old.message.as_ref()?, new.message.as_ref()?);
        let names = (comparison.new.value_name(is), comparison.old.value_name(was));
        let message = || format!("messages of `{}` are {} and were {}", new.pattern, names.0, names.1);
        is_encoding_changed(was, is).then(|| (&["message"][..], message(), First::Readers, "let them take both"))
    })
}
