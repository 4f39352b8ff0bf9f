//! Keys that may be missing.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "presence-withdrawn",
        level: Level::Error,
        summary: "a key that was always there may be missing",
        docs: "\
Readers that never met a missing key do now.

Let the readers live with it first.",
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
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    required: false
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
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
    required: false
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
    required: true
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let withdrawn = old.required && !new.required && old.pattern.is_static() && new.pattern.is_static();
        let message = || format!("`{}` need not be there any more", new.pattern);
        withdrawn.then(|| (&["required"][..], message(), First::Readers, "let them live with a missing key"))
    })
}
