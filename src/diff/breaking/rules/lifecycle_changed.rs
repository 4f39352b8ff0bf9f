//! Keys whose old data has another fate.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{Key, Ttl};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "lifecycle-changed",
        level: Level::Warning,
        summary: "old data of a key has another fate",
        docs: "\
A sum that is overwritten loses what was counted, and what was pruned or overwritten grows when it becomes cumulative.

Tell the readers, who compare with values of before; a new meaning deserves a new name.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
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
    value: integer
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
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
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
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
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET] }]
    freshness: 1h
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        // A TTL or a bound that came or went says the same, and more.
        let bounds = |key: &Key| {
            let ttl = !matches!(key.retention.ttl, None | Some(Ttl::None));
            (ttl, key.retention.max_entries.is_some(), key.retention.max_age.is_some())
        };
        let (was, is) = (old.retention.lifecycle?, new.retention.lifecycle?);
        let message = || format!("old data of `{}` is {} and was {}", new.pattern, is.as_str(), was.as_str());
        let hint = "tell those who compare with values of before";
        (was != is && bounds(old) == bounds(new))
            .then(|| (&["retention", "lifecycle"][..], message(), First::Readers, hint))
    })
}
