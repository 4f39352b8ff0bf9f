//! Keys that are gone and have readers.

use crate::diff::breaking::comparison::{promised, weight_of_removal};
use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, readers};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "key-removed",
        level: Level::Error,
        summary: "a key is removed that somebody reads",
        docs: "\
Readers that are deployed as they were find nothing any more, or data that nobody writes.

Mark the entry `deprecated` first, and remove it when no consumer is left. A key that nobody reads may go at once,
and one whose `remove_after` is over is only noted.",
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
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
keys: {}
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    deprecated: { since: \"2\", replacement: basket }
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let read = comparison.gone_keys.iter().filter(|key| key.consumers.iter().any(|consumer| !consumer.potential));
    // What was promised to stay is told by a rule of its own.
    read.filter(|key| promised(&key.docs).is_none())
        .map(|key| Break {
            message: format!("the key `{}` is removed", key.pattern),
            subject: String::new(),
            at: comparison.at_gone_key(key),
            affected: readers(&key.consumers),
            first: First::Readers,
            level: weight_of_removal(&key.docs),
            hint: "mark it `deprecated`, and remove it when no consumer is left".to_owned(),
        })
        .collect()
}
