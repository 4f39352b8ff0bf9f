//! Keys whose parts are separated by another sign.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, PatternChange};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "separator-changed",
        level: Level::Error,
        summary: "the parts of a key are separated by another sign",
        docs: "\
To readers, and to globs such as those of ACLs and SCAN, it is another name. What was stored under the old one stays
there.

Write both names for a while, or leave the sign as it is.",
        bad: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{id}\"
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
    key: \"app:cart.{id}\"
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
    key: \"app:cart:{id}\"
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
params: { user: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{user}\"
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
        PatternChange::Separator,
        "has another separator: it was",
        "write both names for a while, and remove the old one when no consumer is left",
    )
}
