//! Names that become undeclared.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "owned-names-widened",
        level: Level::Warning,
        summary: "a bus owns more names than it did",
        docs: "\
What others keep under these names is undeclared from now on, and `verify` says so.

See whose it is, and declare it.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: A_URL, owns: [\"app:*\"] }
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
  main: { env: A_URL, owns: [\"app:*\", \"job:*\"] }
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
  main: { env: A_URL, owns: [\"app:*\", \"job:*\"] }
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
  main: { env: A_URL, owns: [\"app:*\"] }
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
        let more: Vec<&str> = is.owns.iter().filter(|glob| !was.owns.contains(glob)).map(String::as_str).collect();
        (!more.is_empty()).then(|| ("owns", format!("it owns {} as well", more.join(", "))))
    })
}
