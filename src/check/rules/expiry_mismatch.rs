//! Writes that set another TTL than declared.

use std::time::Duration;

use super::in_words;
use crate::check::{CheckRule, History, Judges, KeyUse, Problem};
use crate::finding::Level;
use crate::registry::format_duration;
use crate::rule::Rule;
use crate::server::commands::{Expiry, ExpiryGiven};

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "expiry-mismatch",
        level: Level::Error,
        summary: "a write sets another TTL than declared",
        docs: "\
What counts is the argument of the call, without tolerance: a key that lives longer than declared holds stale data,
one that lives shorter is missed by its readers. A sliding TTL is to be set anew with each write.

Take the TTL from the configuration that the registry names, or correct the declaration.",
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
app> SET app:lease a EX 20
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
",
    },
    judges: &[Judges::Use(judge), Judges::History(by_history)],
};

/// What the clocks of two machines may differ by, where a call gives a moment and not a duration.
const CLOCKS: Duration = Duration::from_secs(2);

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    let (least, most) = used.plan.ttl_set?;
    used.key.effect.filter(|effect| matches!(effect.expiry, Expiry::Sets | Expiry::Carries))?;
    let (given, tolerance) = match used.call.expiry()? {
        ExpiryGiven::After(time) => (time, Duration::ZERO),
        // What is past already removes the key.
        ExpiryGiven::At(moment) => (moment.checked_sub(Duration::from_micros(used.at_us))?, CLOCKS),
        ExpiryGiven::Gone => return None,
    };
    let command = &used.call.command.name;
    let fits = given.saturating_add(tolerance) >= least && given <= most.saturating_add(tolerance);
    if fits {
        return None;
    }
    let declared = match least == most {
        true => format_duration(most),
        false => format!("{} to {}", format_duration(least), format_duration(most)),
    };
    let message = format!("{command} sets a TTL of {}; {declared} is declared", in_words(given));
    let hint = "take it from the configuration that the registry names, or correct the declaration";
    Some(Problem::new(message, &["retention", "ttl"]).subject(command).hint(hint))
}

fn by_history(history: &History<'_>) -> Option<Problem> {
    let (_, most) = history.plan.ttl_set.filter(|_| history.not_renewed)?;
    let message = format!("is written without that its sliding TTL of {} is set anew", format_duration(most));
    let hint = "follow each write by EXPIRE, in the same transaction";
    Some(Problem::new(message, &["retention", "ttl"]).subject("not renewed").hint(hint))
}
