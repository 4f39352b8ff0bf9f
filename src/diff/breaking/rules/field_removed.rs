//! Fields that are gone.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "field-removed",
        level: Level::Error,
        summary: "a field of a hash or stream entry is removed",
        docs: "\
Readers that are deployed as they were find it missing, or as it was left.

Write it for as long as somebody reads it. A consumer that `needs` other fields alone is not concerned.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: hash
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
    fields: { items: text, sum: number }
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: hash
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
    fields: { items: text }
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: hash
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
    fields: { items: text }
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: hash
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGETALL] }]
    fields: { items: text, sum: number }
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_fields(|was, is| {
        let message = || format!("the field `{}` is removed from", was.name);
        is.is_none().then(|| (message(), First::Readers, "write it for as long as somebody reads it"))
    })
}
