//! Names known by another pattern.

use crate::finding::{Finding, Level};
use crate::reconcile::rows::shape;
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "pattern-differs",
        level: Level::Info,
        summary: "a witness knows some of the names by a pattern of its own",
        docs: "\
A witness that sees few names takes them for all there are: `app:state:a` where `app:state:{name}` is declared. Or it has
found that some names differ from the others of the pattern, and deserve an entry of their own.

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
    key: 'app:{part}'
    type: string
    operations: [SET]
    retention: { ttl: none }
    consumers: [{ name: reader, reads: [GET] }]
# witness: code
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
        if shape(&side.pattern) == shape(&declared.pattern) {
            continue;
        }
        let message = format!("`{}` is known as `{}` ({})", row.pattern, side.pattern, witness.name);
        let subject = format!("{} {}", witness.name, side.pattern);
        let path = if row.kind == crate::extract::Kind::Key { "key" } else { "channel" };
        findings.push(case.finding(&RULE.rule, row, message, &[path]).subject(subject));
    }
}
