//! Keys of another Redis type.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "key-type-changed",
        level: Level::Error,
        summary: "a key has another Redis type",
        docs: "\
Readers that are deployed as they were get WRONGTYPE, and so do writers that meet a key of the old type.

Use another name for the new type, write both for a while, and remove the old key when no consumer is left.",
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
    type: hash
    operations: [HSET, EXPIRE]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [HGETALL] }]
    fields: { items: text }
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
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let (was, is) = (old.redis_type?, new.redis_type?);
        // A stream that is one no more is told by a rule of its own.
        let changed = was.reply != is.reply && was.name != "stream";
        let message = || format!("`{}` is a {} and was a {}", new.pattern, is.name, was.name);
        changed.then(|| (&["type"][..], message(), First::Neither, "give the new type another name"))
    })
}
