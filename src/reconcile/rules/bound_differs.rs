//! Bounds that differ.

use crate::finding::{Finding, Level};
use crate::reconcile::render::bound as told;
use crate::reconcile::{Case, ReconcileRule, Row, Side};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "bound-differs",
        level: Level::Warning,
        summary: "a witness sees another bound than is declared",
        docs: "\
A bound says how much a key may hold, and readers size what they fetch by it. When the code trims to another number, or the
keyspace holds more, either the declaration is old or a writer forgets to trim. A keyspace that holds less says nothing.

Declare the bound that the writer keeps, or mend the writer. Config variables are compared by their defaults.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: list
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
    consumers: [{ name: reader, reads: [LRANGE] }]
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: list
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 500 }
",
        good: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: list
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
    consumers: [{ name: reader, reads: [LRANGE] }]
# witness: code
module: app
bus: main
keys:
  state:
    key: app:state
    type: list
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 100 }
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    for ((one, side), (other, kind, seen)) in case.pairs(row) {
        let Some((own, found)) = side.bound.as_ref().zip(seen.bound.as_ref()) else { continue };
        let count = |side: &Side, registry: &crate::registry::Registry, bound: &crate::registry::MaxEntries| {
            registry.count(side.module, &bound.count)
        };
        let own_registry = case.side_registry(&one);
        let found_registry = case.side_registry(&other);
        let (Some(a), Some(b)) = (count(side, own_registry, own), count(seen, found_registry, found)) else { continue };
        // Trimming may leave less, and approximate trimming somewhat more.
        let may_be = if kind.sees_remains() { b <= a || own.approximate && b <= a.saturating_mul(2) } else { a == b };
        if !may_be {
            let message =
                format!("the bound of `{}` is {} ({one}) and {} ({other})", row.pattern, told(own), told(found));
            let finding = case.finding(&RULE.rule, row, message, &["retention", "max_entries"]);
            findings.push(finding.subject(&other).caret(format!("{other}: {}", told(found))));
        }
    }
}
