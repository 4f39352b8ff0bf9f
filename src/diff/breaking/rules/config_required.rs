//! Config variables that must be set now.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::registry::ConfigVariable;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "config-required",
        level: Level::Error,
        summary: "a config variable must be set and need not have been",
        docs: "\
A deployment that does not set it does not start.

Set it everywhere first.",
        bad: "\
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
  APP_LIMIT: { type: integer }
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
        let must = |variable: &ConfigVariable| variable.default.is_none() && !variable.optional;
        let is = is.filter(|is| must(is) && !must(was))?;
        Some(format!("{} must be set", is.name))
    })
}
