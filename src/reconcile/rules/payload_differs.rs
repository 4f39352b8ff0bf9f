//! Contents that differ.

use crate::finding::{Finding, Level};
use crate::reconcile::contents;
use crate::reconcile::{Case, ReconcileRule, Row};
use crate::rule::Rule;

/// The rule.
pub static RULE: ReconcileRule = ReconcileRule {
    rule: Rule {
        name: "payload-differs",
        level: Level::Warning,
        summary: "a witness sees other contents than are declared",
        docs: "\
What a key holds is what its readers parse. When values are of another kind than declared, or properties of a payload have
another type, one of them breaks. Text, bytes and JSON fit all, and numbers fit one another: a witness cannot tell what
they count.

Correct the declaration, or the writer; `keywire verify` says which values are wrong.",
        bad: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    value: integer
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
    value: boolean
",
        good: "\
module: app
bus: main
keys:
  state:
    key: app:state
    type: string
    value: integer
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
    value: integer
",
    },
    check,
};

fn check(case: &Case<'_>, row: &Row, findings: &mut Vec<Finding>) {
    for ((one, side), (other, kind, seen)) in case.pairs(row) {
        for (part, own) in &side.parts {
            // Of a field declared by a pattern, others may be seen by name: those are not compared.
            let Some((_, found)) = seen.parts.iter().find(|(name, _)| name == part) else { continue };
            let registries = (case.side_registry(&one), case.side_registry(&other));
            // Code says what it passes on, and of JSON that it is some.
            let _ = kind;
            let Some(what) = contents::contradiction((own, registries.0), (found, registries.1)) else { continue };
            let message = format!("the {part} of `{}` {what} ({one}, {other})", row.pattern);
            let path = part.split(' ').next().unwrap_or_default();
            let path = if path == "field" { "fields" } else { path };
            findings.push(case.finding(&RULE.rule, row, message, &[path]).subject(format!("{other} {part}")));
        }
    }
}
