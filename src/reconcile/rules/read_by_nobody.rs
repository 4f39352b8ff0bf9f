//! Data that nobody reads.

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "read-by-nobody",
        level: Level::Warning,
        summary: "something is written that nobody reads",
        docs: "\
Data that nobody reads costs memory and writes, and is a trap: people believe that it matters. Judged where a witness sees
readers, that is code or traffic; a reader that is declared counts.

Remove the writes, or declare who reads it: `consumers` may name services that no witness can see.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SET]
    retention: { ttl: none }
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SET]
    retention: { ttl: none }
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
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    let sides = || row.declared.iter().chain(row.seen.iter().map(|(_, side)| side));
    let written = sides().any(|side| !side.writers.is_empty());
    let witnessed = row.touched.iter().any(|at| case.witnesses[*at].kind.knows_parties());
    // A lock or a counter answers its writer, and needs no reader.
    if sides().any(|side| side.answers_writer) {
        return;
    }
    if written && witnessed && sides().all(|side| side.readers.is_empty()) {
        let message = format!("{} is written, and nobody reads it", row.told());
        findings.push(
            case.finding(&RULE.rule, row, message, &[]).hint("name its readers under `consumers`, or stop writing it"),
        );
    }
}
