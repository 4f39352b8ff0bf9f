//! Fields that must be there now.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "field-required",
        level: Level::Warning,
        summary: "a field of a hash or stream entry must be there and need not have been",
        docs: "\
What is stored may lack it, and so does what writers of before still write: `verify` finds both.

Deploy the writer first, and fill in what is stored.",
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
    fields: { items: { type: text, required: true } }
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
    breaks: Breaks::StoredData,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_fields(|was, is| {
        let required = !was.required && is.is_some_and(|is| is.required);
        required
            .then(|| (format!("the field `{}` must be there in", was.name), First::Writer, "fill in what is stored"))
    })
}
