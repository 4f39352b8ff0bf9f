//! Keys that did not expire.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::Ttl;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "ttl-added",
        level: Level::Error,
        summary: "a key that stayed for ever expires",
        docs: "\
Readers that never found it missing do now, the first time that its writer pauses for longer than the TTL.

Let the readers live with a missing key first.",
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
    operations: [SETEX]
    retention: { ttl: 2h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let added = old.retention.ttl == Some(Ttl::None) && !matches!(new.retention.ttl, None | Some(Ttl::None));
        let message = || format!("`{}` expires, and stayed for ever", new.pattern);
        added.then(|| (&["retention", "ttl"][..], message(), First::Readers, "let them live with a missing key"))
    })
}
