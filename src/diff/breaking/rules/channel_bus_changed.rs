//! Channels on another bus.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "channel-bus-changed",
        level: Level::Error,
        summary: "a channel moves to another bus",
        docs: "\
Subscribers stay where they were and hear nothing, without an error.

Publish on both buses for a while.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL }
  other: { env: OTHER_REDIS_URL }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL }
  other: { env: OTHER_REDIS_URL }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
    bus: other
",
        good: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL }
  other: { env: OTHER_REDIS_URL }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL }
  other: { env: OTHER_REDIS_URL }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
channels:
  news:
    channel: app:news
    purpose: What is new.
    message: text
    consumers: [{ name: reader, for: news }]
    bus: main
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_channels(|old, new| {
        let (was, is) = (&comparison.old.bus(old.bus?).name, &comparison.new.bus(new.bus?).name);
        let message = || format!("the channel `{}` is on {is} and was on {was}", new.pattern);
        (was != is).then(|| (&["bus"][..], message(), First::Neither, "publish on both buses for a while"))
    })
}
