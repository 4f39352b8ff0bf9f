//! Required fields that are not there.

use crate::check::{CheckRule, Fault, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "missing-field",
        level: Level::Error,
        summary: "a required field of a hash or stream entry is missing",
        docs: "\
Readers rely on a field that is declared as required.

Let the writer set it with the others, or declare it as not required.",
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
HSET app:session:7 hits 1
EXPIRE app:session:7 300
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
    judges: &[Judges::Contents(judge)],
};

fn judge(fault: &Fault) -> Option<Problem> {
    let Fault::MissingField { name } = fault else { return None };
    let problem = Problem::new(format!("the required field `{name}` is missing"), &[]).subject(name);
    Some(problem.hint("set it with the others, or declare `required: false`"))
}
