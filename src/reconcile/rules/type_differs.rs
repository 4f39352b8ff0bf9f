//! Types that differ.

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "type-differs",
        level: Level::Error,
        summary: "a witness sees another Redis type than is declared",
        docs: "\
A command of one type fails on a key of another, so that either the writer or all readers are wrong. Types that a server
stores alike, such as a bitmap and a string, do not contradict.

Correct the declaration, or the code; one name for two things needs two patterns.",
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
# witness: keyspace
module: app
bus: main
keys:
  state:
    key: app:state
    type: hash
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
# witness: keyspace
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    for ((one, side), (other, _, seen)) in case.pairs(row) {
        let Some((own, found)) = side.redis_type.zip(seen.redis_type) else { continue };
        if own.reply != found.reply {
            let message = format!("`{}` is a {} ({one}) and a {} ({other})", row.pattern, own.name, found.name);
            let finding = case.finding(&RULE.rule, row, message, &["type"]).subject(&other);
            findings.push(finding.caret(format!("{other}: {}", found.name)));
        }
    }
}
