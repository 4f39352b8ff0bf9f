//! Names that writers may not make any more.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "param-narrowed",
        level: Level::Error,
        summary: "a param takes fewer values than it did",
        docs: "\
Writers that are deployed as they were make names that are undeclared now, and what is stored under them belongs to no
pattern.

Deploy the writers first, remove what is stored under the names that go, and narrow the param then.",
        bad: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: enum, values: [eu, us] } }
keys:
  cart:
    key: \"app:cart:{id}\"
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
params: { id: { type: enum, values: [eu] } }
keys:
  cart:
    key: \"app:cart:{id}\"
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
params: { id: { type: enum, values: [eu, us] } }
keys:
  cart:
    key: \"app:cart:{id}\"
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
params: { id: { type: enum, values: [us, eu] } }
keys:
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Writer,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_params(|change| change.narrower, "takes fewer values than it did", First::Writer)
}
