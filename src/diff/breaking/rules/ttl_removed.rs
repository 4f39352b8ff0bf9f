//! Keys that expired.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::Ttl;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "ttl-removed",
        level: Level::Warning,
        summary: "a key that expired stays for ever",
        docs: "\
Memory grows by every name that was ever written, and readers that took a missing key for an old one find it for ever.
Keys that are stored keep the TTL that they have until they are written again.

Keep the TTL, or say what else bounds the number of keys.",
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
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none }
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
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let removed = new.retention.ttl == Some(Ttl::None) && !matches!(old.retention.ttl, None | Some(Ttl::None));
        let message = || format!("`{}` stays for ever, and expired", new.pattern);
        let hint = "see that memory is enough for all that will be written";
        removed.then(|| (&["retention", "ttl"][..], message(), First::Operator, hint))
    })
}
