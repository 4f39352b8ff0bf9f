//! Scores in another unit.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, is_encoding_changed};
use crate::finding::Level;
use crate::registry::Shape;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "score-unit-changed",
        level: Level::Error,
        summary: "the scores of a zset have another unit",
        docs: "\
Members of before and after are sorted into each other wrongly, ranges by score find the wrong ones, and pruning by
score removes everything or nothing.

Use another key for the new unit.",
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
    retention: { ttl: none, max_age: 1h }
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
    score: epoch_ms
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
    retention: { ttl: none, max_age: 1h }
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
    retention: { ttl: none, max_age: 2h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
    member: text
    score: epoch_s
",
    },
    breaks: Breaks::StoredData,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let (Shape::Scored { score: was, .. }, Shape::Scored { score: is, .. }) = (&old.shape, &new.shape) else {
            return None;
        };
        let names = (comparison.new.value_name(is), comparison.old.value_name(was));
        let message = || format!("the scores of `{}` are {} and were {}", new.pattern, names.0, names.1);
        is_encoding_changed(was, is).then(|| (&["score"][..], message(), First::Neither, "use another key"))
    })
}
