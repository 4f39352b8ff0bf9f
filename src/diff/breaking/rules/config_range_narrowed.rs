//! Config variables that take less.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "config-range-narrowed",
        level: Level::Error,
        summary: "a config variable takes fewer values than it did",
        docs: "\
A deployment that sets one of the others does not start.

Set it to a value that both take, everywhere, first.",
        bad: "\
module: app
role: Serves requests.
bus: main
config:
  APP_LIMIT: { type: integer, default: 5, max: 100 }
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
config:
  APP_LIMIT: { type: integer, default: 5, max: 50 }
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
config:
  APP_LIMIT: { type: integer, default: 5, max: 50 }
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
config:
  APP_LIMIT: { type: integer, default: 5, max: 100 }
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_config(|was, is| {
        let is = is?;
        let raised = is.min.is_some_and(|min| was.min.is_none_or(|before| min > before));
        let lowered = is.max.is_some_and(|max| was.max.is_none_or(|before| max < before));
        (raised || lowered).then(|| format!("{} takes fewer values", is.name))
    })
}
