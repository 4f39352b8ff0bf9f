//! Keys that another module writes.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "owner-moved",
        level: Level::Warning,
        summary: "a key has another module as its writer",
        docs: "\
While both are deployed two write it, each not knowing of the other, and ACL users of the old one go on being allowed
to.

Stop the old writer before the new one starts, and renew the users (`keywire acl`).",
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
# file: modules/shop.yaml
module: shop
role: Sells.
bus: main
# after
module: app
role: Serves requests.
bus: main
keys: {}
# file: modules/shop.yaml
module: shop
role: Sells.
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
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let mut breaks = Vec::new();
    for (old, new) in &comparison.keys {
        let (was, is) = (&comparison.old.module(old.module).name, &comparison.new.module(new.module).name);
        if was != is {
            let message = format!("`{}` is written by {is} and was written by {was}", new.pattern);
            let hint = format!("stop {was} before {is} starts");
            breaks.push(comparison.of_key((old, new), &[], message, (First::Operator, &hint)));
        }
    }
    breaks
}
