//! Entries that nobody uses.

use crate::extract::Kind;
use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "declared-never-used",
        level: Level::Warning,
        summary: "no witness knows an entry that is declared",
        docs: "\
An entry that nobody uses misleads: people look for data that does not come, and checks miss it for ever. It may be left
from an earlier version, misspelt, or used by a part that no witness has seen. Only buses of which a witness knows
something are judged, and channels only by those that see channels.

Remove the entry, correct its pattern, or show the witness the part that uses it.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
  old:
    key: app:old
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
    if row.declared.is_none() || !row.touched.is_empty() {
        return;
    }
    let may_know = |(at, witness): (usize, &crate::reconcile::Witness)| {
        let kind = row.kind == Kind::Key || witness.kind.knows_channels();
        kind && case.rows.iter().any(|other| other.bus == row.bus && other.touched.contains(&at))
    };
    let names: Vec<&str> = case
        .witnesses
        .iter()
        .enumerate()
        .filter(|(at, witness)| may_know((*at, witness)))
        .map(|(_, witness)| witness.name.as_str())
        .collect();
    if !names.is_empty() {
        let message = format!("`{}` is declared, and nobody knows it ({})", row.pattern, names.join(", "));
        findings.push(case.finding(&RULE.rule, row, message, &[]).hint("remove it, or look where it is used"));
    }
}
