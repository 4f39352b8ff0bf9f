//! Keys of another type than declared.

use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "wrong-type",
        level: Level::Error,
        summary: "a key is of another Redis type than declared",
        docs: "\
A reader of the declared type gets a WRONGTYPE error, and swallows it for ever if it retries.

Find who writes the other type: two programs that use one name, or an old version. Delete the key once the writer is mended.",
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
SET app:session:7 oops EX 300
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
    let declared = subject.plan.key.redis_type?;
    let seen = &*subject.seen.redis_type;
    (seen != declared.reply).then(|| {
        let message = format!("is a {seen}; a {} is declared", declared.name);
        Problem::new(message, &["type"]).subject(seen).hint("find who writes it; delete the key once that is mended")
    })
}
