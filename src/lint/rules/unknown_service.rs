//! Consumers that are neither module nor service.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{consumers, did_you_mean};
use crate::registry::{Party, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-service",
        level: Level::Error,
        summary: "a consumer is neither a module nor a service of the registry",
        docs: "\
Who reads what is half of the contract: a change is checked against the needs of its consumers, and access is granted
to them. A consumer by an unknown name is a reader that nobody can find.

Correct the name, or declare the party under `services` in registry.yaml.",
        bad: "\
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
    consumers: [{ name: raeder, reads: [GET] }]
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
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for (entry, consumer) in consumers(registry).filter(|(_, consumer)| consumer.party == Party::Unknown) {
        let services = registry.services.iter().map(|service| service.name.as_str());
        let modules = registry.modules.iter().map(|module| module.name.as_str());
        let otherwise = "declare it under `services` in registry.yaml";
        let message = format!("`{}` is neither a module nor a service of this registry", consumer.name);
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .subject(&consumer.name)
                .at(registry.span(&consumer.address, &["name"]))
                .hint(did_you_mean(&consumer.name, services.chain(modules), otherwise)),
        );
    }
}
