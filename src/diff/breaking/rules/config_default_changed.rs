//! Config variables with another default.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "config-default-changed",
        level: Level::Warning,
        summary: "a config variable has another default",
        docs: "\
Deployments that do not set it behave otherwise after the next one. What is bounded by it (a TTL, a number of entries)
has a rule of its own as well.

Tell those who deploy.",
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
  APP_LIMIT: { type: integer, default: 6 }
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
        let is = is.filter(|is| is.kind == was.kind && is.default.is_some() && is.default != was.default)?;
        was.default.as_ref()?;
        Some(format!("{} has another default", is.name))
    })
}
