//! Batches that are written piece by piece.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "atomicity-withdrawn",
        level: Level::Error,
        summary: "a module writes its batches in one transaction no more",
        docs: "\
Readers of several keys see some of a batch and not the rest.

Let the readers live with it first, or keep `atomic: true`.",
        bad: "\
module: app
role: Serves requests.
bus: main
atomic: true
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
atomic: true
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
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_modules(|old, new| {
        let message = || format!("{} writes its batches in one transaction no more", new.name);
        let hint = "let readers of several keys live with it";
        (old.atomic && !new.atomic).then(|| ("atomic", message(), First::Readers, hint))
    })
}
