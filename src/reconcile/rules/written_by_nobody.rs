//! Data that nobody writes.

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "written-by-nobody",
        level: Level::Warning,
        summary: "something is read or there that no witness writes",
        docs: "\
What nobody writes is missing one day: the writer was removed, lives in a part that was not looked at, or writes another
name by mistake. Judged where a witness sees writers, that is code or traffic.

Find the writer and show it to the witness, or remove those who read.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    let seen = || case.seen(row).filter(|(witness, _)| witness.kind.knows_parties());
    if seen().next().is_none() || seen().any(|(_, side)| !side.writers.is_empty()) {
        return;
    }
    let readers: Vec<String> = seen().flat_map(|(_, side)| side.readers.iter().cloned()).collect();
    let who = if readers.is_empty() { "it is known".to_owned() } else { format!("{} reads it", readers.join(", ")) };
    let message = format!("no witness writes `{}`, and {who}", row.pattern);
    findings.push(
        case.finding(&RULE.rule, row, message, &["operations"]).hint("look for its writer where no witness has looked"),
    );
}
