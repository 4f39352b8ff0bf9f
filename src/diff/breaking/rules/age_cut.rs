//! Elements that go earlier.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{Key, Registry, format_duration};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "age-cut",
        level: Level::Error,
        summary: "elements of a container go earlier than they did",
        docs: "\
Readers that look back as far as they always did find a shorter past.

Let the readers be content with it first.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: zset
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 2h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
    member: text
    score: epoch_s
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: zset
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 1h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
    member: text
    score: epoch_s
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: zset
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 2h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
    member: text
    score: epoch_s
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: zset
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 3h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
    member: text
    score: epoch_s
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let age = |registry: &Registry, key: &Key| registry.duration(key.module, key.retention.max_age.as_ref()?);
        let (was, is) = (age(comparison.old, old)?, age(comparison.new, new)?);
        let says =
            || format!("elements of `{}` go after {}, not {}", new.pattern, format_duration(is), format_duration(was));
        (is < was)
            .then(|| (&["retention", "max_age"][..], says(), First::Readers, "let them be content with a shorter past"))
    })
}
