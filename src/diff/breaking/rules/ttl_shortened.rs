//! Data that is gone earlier than it was.

use std::time::Duration;

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::registry::{ModuleId, Registry, Ttl, format_duration};
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "ttl-shortened",
        level: Level::Error,
        summary: "a key expires earlier than it did",
        docs: "\
Readers that come as late as they always did find nothing.

Let the readers come earlier, or live with what is gone, before the TTL is cut.",
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
    operations: [SETEX]
    retention: { ttl: 10m }
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
        let was = shortest(comparison.old, old.module, old.retention.ttl.as_ref())?;
        let is = shortest(comparison.new, new.module, new.retention.ttl.as_ref())?;
        let message =
            || format!("`{}` expires after {}, not {}", new.pattern, format_duration(is), format_duration(was));
        let hint = "let them find nothing after the new TTL, and go on";
        (is < was).then(|| (&["retention", "ttl"][..], message(), First::Readers, hint))
    })
}

/// The shortest TTL that a write may set, by the defaults of config variables.
fn shortest(registry: &Registry, module: ModuleId, ttl: Option<&Ttl>) -> Option<Duration> {
    match ttl? {
        Ttl::None => None,
        Ttl::Fixed(amount) | Ttl::Sliding(amount) | Ttl::Range { min: amount, .. } => registry.duration(module, amount),
    }
}
