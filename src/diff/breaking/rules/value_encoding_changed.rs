//! Values in another encoding.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First, is_encoding_changed};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "value-encoding-changed",
        level: Level::Error,
        summary: "a value has another encoding",
        docs: "\
A reader that parses the old one refuses the new, or reads it wrongly without a word: 1767225600 as milliseconds is in
January 1970. What is stored stays as it was.

Use another key or field for the new encoding, and write both for a while.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: epoch_s
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
    value: epoch_ms
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
    value: number
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
    value: integer
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Reader,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let mut breaks = Vec::new();
    for (old, new) in &comparison.keys {
        let after = new.named_values();
        for (field, was) in old.named_values().into_iter().filter(|(field, _)| field != "score") {
            let Some((_, is)) = after.iter().find(|(name, _)| *name == field) else { continue };
            if !is_encoding_changed(was, is) {
                continue;
            }
            let (was, is) = (comparison.old.value_name(was), comparison.new.value_name(is));
            let message = format!("{field} of `{}` is {is} and was {was}", new.pattern);
            let path: Vec<&str> = field.split('.').collect();
            let hint = "write the new encoding to another key or field";
            let mut found = comparison.of_key((old, new), &path, message, (First::Neither, hint));
            found.subject.clone_from(&field);
            breaks.push(found);
        }
    }
    breaks
}
