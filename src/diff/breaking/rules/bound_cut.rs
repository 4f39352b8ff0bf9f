//! Containers that hold less.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{Key, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "bound-cut",
        level: Level::Error,
        summary: "a container holds fewer elements than it did",
        docs: "\
Readers that look back as far as they always did find less; of a stream, entries that a slow consumer has not read yet
are gone.

Let the readers be content with less first.",
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
    operations: [RPUSH, LTRIM]
    retention: { ttl: none, max_entries: 50 }
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
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let count =
            |registry: &Registry, key: &Key| registry.count(key.module, &key.retention.max_entries.as_ref()?.count);
        let is = count(comparison.new, new)?;
        let was = count(comparison.old, old);
        if was.is_some_and(|was| was <= is) || was.is_none() && old.retention.max_entries.is_some() {
            return None;
        }
        let was = was.map_or("all".to_owned(), |was| was.to_string());
        let message = format!("`{}` holds {is} elements and held {was}", new.pattern);
        Some((&["retention", "max_entries"][..], message, First::Readers, "let them be content with less"))
    })
}
