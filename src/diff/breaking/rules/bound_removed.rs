//! Containers without a bound.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::Key;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "bound-removed",
        level: Level::Warning,
        summary: "a container that was bounded is bounded no more",
        docs: "\
Memory grows with it, and readers that take all of it get more each time.

Keep a bound, of entries or of age; a sum or a list that grows on purpose says `lifecycle: cumulative`.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: list
    operations: [RPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
    consumers: [{ name: reader, reads: [LRANGE] }]
    element: text
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: list
    operations: [RPUSH]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [LRANGE] }]
    element: text
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: list
    operations: [RPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
    consumers: [{ name: reader, reads: [LRANGE] }]
    element: text
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: list
    operations: [RPUSH, LTRIM]
    retention: { ttl: none, max_entries: 200 }
    consumers: [{ name: reader, reads: [LRANGE] }]
    element: text
",
    },
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let bounded = |key: &Key| key.retention.max_entries.is_some() || key.retention.max_age.is_some();
        let removed = bounded(old) && !bounded(new) && old.redis_type == new.redis_type;
        let message = || format!("`{}` grows without a bound", new.pattern);
        removed.then(|| (&["retention"][..], message(), First::Operator, "see that memory is enough, or keep a bound"))
    })
}
