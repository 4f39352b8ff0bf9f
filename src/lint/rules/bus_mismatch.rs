//! Consumers on another bus than what they read.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{consumers, entries};
use crate::registry::{BusId, Party, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "bus-mismatch",
        level: Level::Error,
        summary: "a consumer reads on another bus than the entry is on",
        docs: "\
The same name on two buses is two keys. A consumer that is connected to another bus finds nothing there, or something
else, and no error tells it so.

Name the bus on which it reads, if it has several connections (`bus:` in the consumer's row); else bring the two to
one bus. A module counts as connected to its own bus and to those of its keys.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: [\"app:*\"] }
  cache: { env: CACHE_REDIS_URL }
services:
  reader: { role: Reads what the module writes., bus: cache }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: [\"app:*\"] }
  cache: { env: CACHE_REDIS_URL }
services:
  reader: { role: Reads what the module writes., bus: main }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for (entry, consumer) in consumers(registry) {
        let Some(bus) = entry.bus() else { continue };
        let Some(reads_on) = registry.consumer_bus(consumer) else { continue };
        let known = registry.bus_named(reads_on).is_some();
        if !known
            || reads_on == registry.bus(bus).name
            || (consumer.bus.is_none() && writes_on(registry, consumer.party, bus))
        {
            continue;
        }
        let (name, own) = (&consumer.name, &registry.bus(bus).name);
        let message = format!("`{name}` reads on the bus `{reads_on}`, and `{}` is on `{own}`", entry.pattern());
        let field = if consumer.bus.is_some() { "bus" } else { "name" };
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .subject(name)
                .at(registry.span(&consumer.address, &[field]))
                .hint(format!("write `bus: {own}` in the row if it has a connection there")),
        );
    }
}

/// Is it a module with an entry on that bus, so that it is connected there?
fn writes_on(registry: &Registry, party: Party, bus: BusId) -> bool {
    let Party::Module(module) = party else { return false };
    entries(registry).any(|entry| entry.module() == module && entry.bus() == Some(bus))
}
