//! Keys that are found in another way.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "found-by-changed",
        level: Level::Error,
        summary: "a key is found by another entry",
        docs: "\
Readers that go by the old entry get a name that is not kept up any more, and data as old as that.

Keep the old entry up until all readers go by the new one.",
        bad: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 } }
keys:
  first: { key: \"app:first\", purpose: Names the cart., type: string, value: text, operations: [SET], retention: { ttl: none }, consumers: [{ name: reader, reads: [GET] }] }
  second: { key: \"app:second\", purpose: Names the cart., type: string, value: text, operations: [SET], retention: { ttl: none }, consumers: [{ name: reader, reads: [GET] }] }
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
    found_by: first
# after
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 } }
keys:
  first: { key: \"app:first\", purpose: Names the cart., type: string, value: text, operations: [SET], retention: { ttl: none }, consumers: [{ name: reader, reads: [GET] }] }
  second: { key: \"app:second\", purpose: Names the cart., type: string, value: text, operations: [SET], retention: { ttl: none }, consumers: [{ name: reader, reads: [GET] }] }
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 9
    found_by: second
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
        let was = old.found_by.as_ref().filter(|_| old.found_by != new.found_by)?;
        let is = new.found_by.as_ref().map_or_else(|| "nothing".to_owned(), |is| format!("`{is}`"));
        let message = format!("`{}` is found by {is} and was found by `{was}`", new.pattern);
        Some((&["found_by"][..], message, First::Readers, "keep the old entry up until then"))
    })
}
