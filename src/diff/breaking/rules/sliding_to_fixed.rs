//! Keys that stayed while they were used.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::Ttl;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "sliding-to-fixed",
        level: Level::Error,
        summary: "a TTL that each write renewed does so no more",
        docs: "\
What was in use stayed; now it goes a fixed time after the write that began it, in the middle of its use.

Let the readers live with that first, or give the fixed TTL the length of the longest use.",
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
    retention: { ttl: sliding 1h }
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
    retention: { ttl: sliding 1h }
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
    retention: { ttl: sliding 2h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let slid = matches!(old.retention.ttl, Some(Ttl::Sliding(_)));
        let fixed = matches!(new.retention.ttl, Some(Ttl::Fixed(_) | Ttl::Range { .. }));
        let message = || format!("the TTL of `{}` is not renewed by each write any more", new.pattern);
        let hint = "let them live with a key that goes while it is in use";
        (slid && fixed).then(|| (&["retention", "ttl"][..], message(), First::Readers, hint))
    })
}
