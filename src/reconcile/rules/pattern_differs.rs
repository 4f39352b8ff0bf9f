//! Names known by another pattern.

use crate::finding::{Finding, Level};
use crate::reconcile::rows::is_case;
use crate::reconcile::{Case, ReconcileRule, Row, WitnessKind};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "pattern-differs",
        level: Level::Info,
        summary: "a witness knows some of the names by a pattern of its own",
        docs: "\
A witness that sees few names takes them for all there are: `app:state:a` where `app:state:{name}` is declared. Or it has
found that some names differ from the others of the pattern, and deserve an entry of their own. Code that uses some of
the names of a pattern says nothing against it.

Nothing needs to be done where the names are alike; else declare the narrower pattern, which then wins.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: 'app:{part}'
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
# witness: keyspace
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
    key: 'app:{part}'
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
# witness: keyspace
module: app
bus: main
keys:
  state:
    key: 'app:{name}'
    type: string
    operations: [SET]
    retention: { ttl: none }
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    let Some(declared) = &row.declared else { return };
    for (witness, side) in case.seen(row) {
        // Code that uses some of the names only is in its right; what it passes on is often a constant.
        // One name that was just seen is all that there was to see.
        let one_name = side.pattern.params().next().is_none() && witness.who.is_some();
        let is_case = (witness.kind == WitnessKind::Code || one_name) && is_case(side, declared);
        if side.shape == declared.shape || is_case {
            continue;
        }
        let message = format!("{} is known as `{}` ({})", row.told(), side.pattern, witness.name);
        let subject = format!("{} {}", witness.name, side.pattern);
        let path = if row.kind == crate::extract::Kind::Key { "key" } else { "channel" };
        findings.push(case.finding(&RULE.rule, row, message, &[path]).subject(subject));
    }
}
