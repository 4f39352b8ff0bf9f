//! Keys whose contents are older than their declared freshness.

use std::time::Duration;

use super::in_words;
use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::Level;
use crate::registry::format_duration;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "stale-key",
        level: Level::Warning,
        summary: "a key was not written for longer than its declared freshness",
        docs: "\
Its writer is down, slow, or writes another name; readers take old data for new. Age is judged by the newest time in the contents: a date-time or epoch member of the JSON, the score of a zset, the id of a stream entry.

Look at the writer. Outside of the hours in which it works, stale data is to be expected.",
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
SET app:status {"state":"up","since_ms":1600000000000}
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
    let (limit, newest) = (subject.plan.freshness?, subject.newest_ms?);
    let age = Duration::try_from_secs_f64((subject.now_ms - newest) / 1000.0).ok()?;
    if age <= limit {
        return None;
    }
    let message = format!("is older than its declared freshness of {}", format_duration(limit));
    Some(
        Problem::new(message, &["freshness"])
            .hint(format!("the newest data is {} old; look at its writer", in_words(age))),
    )
}
