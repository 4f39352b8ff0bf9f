//! Names that two parties write.

use crate::extract::Kind;
use crate::finding::{Finding, Level};
use crate::reconcile::rows::same_party;
use crate::reconcile::{Case, ReconcileRule, Row, Side, UNNAMED, Witness, WitnessKind};
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
    let mut writers: Vec<(&str, &str)> = Vec::new();
    let declared = row.declared.as_ref();
    let own = declared.into_iter().flat_map(|side| side.writers.iter().map(|writer| (writer.as_str(), "declared")));
    let seen = case.seen(row).filter(|(witness, _)| witness.kind.knows_parties());
    let seen = seen.flat_map(|(witness, side)| {
        let is_other =
            move |writer: &&String| *writer != UNNAMED && !may_be_owner(case, declared, witness, side, writer);
        side.writers.iter().filter(is_other).map(|writer| (writer.as_str(), witness.name.as_str()))
    });
    for (writer, by) in own.chain(seen) {
        if !writers.iter().any(|(known, _)| same_party(known, writer)) {
            writers.push((writer, by));
        }
    }
    if writers.len() > 1 {
        let who: Vec<String> = writers.iter().map(|(writer, by)| format!("`{writer}` ({by})")).collect();
        let message = format!("`{}` is written by {}", row.pattern, who.join(" and "));
        let path = ["key"];
        let subject = writers.iter().map(|(writer, _)| *writer).collect::<Vec<_>>().join(" ");
        findings.push(case.finding(&RULE.rule, row, message, &path).subject(subject));
    }
}

/// Source files that are no party of the registry are called like themselves: such a one may be a part of the owner, as
/// long as neither the owner nor another party is seen to write.
fn may_be_owner(case: &Case<'_>, declared: Option<&Side>, witness: &Witness, side: &Side, writer: &str) -> bool {
    let modules = case.registry.modules.iter().map(|module| &module.name);
    let parties: Vec<&String> = modules.chain(case.registry.services.iter().map(|of| &of.name)).collect();
    let is_party = |writer: &str| parties.iter().any(|name| same_party(name, writer));
    let guessed = witness.kind == WitnessKind::Code && witness.who.is_some();
    declared.is_some() && guessed && !is_party(writer) && !side.writers.iter().any(|writer| is_party(writer))
}
