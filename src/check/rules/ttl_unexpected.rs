//! Keys with a TTL that nobody declared.

use super::{in_words, is_declared_type};
use crate::check::{CheckRule, Judges, Problem, Subject, TtlPlan};
use crate::finding::Level;
use crate::observe::TtlSeen;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "ttl-unexpected",
        level: Level::Error,
        summary: "a key has a TTL, though none is declared",
        docs: "\
The data will vanish, and readers rely on its being there.

Find who sets the TTL. If it is meant, declare it; if not, PERSIST the key.",
        bad: r#"module: app
role: Serves requests.
bus: main
payloads:
  Status:
    type: object
    required: [state]
    additionalProperties: false
    properties: { state: { type: string, enum: [up, down] }, since_ms: { type: integer } }
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: string
    value: Status
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    freshness: 60s
    consumers: [{ name: reader, reads: [GET] }]
# data
SET app:status {"state":"up"} EX 100
"#,
        good: r#"module: app
role: Serves requests.
bus: main
payloads:
  Status:
    type: object
    required: [state]
    additionalProperties: false
    properties: { state: { type: string, enum: [up, down] }, since_ms: { type: integer } }
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: string
    value: Status
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    freshness: 60s
    consumers: [{ name: reader, reads: [GET] }]
# data
SET app:status {"state":"up"}
"#,
    },
    judges: &[Judges::Key(judge)],
};

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    if subject.plan.ttl != Some(TtlPlan::None) || !is_declared_type(subject) {
        return None;
    }
    let TtlSeen::Left(left) = subject.seen.ttl else { return None };
    let message = "has a TTL; none is declared";
    let hint = format!("it expires in about {}; declare a TTL, or PERSIST it", in_words(left));
    Some(Problem::new(message, &["retention", "ttl"]).hint(hint))
}
