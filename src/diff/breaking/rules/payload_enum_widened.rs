//! Words that readers do not know.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, loosened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-enum-widened",
        level: Level::Error,
        summary: "a value of a payload may be a word that it could not be",
        docs: "\
A reader of before does not know the word: at best it falls into the branch for anything else, at worst it fails.

Deploy the readers first, with code that takes both.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { enum: [1, 2] } }
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
    properties: { symbol: { type: string }, value: { enum: [1, 2, 3] } }
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
    properties: { symbol: { type: string }, value: { enum: [1, 2] } }
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
    properties: { symbol: { type: string }, value: { enum: [2, 1] } }
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
    loosened(comparison, &["enum", "const"], "{} may be a word that it could not be")
}
