//! Times to live that differ.

use crate::extract::draft::into::agree;
use crate::finding::{Finding, Level};
use crate::reconcile::render::ttl as told;
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "ttl-differs",
        level: Level::Warning,
        summary: "a witness sees another time to live than is declared",
        docs: "\
A key that lives shorter than readers expect is missing when they need it; one that lives longer is stale, or fills the
server. A keyspace shows what is left of a TTL, so that it contradicts only where more is left than is declared, or
where a key has a TTL and should have none, or none and should have one.

Declare the TTL that the writer sets, or mend the writer. Config variables are compared by their defaults.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SETEX]
    retention: { ttl: 300s }
    consumers: [{ name: reader, reads: [GET] }]
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SETEX]
    retention: { ttl: 600s }
",
        good: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    operations: [SETEX]
    retention: { ttl: 300s }
    consumers: [{ name: reader, reads: [GET] }]
# witness: keyspace
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    retention: { ttl: 290s }
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    for ((one, side), (other, kind, seen)) in case.pairs(row) {
        let Some((own, found)) = side.ttl.as_ref().zip(seen.ttl.as_ref()) else { continue };
        let own_reader = (case.side_registry(&one), side.module);
        let found_reader = (case.side_registry(&other), seen.module);
        let agree = if kind.sees_remains() {
            agree::ttl_left((own, own_reader), (found, found_reader))
        } else {
            agree::ttl((own, own_reader), (found, found_reader))
        };
        if !agree {
            let message =
                format!("the TTL of `{}` is {} ({one}) and {} ({other})", row.pattern, told(own), told(found));
            let finding = case.finding(&RULE.rule, row, message, &["retention", "ttl"]);
            findings.push(finding.subject(&other).caret(format!("{other}: {}", told(found))));
        }
    }
}
