//! Values that are not what is declared.

use crate::check::{CheckRule, Fault, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "invalid-payload",
        level: Level::Error,
        summary: "a value is not what is declared",
        docs: "\
JSON that breaks its schema, a number that is none, a time in another unit: readers fail on it, or read nonsense. The message names the place and the broken keyword; values are shown only with --show-values.

Mend the writer; the generated writers refuse such values.",
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
SET app:status {"state":"sideways"}
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
    let (subject, message) = match fault {
        Fault::Scalar { part, reason } => (part.clone(), format!("{part} {reason}")),
        Fault::NotJson { part, reason } => (format!("{part} json"), format!("{part} is not JSON: {reason}")),
        Fault::Schema { part, pointer, keyword, reason } => {
            let place = match (pointer.as_str(), part.as_str()) {
                ("", part) => part.to_owned(),
                (pointer, "the value") => format!("`{pointer}`"),
                (pointer, part) => format!("`{pointer}` of {part}"),
            };
            // The validator calls whatever it looks at "value"; here it has a name.
            let message = match reason.strip_prefix("value ") {
                Some(rest) => format!("{place} {rest}"),
                None => format!("{place}: {reason}"),
            };
            (format!("{part} {pointer} {keyword}"), message)
        }
        Fault::RepeatedMember { part, name } => {
            (format!("{part} {name} repeated"), format!("{part} holds the name `{name}` twice"))
        }
        Fault::UndeclaredMember { .. } | Fault::UndeclaredField { .. } | Fault::MissingField { .. } => return None,
    };
    Some(Problem::new(message, &[]).subject(subject).hint("mend the writer, or the declaration if it is behind"))
}
