//! Keys on another bus.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "key-bus-changed",
        level: Level::Error,
        summary: "a key moves to another bus",
        docs: "\
The same name on two buses is two keys: readers stay where they were, and what they find there is not written any
more.

Write both buses for a while, and leave the old one when no consumer is left.",
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    bus: main
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let (was, is) = (&comparison.old.bus(old.bus?).name, &comparison.new.bus(new.bus?).name);
        let message = || format!("`{}` is on {is} and was on {was}", new.pattern);
        (was != is).then(|| (&["bus"][..], message(), First::Neither, "write both buses for a while"))
    })
}
