//! Data that may be older.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{Key, Registry, format_duration};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "freshness-relaxed",
        level: Level::Warning,
        summary: "data may be older than it could",
        docs: "\
Readers that trust it to be as fresh as it was take old data for new.

Let the readers look at the time in the data, or be content with it.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    freshness: 5s
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
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    freshness: 1m
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
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    freshness: 5s
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
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    freshness: 1s
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let fresh = |registry: &Registry, key: &Key| registry.duration(key.module, key.freshness.as_ref()?);
        let was = fresh(comparison.old, old)?;
        let is = fresh(comparison.new, new);
        if is.is_some_and(|is| is <= was) || is.is_none() && new.freshness.is_some() {
            return None;
        }
        let is = is.map_or("of any age".to_owned(), |is| format!("up to {} old", format_duration(is)));
        let message = format!("`{}` may be {is}, and was at most {} old", new.pattern, format_duration(was));
        Some((&["freshness"][..], message, First::Readers, "let them look at the time in the data"))
    })
}
