//! Streams that are none any more.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "stream-replaced",
        level: Level::Error,
        summary: "a stream becomes a key of another type",
        docs: "\
Its consumers lose more than a type: ids to go on from, consumer groups, and what was delivered and not acknowledged.

Keep the stream until every consumer has read to its end; give the new key another name.",
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
    consumers: [{ name: reader, reads: [XREAD] }]
    entry: { item: text }
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
    retention: { ttl: none, max_entries: 100 }
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
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
    consumers: [{ name: reader, reads: [XREAD] }]
    entry: { item: text }
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
    retention: { ttl: none, max_entries: ~200 }
    consumers: [{ name: reader, reads: [XREAD] }]
    entry: { item: text }
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let (was, is) = (old.redis_type?, new.redis_type?);
        let replaced = was.name == "stream" && is.name != "stream";
        let message = || format!("`{}` is a {} and was a stream", new.pattern, is.name);
        replaced.then(|| (&["type"][..], message(), First::Neither, "keep the stream until all have read to its end"))
    })
}
