//! Keys without the declared TTL.

use super::is_declared_type;
use crate::check::{CheckRule, Judges, Problem, Subject, TtlPlan};
use crate::finding::Level;
use crate::observe::TtlSeen;
use crate::registry::format_duration;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "ttl-missing",
        level: Level::Error,
        summary: "a key has no TTL, though one is declared",
        docs: "\
Nothing will ever remove it. Commonly a write drops the TTL (SET without EX), or the EXPIRE after a write was lost.

Let the write set its TTL in itself (SET EX, or a MULTI with EXPIRE), as the generated writers do; then give the keys that are left a TTL.",
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

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    let Some(TtlPlan::UpTo(limit)) = subject.plan.ttl else { return None };
    if !is_declared_type(subject) || subject.seen.ttl != TtlSeen::None {
        return None;
    }
    let message = format!("has no TTL; {} is declared", format_duration(limit));
    Some(Problem::new(message, &["retention", "ttl"]).hint("let the write set the TTL in itself"))
}
