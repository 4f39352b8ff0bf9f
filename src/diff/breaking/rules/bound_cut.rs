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
    let mut breaks = Vec::new();
    for (old, new) in &comparison.keys {
        let count =
            |registry: &Registry, key: &Key| registry.count(key.module, &key.retention.max_entries.as_ref()?.count);
        let Some(is) = count(comparison.new, new) else { continue };
        let was = count(comparison.old, old);
        if was.is_some_and(|was| was <= is) || was.is_none() && old.retention.max_entries.is_some() {
            continue;
        }
        let was = was.map_or("all".to_owned(), |was| was.to_string());
        let message = format!("`{}` holds {is} elements and held {was}", new.pattern);
        let hint = "let them be content with less";
        breaks.push(comparison.of_key((old, new), &["retention", "max_entries"], message, (First::Readers, hint)));
    }
    breaks
}
