//! Properties that readers may miss.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, schema_breaks};
use crate::diff::schema::SchemaChange;
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "payload-property-removed",
        level: Level::Error,
        summary: "a property of a payload is removed, or need not be there any more",
        docs: "\
A reader that relies on it gets a value without it. It is an error where a consumer `needs` the property or says nothing of what it
needs, and a warning where all say that they need others.

Let the readers do without it first; or write both for a while, and mark the old one `deprecated: true` in its schema.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol]
    properties: { symbol: { type: string } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
# after
module: app
role: Serves requests.
bus: main
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number, title: The price. } }
keys:
  price:
    key: app:price
    purpose: The last price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET], needs: [symbol, value] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let gone = |change: &SchemaChange| match change.keyword {
        "required" => change.wider,
        "properties" => change.wider && change.new.is_none(),
        _ => false,
    };
    schema_breaks(comparison, First::Readers, gone, "{} may be missing")
}
