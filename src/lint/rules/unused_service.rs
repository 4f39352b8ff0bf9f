//! Services that consume nothing.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::consumers;
use crate::registry::{Consumer, Party, Registry};
use crate::rule::Rule;
use crate::source::closest;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unused-service",
        level: Level::Info,
        summary: "a service is declared that consumes nothing",
        docs: "\
Services are the parties that read and are no modules. One that is no consumer of any entry is left over, or its rows
are missing, so that nobody knows what it reads.

Add it to the consumers of what it reads, or remove it.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: [\"app:*\"] }
services:
  reader: { role: Reads what the module writes. }
  auditor: { role: Looks at what was written. }
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
services:
  reader: { role: Reads what the module writes. }
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
    for (at, service) in registry.services.iter().enumerate() {
        // A row with its name misspelt is reported by itself.
        let misspelt = |name: &str| closest(name, [service.name.as_str()]).is_some();
        let is_row = |consumer: &Consumer| match consumer.party {
            Party::Service(index) => index == at,
            Party::Unknown => misspelt(&consumer.name),
            Party::Module(_) => false,
        };
        if consumers(registry).any(|(_, consumer)| is_row(consumer)) {
            continue;
        }
        findings.push(
            RULE.rule
                .finding(format!("the service `{}` consumes nothing", service.name))
                .subject(&service.name)
                .at(registry.name_span(&service.address))
                .hint("add it to the `consumers` of what it reads, or remove it"),
        );
    }
}
