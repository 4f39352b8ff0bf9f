//! Config variables that are read no more.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "config-removed",
        level: Level::Warning,
        summary: "a config variable is removed that deployments may set",
        docs: "\
A deployment that sets it goes on doing so, without an effect, and whoever turns it wonders.

Tell those who deploy, or go on reading it beside its successor for a while.",
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
    comparison.changed_config(|was, is| is.is_none().then(|| format!("{} is read no more", was.name)))
}
