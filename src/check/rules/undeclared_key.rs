//! Keys that no pattern claims.

use crate::check::{CheckRule, Judges, Problem, Unclaimed};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "undeclared-key",
        level: Level::Error,
        summary: "a key exists that no pattern claims",
        docs: "\
Somebody writes under names that the bus owns without a declaration: an old version, a misspelt name, a new feature. Nobody knows what it is, who reads it and when it goes.

Declare it, delete it, or narrow what the bus `owns`.",
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
SET app:status {"state":"up"}
SET app:statsu up
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
    judges: &[Judges::Unclaimed(judge)],
};

fn judge(name: &Unclaimed<'_>) -> Option<Problem> {
    if name.elsewhere.is_some() || name.only_read {
        return None; // key-wrong-bus or dangling-read speaks of it.
    }
    let hint = match name.nearest {
        Some(pattern) => format!("declare it, or delete it; the nearest pattern is `{pattern}`"),
        None => "declare it, or delete it".to_owned(),
    };
    Some(Problem::new("no pattern of the registry claims this name", &[]).hint(hint))
}
