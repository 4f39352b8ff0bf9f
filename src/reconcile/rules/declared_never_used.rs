//! Entries that nobody uses.

use crate::extract::Kind;
use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row, Side, WitnessKind};
use crate::registry::Ttl;
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "declared-never-used",
        level: Level::Warning,
        summary: "no witness knows an entry that is declared",
        docs: "\
An entry that nobody uses misleads: people look for data that does not come, and checks miss it for ever. It may be left
from an earlier version, misspelt, or used by a part that no witness has seen. A witness is asked only for what it would know: code and traffic if
they know the owner or a reader, a keyspace if the key neither expires nor is taken away, each of buses of which it knows
something, and channels only those that see channels.

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
    let Some(declared) = row.declared.as_ref().filter(|_| row.touched.is_empty()) else { return };
    let names: Vec<&str> = (0..case.witnesses.len())
        .filter(|at| may_know(case, row, declared, *at))
        .map(|at| case.witnesses[at].name.as_str())
        .collect();
    if !names.is_empty() {
        let message = format!("{} is declared, and nobody knows it ({})", row.told(), names.join(", "));
        let hint = format!("remove it, or look where it is used{}", case.doubt());
        findings.push(case.finding(&RULE.rule, row, message, &[]).hint(hint));
    }
}

/// Would a witness know the entry if it was in use?
fn may_know(case: &Case<'_>, row: &Row, declared: &Side, at: usize) -> bool {
    let witness = &case.witnesses[at];
    if row.kind == Kind::Channel && !witness.kind.knows_channels() {
        return false;
    }
    // Which of its buses a program is given, its text may not tell: names that it uses on one may be those of another.
    let same = |other: &Row| {
        let twin = other.declared.as_ref().is_some_and(|side| side.shape == declared.shape);
        twin && other.kind == row.kind && other.touched.contains(&at)
    };
    if witness.kind == WitnessKind::Code && case.rows.iter().any(same) {
        return false;
    }
    // Of a bus of which it knows nothing it has seen nothing.
    if !case.rows.iter().any(|other| other.bus == row.bus && other.touched.contains(&at)) {
        return false;
    }
    if !witness.kind.knows_parties() {
        // What expires or is taken away is not there all the time.
        return !declared.answers_writer && declared.ttl.as_ref().is_none_or(|ttl| *ttl == Ttl::None);
    }
    let knows = declared.writers.iter().chain(&declared.readers).chain([&declared.owner]).any(|of| case.knows(at, of));
    knows || !case.knows_modules(at)
}
