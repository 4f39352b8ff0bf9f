//! References to a bus that is not declared.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{consumers, did_you_mean, entries};
use crate::registry::{Address, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-bus",
        level: Level::Error,
        summary: "a bus is named that the registry does not declare",
        docs: "\
A key's bus is part of its identity, so that nothing can be generated for or checked on a bus that does not exist.
Modules, entries, services and consumers may name one.

Correct the name, or declare the bus in registry.yaml.",
        bad: "\
module: app
role: Serves requests.
bus: mian
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
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for module in &registry.modules {
        let address = Address { path: Vec::new(), ..module.address.clone() };
        findings.extend(unknown(registry, &module.bus, &address).map(|finding| finding.subject(&module.name)));
    }
    for service in &registry.services {
        let name = service.bus.iter();
        let found = name.filter_map(|bus| unknown(registry, bus, &service.address));
        findings.extend(found.map(|finding| finding.subject(&service.name)));
    }
    for entry in entries(registry) {
        let own = crate::lint::entries::written(registry, entry.address(), &["bus"]).and_then(|node| node.text());
        let found = own.and_then(|bus| unknown(registry, bus, entry.address()));
        findings.extend(found.map(|finding| finding.subject(entry.name())));
    }
    for (entry, consumer) in consumers(registry) {
        let found = consumer.bus.iter().filter_map(|bus| unknown(registry, bus, &consumer.address));
        findings.extend(found.map(|finding| finding.subject(format!("{} {}", entry.name(), consumer.name))));
    }
}

fn unknown(registry: &Registry, bus: &str, address: &Address) -> Option<Finding> {
    if registry.bus_named(bus).is_some() {
        return None;
    }
    let known = registry.buses.iter().map(|bus| bus.name.as_str());
    let hint = did_you_mean(bus, known, "declare it under `buses` in registry.yaml");
    let message = format!("there is no bus `{bus}`");
    Some(RULE.rule.finding(message).at(registry.span(address, &["bus"])).hint(hint))
}
