//! Writes that take the TTL off.

use crate::check::{CheckRule, History, Judges, KeyPlan, KeyUse, Problem, TtlPlan};
use crate::finding::Level;
use crate::registry::format_duration;
use crate::rule::Rule;
use crate::server::commands::{Command, Effect, Expiry, Size};

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "expiry-dropped",
        level: Level::Error,
        summary: "a write takes the TTL off a key that is to expire",
        docs: "\
SET without EX, GETSET, MSET, PERSIST and all that store a result take the TTL off without a word. The key then stays
for ever, and nobody notices until memory is full.

Let the write set the TTL in itself (SET with EX), or follow it by EXPIRE in the same transaction, as the generated
writers do.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  lease:
    key: app:lease
    purpose: Who leads.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: 30s, lifecycle: expiring }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:lease a EX 30
app> SET app:lease b
app> SET app:lease c EX 30
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  lease:
    key: app:lease
    purpose: Who leads.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: 30s, lifecycle: expiring }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:lease a EX 30
app> SET app:lease b KEEPTTL
",
    },
    judges: &[Judges::Use(judge), Judges::History(by_history)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let effect = used.key.effect?;
    let drops = effect.expiry == Expiry::Drops && effect.size != Size::Removes;
    // Where another operation may set the TTL after it, the history of the key tells.
    (drops && !may_follow(used.plan, &used.call.command.name)).then(|| problem(used.plan, &used.call.command.name))?
}

fn by_history(history: &History<'_>) -> Option<Problem> {
    let command = history.dropped_by?;
    if may_follow(history.plan, command) { problem(history.plan, command) } else { None }
}

/// Does the key declare another operation that sets a TTL?
fn may_follow(plan: &KeyPlan<'_>, command: &str) -> bool {
    let others = plan.key.operations.iter().filter(|operation| operation.name != command);
    let effects = others.filter_map(|operation| operation.command).flat_map(Command::effects);
    effects.into_iter().any(Effect::can_set_expiry)
}

fn problem(plan: &KeyPlan<'_>, command: &str) -> Option<Problem> {
    let Some(TtlPlan::UpTo(limit)) = plan.ttl else { return None };
    let message = format!("{command} takes its TTL off; {} is declared", format_duration(limit));
    let hint = "let the write set the TTL in itself, or follow it by EXPIRE in the same transaction";
    Some(Problem::new(message, &["retention", "ttl"]).subject(command).hint(hint))
}
