//! Commands among a consumer's reads that change the key.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::consumers;
use crate::registry::Registry;
use crate::rule::Rule;
use crate::server::commands::{Command, Group, Size};

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "read-not-reading",
        level: Level::Warning,
        summary: "a consumer's read changes the key",
        docs: "\
A consumer reads; the module that owns the key writes. A consumer that sets, extends or deletes a key is a second
writer that no contract speaks of. Taking from a queue and confirming what was taken are reads that consume: LPOP,
BZPOPMIN, GETDEL, XREADGROUP, XACK, LREM, SREM and their like are allowed.

If the party really writes, describe it as a module that owns a key of its own; else name the command with which it
reads.",
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
    consumers: [{ name: reader, reads: [GET, SET] }]
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
    for (entry, consumer) in consumers(registry) {
        for read in &consumer.reads {
            if !read.command.is_some_and(|command| command.publishes() || command.is_write() && !consumes(command)) {
                continue;
            }
            let message = format!("`{}` writes, and `{}` is only a consumer here", read.name, consumer.name);
            findings.push(
                entry
                    .finding(registry, &RULE.rule, message)
                    .subject(format!("{} {}", consumer.name, read.name))
                    .at(read.span)
                    .hint("name the commands with which it reads; a party that writes is a module"),
            );
        }
    }
}

/// Does it take out what it hands out, confirm it, keep a reader's place, or make another key of what it reads?
fn consumes(command: &Command) -> bool {
    let keeps_place = command.group == Group::Stream && command.effects().all(|effect| effect.size == Size::Neutral);
    let takes = command.effects().any(|effect| effect.size == Size::Shrinks);
    // The sources of ZRANGESTORE are read by whoever writes its destination.
    if command.derives() {
        return true;
    }
    let hands_out = command.is_read() && !command.effects().any(|effect| effect.size == Size::Replaces);
    keeps_place || takes || hands_out
}
