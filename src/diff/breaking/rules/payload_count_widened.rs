//! More or fewer items than readers know.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, loosened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-count-widened",
        level: Level::Error,
        summary: "an array or object of a payload may hold more or fewer than it could",
        docs: "\
A reader that takes the first item for granted, or room for so many, relied on the count.

Deploy the readers first, with code that takes both.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: array, minItems: 1 } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: array } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number, title: The price. } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    loosened(
        comparison,
        &["minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties"],
        "{} may hold more or fewer than it could",
    )
}
