//! Names that two parties write.

use crate::extract::Kind;
use crate::finding::{Finding, Level};
use crate::reconcile::rows::same_party;
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "written-by-two",
        level: Level::Warning,
        summary: "two parties write the same names",
        docs: "\
Each key has one owner, who answers for what it holds. When a second one writes it, each can overwrite or trim what the
other wrote, and neither sees it. Names of parties are compared in any style of code; channels may have several publishers.

Let one party own the key, give each writer a name of its own, or correct the owner that is declared.",
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
# witness: code
module: other
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
    if row.kind != Kind::Key {
        return;
    }
    let mut writers: Vec<(String, String)> = Vec::new();
    let declared = row.declared.iter().map(|side| ("declared", side));
    let seen = case.seen(row).filter(|(witness, _)| witness.kind.knows_parties());
    for (by, side) in declared.chain(seen.map(|(witness, side)| (witness.name.as_str(), side))) {
        for writer in &side.writers {
            if !writers.iter().any(|(known, _)| same_party(known, writer)) {
                writers.push((writer.clone(), by.to_owned()));
            }
        }
    }
    if writers.len() > 1 {
        let who: Vec<String> = writers.iter().map(|(writer, by)| format!("`{writer}` ({by})")).collect();
        let message = format!("`{}` is written by {}", row.pattern, who.join(" and "));
        let path = ["key"];
        let subject = writers.iter().map(|(writer, _)| writer.as_str()).collect::<Vec<_>>().join(" ");
        findings.push(case.finding(&RULE.rule, row, message, &path).subject(subject));
    }
}
