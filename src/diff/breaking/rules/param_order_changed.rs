//! Keys whose variable parts changed places.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, PatternChange};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "param-order-changed",
        level: Level::Error,
        summary: "the variable parts of a key changed places",
        docs: "\
A reader that fills in the values in their old order looks for another name, which may even exist and belong to
something else.

Leave the order as it is, or give the new form another first word, so that no name of one is a name of the other.",
        bad: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:{shop}:{id}:cart\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
# after
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:{id}:{shop}:cart\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
",
        good: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:{shop}:{id}:cart\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
# after
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:{shop}:{id}:cart\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.moved_keys(
        PatternChange::ParamOrder,
        "has its params in another order: it was",
        "write both names for a while, and remove the old one when no consumer is left",
    )
}
