//! Keys on another bus than declared.

use crate::check::{CheckRule, Judges, Problem, Unclaimed};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "key-wrong-bus",
        level: Level::Error,
        summary: "a key stands on another bus than declared",
        docs: "\
A writer is connected to the wrong bus; readers on the right one see nothing.

Mend the connection of the writer, then delete the key here.",
        bad: r#"# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: ["app:*"] }
  side: { env: SIDE_REDIS_URL, owns: ["side:*"] }
services:
  reader: { role: Reads what the modules write. }
# file: modules/app.yaml
module: app
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
# file: modules/side.yaml
module: side
role: Counts.
bus: side
keys:
  count:
    key: side:count
    purpose: How often.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET], bus: side }]
# data
SET app:status {"state":"up"}
SET side:count 1
"#,
        good: r#"# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: ["app:*"] }
  side: { env: SIDE_REDIS_URL, owns: ["side:*"] }
services:
  reader: { role: Reads what the modules write. }
# file: modules/app.yaml
module: app
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
# file: modules/side.yaml
module: side
role: Counts.
bus: side
keys:
  count:
    key: side:count
    purpose: How often.
    type: string
    value: integer
    operations: [INCR]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [GET], bus: side }]
# data
SET app:status {"state":"up"}
"#,
    },
    judges: &[Judges::Unclaimed(judge)],
};

fn judge(name: &Unclaimed<'_>) -> Option<Problem> {
    let bus = name.elsewhere?;
    Some(Problem::new(format!("this name is declared on the bus `{bus}`"), &[]).hint("connect its writer to that bus"))
}
