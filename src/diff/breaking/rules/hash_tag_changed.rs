//! Keys that go to another slot of a cluster.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, PatternChange};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "hash-tag-changed",
        level: Level::Error,
        summary: "the hash tag of a key changed, so that it goes to another slot",
        docs: "\
In a cluster the part in braces decides the slot. The name is another one, what was stored stays under the old one,
and commands on several keys that shared a slot are refused (CROSSSLOT).

Write both names for a while; change all keys of one transaction together.",
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
    key: \"app:cart:{{{id}}}\"
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
    key: \"app:cart:{{{id}}}\"
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
    key: \"app:cart:{{{user}}}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
",
    },
    breaks: Breaks::StoredData,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.moved_keys(
        PatternChange::HashTag,
        "has another hash tag: it was",
        "write both names for a while, and remove the old one when no consumer is left",
    )
}
