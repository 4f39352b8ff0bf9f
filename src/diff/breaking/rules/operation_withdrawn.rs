//! Ways of writing that readers may count on.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, readers};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "operation-withdrawn",
        level: Level::Warning,
        summary: "a module no longer writes a key in one of its ways",
        docs: "\
What that command did does not happen any more: an element is not added, an old value not removed, a field not
counted. Readers that count on it find the key as it was.

Ask the consumers whether they need it; where another command does the same, they do not.",
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
    operations: [SETEX, DEL]
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX, DEL]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let mut breaks = Vec::new();
    for (old, new) in comparison.keys.iter().filter(|(old, new)| old.redis_type == new.redis_type) {
        // A bound, a TTL or a lifecycle that changed is told of by its own rules; so is a message that is not sent.
        if old.retention != new.retention {
            continue;
        }
        for operation in old.operations.iter().filter(|operation| !new.has_operation(&operation.name)) {
            let publishes = operation.command.is_some_and(|command| command.publishes());
            if publishes || readers(&old.consumers).is_empty() {
                continue;
            }
            let message = format!("`{}` is no longer written by {}", new.pattern, operation.name);
            let hint = "see that nobody counts on it";
            let mut found = comparison.of_key((old, new), &["operations"], message, (First::Readers, hint));
            found.subject.clone_from(&operation.name);
            breaks.push(found);
        }
    }
    breaks
}
