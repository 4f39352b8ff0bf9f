//! Buses with another default URL.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "bus-default-changed",
        level: Level::Warning,
        summary: "the default URL of a bus changes",
        docs: "\
A program whose environment does not name the bus goes to another server.

Set the variable of the bus everywhere.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: A_URL, default: \"redis://127.0.0.1:6379/0\" }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: A_URL, default: \"redis://127.0.0.1:6379/1\" }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
        good: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: A_URL }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: A_URL, about: The bus. }
services: { reader: { role: Reads. } }
# file: modules/app.yaml
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
    comparison.changed_buses(|was, is| {
        was.default.as_ref().filter(|url| is.default.as_ref() != Some(*url))?;
        Some(("default", "its default URL is another one".to_owned()))
    })
}
