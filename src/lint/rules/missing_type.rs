//! Keys without a type.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::written;
use crate::registry::{Key, Registry};
use crate::rule::Rule;
use crate::types::{RedisType, TYPES};

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "missing-type",
        level: Level::Warning,
        summary: "a key does not say its Redis type",
        docs: "\
Without a type nothing can be said of a key's contents: no writer is generated, and any type passes the check.

Add `type:`. Only a key whose type is really open, because it is another's business, may go without; allow the rule
for that one.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
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
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| written(registry, &key.address, &["type"]).is_none()) {
        let hint = match suggestion(key) {
            Some(redis_type) => format!("its operations fit `type: {}`", redis_type.name),
            None => "add `type:`, such as string, hash or stream".to_owned(),
        };
        findings.push(
            RULE.rule
                .finding(format!("the key `{}` has no type", key.name))
                .of_key(registry, key)
                .at(registry.name_span(&key.address))
                .hint(hint),
        );
    }
}

/// The only type of its server's name that all operations work on.
fn suggestion(key: &Key) -> Option<&'static RedisType> {
    let mut commands = key.operations.iter().filter_map(|operation| operation.command).peekable();
    commands.peek()?;
    let commands: Vec<_> = commands.filter(|command| !command.works_on().is_empty()).collect();
    let mut fitting = TYPES.iter().filter(|redis_type| {
        redis_type.name == redis_type.reply && commands.iter().all(|command| command.applies_to(redis_type.reply))
    });
    fitting.next().copied().filter(|_| fitting.next().is_none())
}
