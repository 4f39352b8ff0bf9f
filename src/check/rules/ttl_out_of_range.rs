//! Keys with more time to live than declared.

use std::time::Duration;

use super::{in_words, is_declared_type};
use crate::check::{CheckRule, Judges, Problem, Subject, TtlPlan};
use crate::finding::Level;
use crate::observe::TtlSeen;
use crate::registry::format_duration;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "ttl-out-of-range",
        level: Level::Error,
        summary: "a key has more time to live than declared",
        docs: "\
A TTL only runs down, so that more than the declared one was set by someone else, or by another configuration.

Set the declared TTL, or correct the declaration. Less time left than declared is no fault: it has run down.",
        bad: r#"module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, examples: ["7"] }
keys:
  session:
    key: app:session:{user}
    purpose: The session of a user.
    type: hash
    fields: { token: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY, EXPIRE]
    retention: { ttl: sliding 300s, lifecycle: expiring }
    cardinality: 1000
    consumers: [{ name: reader, reads: [HGETALL] }]
# data
HSET app:session:7 token t
EXPIRE app:session:7 9000
"#,
        good: r#"module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, examples: ["7"] }
keys:
  session:
    key: app:session:{user}
    purpose: The session of a user.
    type: hash
    fields: { token: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY, EXPIRE]
    retention: { ttl: sliding 300s, lifecycle: expiring }
    cardinality: 1000
    consumers: [{ name: reader, reads: [HGETALL] }]
# data
HSET app:session:7 token t hits 1
EXPIRE app:session:7 300
"#,
    },
    judges: &[Judges::Key(judge)],
};

/// What the clock of the server and rounding up to seconds may add.
const TOLERANCE: Duration = Duration::from_secs(1);

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    let (Some(TtlPlan::UpTo(limit)), TtlSeen::Left(left)) = (subject.plan.ttl, subject.seen.ttl) else { return None };
    if !is_declared_type(subject) || left <= limit.saturating_add(TOLERANCE) {
        return None;
    }
    let message = format!("has more time to live than the declared {}", format_duration(limit));
    let hint = format!("one has {} left; set the declared TTL, or correct the declaration", in_words(left));
    Some(Problem::new(message, &["retention", "ttl"]).hint(hint))
}
