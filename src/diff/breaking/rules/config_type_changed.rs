//! Config variables of another type.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "config-type-changed",
        level: Level::Error,
        summary: "a config variable has another type",
        docs: "\
What deployments set may not be read any more, or means something else: 5 seconds and 5 milliseconds are both a
number.

Give the new form another name, and read both for a while.",
        bad: "\
module: app
role: Serves requests.
bus: main
config:
  APP_LIMIT: { type: seconds, default: 5 }
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
  APP_LIMIT: { type: milliseconds, default: 5000 }
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
  APP_LIMIT: { type: integer, default: 5 }
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
  APP_LIMIT: { type: integer, default: 5, about: How many. }
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
        let is = is.filter(|is| is.kind != was.kind)?;
        Some(format!("{} has another type", is.name))
    })
}
