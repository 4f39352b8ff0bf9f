//! Buses that are built otherwise.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "bus-topology-changed",
        level: Level::Error,
        summary: "the topology of a bus changes",
        docs: "\
Clients are made for one: in a cluster, a client of a single server is sent from node to node and gives up, and
commands on keys of several slots are refused.

Deploy programs that know the new topology first.",
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
  main: { env: A_URL, topology: cluster }
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
        (was.topology != is.topology).then(|| ("topology", "it is built otherwise than it was".to_owned()))
    })
}
