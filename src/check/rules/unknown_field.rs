//! Fields and members that nobody declared.

use crate::check::{CheckRule, Fault, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "unknown-field",
        level: Level::Error,
        summary: "a field is not declared",
        docs: "\
A misspelt field looks like this, and so does a new one that nobody declared. Where a schema leaves additional members open, it is only worth knowing (info).

Declare the field, or mend the writer.",
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
SET app:status {"state":"up","sate":"up"}
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
    judges: &[Judges::Contents(judge)],
};

fn judge(fault: &Fault) -> Option<Problem> {
    let (subject, message, level) = match fault {
        Fault::UndeclaredField { name } => (name.clone(), format!("the field `{name}` is not declared"), None),
        Fault::UndeclaredMember { part, pointer, name, forbidden } => {
            let path = format!("{pointer}/{name}");
            let level = if *forbidden { None } else { Some(Level::Info) };
            (format!("{part} {path}"), format!("`{path}` of {part} is not declared"), level)
        }
        Fault::Scalar { .. }
        | Fault::NotJson { .. }
        | Fault::Schema { .. }
        | Fault::RepeatedMember { .. }
        | Fault::MissingField { .. } => return None,
    };
    let problem = Problem::new(message, &[]).subject(subject).hint("declare it, or mend the writer");
    Some(Problem { level, ..problem })
}
