//! Entries that are removed before the date that their deprecation promised.

use crate::diff::breaking::comparison::promised;
use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, readers};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "removed-before-date",
        level: Level::Error,
        summary: "a deprecated entry is removed before the date that was promised",
        docs: "\
Whoever reads it counts on `remove_after`, whether or not the registry knows of them.

Wait for the date, or agree on an earlier one first, in a change of its own.",
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
    deprecated: { since: \"2\", replacement: basket, remove_after: \"2999-12-31\" }
# after
module: app
role: Serves requests.
bus: main
keys: {}
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
    deprecated: { since: \"2\", replacement: basket, remove_after: \"2999-12-31\" }
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
    deprecated: { since: \"2\", replacement: basket, remove_after: \"2999-12-31\" }
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let keys = comparison.gone_keys.iter().filter_map(|key| {
        let date = promised(&key.docs)?;
        Some((&key.pattern, date, comparison.at_gone_key(key), readers(&key.consumers)))
    });
    let channels = comparison.gone_channels.iter().filter_map(|channel| {
        let date = promised(&channel.docs)?;
        Some((&channel.pattern, date, comparison.at_gone_channel(channel), readers(&channel.consumers)))
    });
    keys.chain(channels)
        .map(|(pattern, date, at, affected)| Break {
            message: format!("`{pattern}` is removed, and was promised to stay until {date}"),
            subject: String::new(),
            at,
            affected,
            first: First::Readers,
            level: None,
            hint: "leave it until then, or agree on an earlier date first".to_owned(),
        })
        .collect()
}
