//! Texts that are in no format any more.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, loosened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-format-loosened",
        level: Level::Error,
        summary: "a text of a payload need not have the format that it had",
        docs: "\
A reader of before refuses such a value, or takes it for something else. A reader that parses a date fails at the
first text that is none.

Deploy the readers first, with code that takes both.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: string, format: date-time } }
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
    properties: { symbol: { type: string }, value: { type: string } }
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
    loosened(comparison, &["format"], "{} need not have the format that it had")
}
