//! Names on another bus.

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "bus-differs",
        level: Level::Error,
        summary: "a witness sees the names on another bus than is declared",
        docs: "\
The same name on two buses is two keys. When the declaration says one bus and the code or a server another, checks look in
one place and the data is in the other.

Correct the bus of the entry or of its module; where both buses have the key, declare it on both.",
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
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    bus: other
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
    for (at, bus) in &row.elsewhere {
        // One that knows the names on the declared bus as well knows two keys.
        if row.seen.iter().any(|(by, _)| by == at) {
            continue;
        }
        let name = &case.witnesses[*at].name;
        let message = format!("{} is declared on the bus `{}`, and `{bus}` has it ({name})", row.told(), row.bus);
        let finding = case.finding(&RULE.rule, row, message, &["bus"]).subject(name);
        findings.push(finding.hint(format!("write `bus: {bus}`, or correct where it is written")));
    }
}
