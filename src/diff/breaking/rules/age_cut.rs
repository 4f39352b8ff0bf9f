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
    let mut breaks = Vec::new();
    for (old, new) in &comparison.keys {
        let age = |registry: &Registry, key: &Key| registry.duration(key.module, key.retention.max_age.as_ref()?);
        let (Some(was), Some(is)) = (age(comparison.old, old), age(comparison.new, new)) else { continue };
        if is < was {
            let (was, is) = (format_duration(was), format_duration(is));
            let message = format!("elements of `{}` go after {is}, not {was}", new.pattern);
            let hint = "let them be content with a shorter past";
            breaks.push(comparison.of_key((old, new), &["retention", "max_age"], message, (First::Readers, hint)));
        }
    }
    breaks
}
