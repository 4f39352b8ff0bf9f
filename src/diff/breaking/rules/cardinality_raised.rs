//! Patterns with more keys.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{Key, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "cardinality-raised",
        level: Level::Warning,
        summary: "a pattern may have more keys than it could",
        docs: "\
Memory grows with their number, and so does the time of those who read all of them.

See that memory is enough, and that no reader takes all keys at once.",
        bad: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 100
# after
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 1000
",
        good: "\
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 100
# after
module: app
role: Serves requests.
bus: main
params: { id: { type: integer, min: 0 }, shop: { type: string } }
keys:
  cart:
    key: \"app:cart:{id}\"
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
    cardinality: 50
",
    },
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    comparison.changed_keys(|old, new| {
        let count = |registry: &Registry, key: &Key| registry.count(key.module, key.cardinality.as_ref()?);
        let (was, is) = (count(comparison.old, old)?, count(comparison.new, new)?);
        let message = || format!("`{}` may have {is} keys, and had at most {was}", new.pattern);
        (is > was).then(|| (&["cardinality"][..], message(), First::Operator, "see that memory is enough"))
    })
}
