//! Entries that are said to be found by something that is no entry.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::did_you_mean;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-finder",
        level: Level::Error,
        summary: "what `found_by` names is no other key of the same bus",
        docs: "\
`found_by` says that readers never search for a key, because the value of another entry names it. When there is no such
entry on the bus, a reader cannot do otherwise than search.

Correct the name, or declare the key that holds the name.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  version: { type: integer, min: 1, examples: [\"7\"] }
keys:
  newest:
    key: app:report:newest
    purpose: Name of the newest report.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  report:
    key: app:report:{version}
    purpose: A report, never changed.
    type: string
    value: text
    found_by: newset
    operations: [SET]
    retention: { ttl: 300s, lifecycle: expiring }
    cardinality: 100
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  version: { type: integer, min: 1, examples: [\"7\"] }
keys:
  newest:
    key: app:report:newest
    purpose: Name of the newest report.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  report:
    key: app:report:{version}
    purpose: A report, never changed.
    type: string
    value: text
    found_by: newest
    operations: [SET]
    retention: { ttl: 300s, lifecycle: expiring }
    cardinality: 100
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        let Some(finder) = &key.found_by else { continue };
        let others = || registry.keys.iter().filter(|other| other.id != key.id && other.bus == key.bus);
        if others().any(|other| other.name == *finder) {
            continue;
        }
        let message = format!("`{finder}` is no other key of this bus");
        let otherwise = "name the entry whose value is the name of the key that is wanted";
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .subject(finder)
                .at(registry.span(&key.address, &["found_by"]))
                .hint(did_you_mean(finder, others().map(|other| other.name.as_str()), otherwise)),
        );
    }
}
