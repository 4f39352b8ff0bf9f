//! Consumer groups that are gone or called otherwise.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "group-withdrawn",
        level: Level::Error,
        summary: "a consumer group of a stream is renamed or removed",
        docs: "\
A new group begins where it is created: what the old one had not read yet is skipped, or what it had read is read
again; what was delivered and not acknowledged stays with the old one.

Let the old group read to its end, create the new one at that id, and remove the old one then.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
    entry: { item: text }
    groups: [workers]
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
    entry: { item: text }
    groups: [loaders]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
    entry: { item: text }
    groups: [workers]
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
    entry: { item: text }
    groups: [workers, loaders]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let mut breaks = Vec::new();
    for (old, new) in &comparison.keys {
        let gone = old.groups.iter().filter(|was| !new.groups.iter().any(|is| is.name == was.name));
        for group in gone.filter(|_| new.redis_type.is_some_and(|kind| kind.name == "stream")) {
            let message = format!("`{}` has no consumer group `{}` any more", new.pattern, group.name);
            let hint = "let it read to its end, and create another one at that id";
            let mut found = comparison.of_key((old, new), &["groups"], message, (First::Neither, hint));
            found.subject.clone_from(&group.name);
            breaks.push(found);
        }
    }
    breaks
}
