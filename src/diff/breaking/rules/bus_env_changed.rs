//! Buses whose URL stands elsewhere.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "bus-env-changed",
        level: Level::Error,
        summary: "the environment variable of a bus has another name",
        docs: "\
A deployment sets the old one: programs do not find the bus, or take its default.

Set both everywhere first.",
        bad: "\
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
  main: { env: B_URL }
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
        let was = was.env.as_ref().filter(|env| is.env.as_ref() != Some(*env))?;
        Some(("env", format!("the URL stood in {was}")))
    })
}
