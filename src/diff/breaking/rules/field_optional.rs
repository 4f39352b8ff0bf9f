//! Fields that may be missing.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "field-optional",
        level: Level::Error,
        summary: "a field of a hash or stream entry may be missing",
        docs: "\
Readers that never met it missing do now.

Let the readers live with it first.",
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
    fields: { items: { type: text, required: true } }
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
    fields: { items: { type: text, purpose: What is in it. } }
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_fields(|was, is| {
        let optional = was.required && is.is_some_and(|is| !is.required);
        optional
            .then(|| (format!("the field `{}` may be missing in", was.name), First::Readers, "let them live with it"))
    })
}
