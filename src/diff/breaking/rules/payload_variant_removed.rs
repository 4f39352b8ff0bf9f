//! Variants that are not allowed any more.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, tightened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-variant-removed",
        level: Level::Error,
        summary: "a payload may not have a variant that it could have, or meets a new condition",
        docs: "\
What is stored, and what writers of before still write, is refused by whoever checks values by the new schema.

Deploy the writers first, wait until what was stored is gone or rewrite it, and narrow the schema then.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    anyOf:
      - { type: object, required: [bid], properties: { bid: { type: number } } }
      - { type: object, required: [ask], properties: { ask: { type: number } } }
      - { type: object, required: [mid], properties: { mid: { type: number } } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    anyOf:
      - { type: object, required: [bid], properties: { bid: { type: number } } }
      - { type: object, required: [ask], properties: { ask: { type: number } } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    anyOf:
      - { type: object, required: [bid], properties: { bid: { type: number } } }
      - { type: object, required: [ask], properties: { ask: { type: number } } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    anyOf:
      - { type: object, required: [bid], properties: { bid: { type: number, title: Bid. } } }
      - { type: object, required: [ask], properties: { ask: { type: number } } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::StoredData,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    tightened(comparison, &["oneOf", "anyOf", "allOf", "not"], "{} may not have a variant that it could have")
}
