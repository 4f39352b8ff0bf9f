//! Reads of fields that are not declared.

use crate::check::{CheckRule, Judges, KeyUse, Problem};
use crate::finding::{Level, printable};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "needs-unknown-field",
        level: Level::Error,
        summary: "a consumer reads a field that the key does not have",
        docs: r#"The answer is always nothing, and the consumer takes it for "no data". Commonly a field was renamed by its writer, and
a reader was forgotten.

Read a declared field, or let the owner declare and write this one."#,
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: hash
    fields: { state: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGET, HGETALL], needs: [state] }]
# traffic
app> HSET app:status state up
reader> HGET app:status stat
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: hash
    fields: { state: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY]
    retention: { ttl: none, lifecycle: cumulative }
    consumers: [{ name: reader, reads: [HGET, HGETALL], needs: [state] }]
# traffic
app> HSET app:status state up
reader> HGET app:status state
",
    },
    judges: &[Judges::Use(judge)],
};

fn judge(used: &KeyUse<'_>) -> Option<Problem> {
    if used.writes() || !used.fits_type() {
        return None; // Of fields that are written unknown-field speaks.
    }
    let unknown = used.call.values("field").find(|given| used.plan.field(given.word) == Some(None))?;
    let field: String = printable(unknown.word).chars().take(100).collect();
    let message = format!("`{}` reads the field `{field}`, which is not declared", used.caller.name);
    Some(Problem::new(message, &["fields"]).subject(field).hint("read a declared field, or let the owner declare it"))
}
