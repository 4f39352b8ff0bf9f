//! What the ACLs of a bus cannot say of its registry, in sentences: it stays with `verify`, `watch` and `proxy`.

use super::grants::NOT_IN_RULES;
use crate::registry::{BusId, Consumer, Key, Party, Registry};
use crate::server::commands::{Command, Group};

/// What of the contract of this bus its users' rules do not hold.
#[must_use]
pub fn limits(registry: &Registry, bus: BusId) -> Vec<String> {
    let keys: Vec<_> = registry.keys.iter().filter(|key| key.bus == Some(bus)).collect();
    let apart = |c: char| c.is_whitespace() || NOT_IN_RULES.contains(&c);
    let mut limits = Vec::new();
    if let Some(key) = keys.iter().find(|key| !key.pattern.is_static()) {
        let pattern = &key.pattern;
        limits.push(format!(
            "A param is `*`: the rule for `{pattern}` also allows names that the pattern does not claim."
        ));
    }
    limits.push("Types, TTLs, bounds and payloads are not looked at.".to_owned());
    limits.push("A rule holds for all databases of the server.".to_owned());
    if let Some(key) = keys.iter().find(|key| key.pattern.as_str().contains(apart)) {
        limits.push(format!(
            "`?` stands for the spaces, quotes and round brackets of `{}`, which no rule can hold.",
            key.pattern
        ));
    }
    for key in &keys {
        for consumer in key.consumers.iter().filter(|consumer| consumer.potential) {
            limits.push(format!(
                "{} may come to read `{}`; it has no right to until it is known to.",
                consumer.name, key.pattern
            ));
        }
        for consumer in key.consumers.iter().filter(|consumer| !consumer.potential && consumer.reads.is_empty()) {
            limits.push(format!(
                "{} reads `{}` by commands that are not declared, and has no right to: name them under `reads`.",
                consumer.name, key.pattern
            ));
        }
    }
    for key in &keys {
        for operation in key.operations.iter().filter(|operation| operation.command.is_some_and(Command::derives)) {
            let reads = |other: &&Key| {
                let own = |consumer: &&Consumer| consumer.party == Party::Module(key.module);
                other
                    .consumers
                    .iter()
                    .filter(own)
                    .any(|consumer| consumer.reads.iter().any(|read| read.name == operation.name))
            };
            if !keys.iter().any(reads) {
                let module = &registry.module(key.module).name;
                limits.push(format!(
                    "{module} writes `{}` by {}, and no entry says from which keys: name it among the consumers of those.",
                    key.pattern, operation.name
                ));
            }
        }
    }
    let scripts = keys
        .iter()
        .flat_map(|key| &key.operations)
        .any(|operation| operation.command.is_some_and(|command| command.group == Group::Scripting));
    if scripts {
        limits.push(
            "A script needs the rights of each command in it; those that no entry declares are refused.".to_owned(),
        );
    }
    limits
}
