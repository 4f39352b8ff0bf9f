//! Writes of an atomic module that are in no transaction.

use crate::check::{CheckRule, Judges, KeyUse, Problem};
use crate::finding::Level;
use crate::observe::traffic::Within;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "batch-not-atomic",
        level: Level::Error,
        summary: "a module writes outside MULTI, though it declares its batches atomic",
        docs: "\
Readers see half a batch, and a crash in the middle leaves it so. Commands in a pipeline are not a transaction: those
of others may come in between.

Put the writes of a batch between MULTI and EXEC (`atomic()` of a pipeline in redis-rs, `transaction=True` in redis-
py), as the generated writers do; or take `atomic` out of the module.",
        bad: "\
module: app
role: Serves requests.
bus: main
atomic: true
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
",
        good: "\
module: app
role: Serves requests.
bus: main
atomic: true
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> MULTI
app> SET app:mode fast
app> EXEC
",
    },
    judges: &[Judges::Use(judge)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let alone = used.within == Within::Nothing && used.writes() && used.by_owner();
    if !alone || !used.owner.atomic {
        return None;
    }
    let command = &used.call.command.name;
    let message = format!("{command} stands outside MULTI; the writes of this module's batches are declared atomic");
    Some(Problem::new(message, &["key"]).subject(command).hint("send the batch between MULTI and EXEC"))
}
