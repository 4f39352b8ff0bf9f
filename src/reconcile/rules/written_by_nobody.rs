//! Data that nobody writes.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row, Witness, WitnessKind, render};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "written-by-nobody",
        level: Level::Warning,
        summary: "something is read or there that no witness writes",
        docs: "\
What nobody writes is missing one day: the writer was removed, lives in a part that was not looked at, or writes another
name by mistake. Judged where a witness sees writers, that is code or traffic, and knows
the declared owner; traffic is of a while, and does not deny that a declared owner writes.

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
    // A declared writer that no witness met may well write, and traffic is of a while only.
    if let Some(declared) = row.declared.as_ref().filter(|side| !side.writers.is_empty()) {
        let met = |(at, witness): (usize, &Witness)| {
            let is_whole = witness.kind.knows_parties() && witness.kind != WitnessKind::Traffic;
            is_whole && (case.knows(at, &declared.owner) || !case.knows_modules(at))
        };
        if !case.witnesses.iter().enumerate().any(met) {
            return;
        }
    }
    let readers: BTreeSet<&str> =
        seen().flat_map(|(_, side)| side.readers.iter().map(|name| render::named(name))).collect();
    let readers: Vec<&str> = readers.into_iter().collect();
    let who = if readers.is_empty() { "it is known".to_owned() } else { format!("{} reads it", readers.join(", ")) };
    let message = format!("no witness writes {}, and {who}", row.told());
    let hint = format!("look for its writer where no witness has looked{}", case.doubt());
    findings.push(case.finding(&RULE.rule, row, message, &["operations"]).hint(hint));
}
