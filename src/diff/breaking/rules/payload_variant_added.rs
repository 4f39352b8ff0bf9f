//! Variants that readers do not know.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, loosened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-variant-added",
        level: Level::Error,
        summary: "a payload may have a variant, or miss a condition, that readers count on",
        docs: "\
A reader of before does not know the variant: none of its branches fits.

Deploy the readers first, with code that takes both.",
        bad: "\
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
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    loosened(comparison, &["oneOf", "anyOf", "allOf", "not"], "{} may have a variant that it could not have")
}
