//! Names that are not declared.

use crate::finding::{Finding, Level};
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "used-never-declared",
        level: Level::Warning,
        summary: "a witness knows names that no entry declares",
        docs: "\
What is not declared is not checked, not documented, and its writers and readers do not know of one another. Names outside
those that a bus `owns` are none of the registry's business and are not told.

Declare it: `--into` of the command that made the draft writes the entry. Or stop using it.",
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
    operations: [SET]
    retention: { ttl: none }
  other:
    key: app:other
    type: string
    operations: [SET]
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
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    if row.declared.is_some() {
        return;
    }
    let owns = case.registry.bus_named(&row.bus).map(|bus| case.registry.bus(bus).owns.as_slice()).unwrap_or_default();
    let prefix = row.seen.first().map(|(_, side)| side.pattern.literal_prefix()).unwrap_or_default();
    let may_own = |glob: &String| {
        let literal = glob.split(['*', '?', '[', '\\']).next().unwrap_or_default();
        prefix.starts_with(literal) || literal.starts_with(prefix)
    };
    if !owns.is_empty() && !owns.iter().any(may_own) {
        return;
    }
    let names: Vec<&str> = case.seen(row).map(|(witness, _)| witness.name.as_str()).collect();
    let message = format!("{} is used, and not declared ({})", row.told(), names.join(", "));
    findings.push(case.finding(&RULE.rule, row, message, &[]).hint("declare it, or stop using it"));
}
