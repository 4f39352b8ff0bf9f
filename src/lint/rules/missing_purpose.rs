//! Entries that do not say what they are for.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "missing-purpose",
        level: Level::Warning,
        summary: "an entry does not say what it is for",
        docs: "\
Docs and reviews start from the purpose of a key or channel; a name alone says too little.

Say in one sentence what it is for. Modules and services say it as their `role`.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  session:
    key: app:session
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
  session:
    key: app:session
    purpose: The session that is shown on the dashboard.
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
    for key in registry.keys.iter().filter(|key| key.docs.purpose.is_none()) {
        let message = format!("the key `{}` does not say what it is for", key.name);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .at(registry.name_span(&key.address))
                .hint("add `purpose:`, one sentence"),
        );
    }
    for channel in registry.channels.iter().filter(|c| c.docs.purpose.is_none() && c.from_key.is_none()) {
        let message = format!("the channel `{}` does not say what it is for", channel.name);
        findings.push(
            RULE.rule
                .finding(message)
                .of_channel(registry, channel)
                .at(registry.name_span(&channel.address))
                .hint("add `purpose:`, one sentence"),
        );
    }
    for module in registry.modules.iter().filter(|module| module.role.is_none()) {
        let message = format!("the module `{}` does not say what it does", module.name);
        let span = registry.name_span(&module.address);
        findings.push(RULE.rule.finding(message).subject(&module.name).at(span).hint("add `role:`, one sentence"));
    }
    for service in registry.services.iter().filter(|service| service.role.is_none()) {
        let message = format!("the service `{}` does not say what it does", service.name);
        let span = registry.name_span(&service.address);
        findings.push(RULE.rule.finding(message).subject(&service.name).at(span).hint("add `role:`, one sentence"));
    }
}
