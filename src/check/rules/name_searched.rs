//! Searches for keys that another key names.

use crate::check::{CheckRule, Judges, Problem, Repetition};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "name-searched",
        level: Level::Error,
        summary: "keys are searched for by name, though another key tells which one is wanted",
        docs: "\
A search goes over the whole keyspace whatever it finds, may give names whose keys are gone or are not complete yet, and
makes readers depend on how names are built. `found_by` names the entry that holds the name of the key that is wanted.
A search whose glob meets other entries as well is a walk over the keyspace, of which hot-loop speaks.

Read that entry, then the key that it names.",
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
    found_by: newest
    operations: [SET]
    retention: { ttl: 300s, lifecycle: expiring }
    cardinality: 100
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:report:7 text EX 300
app> SET app:report:newest app:report:7
reader> SCAN 0 MATCH app:report:[0-9]* COUNT 100
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
# traffic
app> SET app:report:7 text EX 300
app> SET app:report:newest app:report:7
reader> GET app:report:newest
reader> GET app:report:7
",
    },
    judges: &[Judges::Repetition(judge)],
};

fn judge(repetition: &Repetition<'_>) -> Option<Problem> {
    let key = repetition.searched?;
    let finder = key.found_by.as_deref()?;
    let (caller, command) = (repetition.caller.name, repetition.command.name.as_str());
    let message = format!("`{caller}` searches for it with {command}; it is found by `{finder}`");
    let hint = format!("read `{finder}`, then the key that it names");
    Some(Problem::new(message, &["found_by"]).subject(command).hint(hint))
}
