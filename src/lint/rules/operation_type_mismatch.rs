//! Commands that do not work on the type of their key.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::registry::Registry;
use crate::rule::Rule;
use crate::server::commands::questions::ANY;
use crate::server::commands::{Command, Group};
use crate::types::{RedisType, TYPES};

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "operation-type-mismatch",
        level: Level::Error,
        summary: "a command does not work on the key's type",
        docs: "\
A command on a key of another type answers WRONGTYPE; the call never succeeds. Either the command is wrong or the
declared type is. This holds for the operations of the owner and for the reads of consumers.

Correct the one that is wrong. The commands of a type are those of its group in the documentation of Redis, besides
generic ones such as EXPIRE or DEL.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: hash
    fields: { phase: text }
    operations: [HSET, LPUSH]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: hash
    fields: { phase: text }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [HGET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        let Some(redis_type) = key.redis_type else { continue };
        let reads = key.consumers.iter().flat_map(|consumer| &consumer.reads);
        for operation in key.operations.iter().chain(reads) {
            let Some(command) = operation.command.filter(|command| is_wrong(command, redis_type)) else { continue };
            let message = format!("`{}` does not work on a {}", operation.name, redis_type.name);
            findings.push(
                RULE.rule
                    .finding(message)
                    .of_key(registry, key)
                    .subject(&operation.name)
                    .at(operation.span)
                    .label(registry.span(&key.address, &["type"]), "the type of the key")
                    .hint(hint(command)),
            );
        }
    }
}

fn is_wrong(command: &Command, redis_type: &RedisType) -> bool {
    let types = command.works_on();
    // A HyperLogLog is a string that other commands spoil, and PFADD refuses other strings.
    let hyperloglog = match redis_type.name {
        "string" => command.group == Group::HyperLogLog,
        "hyperloglog" => matches!(command.group, Group::String | Group::Bitmap) && command.is_write(),
        _ => false,
    };
    !types.is_empty() && (!command.applies_to(redis_type.reply) || hyperloglog)
}

fn hint(command: &Command) -> String {
    let types = command.works_on();
    let group = command.group.to_string();
    let fits = |redis_type: &&&RedisType| {
        types != ANY && types.contains(&redis_type.reply) && redis_type.groups.contains(&group.as_str())
    };
    let names: Vec<&str> = TYPES.iter().filter(fits).map(|redis_type| redis_type.name).collect();
    if names.is_empty() {
        "use a command of the key's type".to_owned()
    } else {
        format!("it works on: {}", names.join(", "))
    }
}
