//! Changes of payloads that cannot be judged.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, loosened};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-changed-otherwise",
        level: Level::Warning,
        summary: "a payload changed by a keyword whose effect is not worked out",
        docs: "\
It may take more than before or less: if/then/else, dependentSchemas, patternProperties and a few others are compared
as texts.

Look at both forms; if all values of the new one fit the old one, set the level of this rule, or say the same by other
keywords.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
    dependentRequired: { value: [symbol] }
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
    properties: { symbol: { type: string }, value: { type: number } }
    dependentRequired: { symbol: [value] }
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
        &["other", "$ref", "patternProperties"],
        "{} changed by a keyword whose effect is not worked out",
    )
}
