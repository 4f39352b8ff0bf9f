//! Writes that grow a key past its bound.

use crate::check::{CheckRule, History, Judges, KeyUse, Problem};
use crate::finding::Level;
use crate::registry::format_duration;
use crate::rule::Rule;
use crate::server::commands::{Command, Trim};

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "untrimmed-write",
        level: Level::Error,
        summary: "a key with a bound grows, and is not trimmed to it",
        docs: "\
The bound that the registry declares is kept by nobody: memory grows until the server is full, and readers get more
than they are built for. It shows in traffic long before the bound is reached.

Trim with each write, to the declared bound, as the generated writers do.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: The last three events.
    type: list
    element: text
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 3, lifecycle: pruned }
    consumers: [{ name: reader, reads: [LRANGE] }]
# traffic
app> LPUSH app:trail a
app> LPUSH app:trail b
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: The last three events.
    type: list
    element: text
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 3, lifecycle: pruned }
    consumers: [{ name: reader, reads: [LRANGE] }]
# traffic
app> LPUSH app:trail a
app> LTRIM app:trail 0 2
",
    },
    judges: &[Judges::Use(judge), Judges::History(by_history)],
};

/// A trim that leaves more than is declared.
fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let declared = used.plan.max_entries?.declared;
    let left = match used.call.trim()? {
        Trim::Entries { at_most, .. } if at_most > declared => format!("{at_most} entries"),
        Trim::Nothing => "all entries".to_owned(),
        Trim::Entries { .. } | Trim::Below { .. } | Trim::Other => return None,
    };
    let command = &used.call.command.name;
    let message = format!("{command} leaves {left}; {declared} are declared");
    let hint = "trim to the declared bound; a program's own configuration is told with --set NAME=VALUE";
    Some(Problem::new(message, &["retention", "max_entries"]).subject(format!("{command} bound")).hint(hint))
}

fn by_history(history: &History<'_>) -> Option<Problem> {
    let plan = history.plan;
    // No command trims a hash or a set: there a program must count, and bound-exceeded tells if it does not.
    let can_be_trimmed = plan.key.redis_type.is_some_and(|it| matches!(it.reply, "list" | "zset" | "stream"));
    // Where no operation trims, what takes elements out keeps the bound, as consumers of a queue do.
    let commands = plan.key.operations.iter().filter_map(|operation| operation.command);
    let trims = commands.flat_map(Command::effects).any(|effect| !effect.bounds().is_empty());
    let kept_otherwise = !trims && history.shrunk > 0;
    if history.grown == 0 || !can_be_trimmed || kept_otherwise {
        return None;
    }
    let (subject, bound, declared): (_, _, &[&str]) = match (plan.max_entries, plan.max_age) {
        (Some(bound), _) if history.trimmed_by_number == 0 => {
            ("entries", format!("{} entries", bound.declared), &["retention", "max_entries"])
        }
        (_, Some(age)) if history.trimmed_by_age == 0 => ("age", format_duration(age), &["retention", "max_age"]),
        _ => return None,
    };
    let message = format!("grows, and is never trimmed to the declared {bound}");
    Some(Problem { declared, ..Problem::new(message, &[]).subject(subject).hint("trim with each write") })
}
