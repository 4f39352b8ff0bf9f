//! What was expected, and never seen.

use crate::check::{CheckRule, Demand, Judges};
use crate::coverage::EntryCoverage;
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "expected-unseen",
        level: Level::Error,
        summary: "an entry that was expected was never seen",
        docs: "\
Whoever runs the check said that this entry must be seen, with `--expect`: the verdict is about it, and it was not
there.

Look whether the program does what it is run for, and whether it runs long enough.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  state:
    key: app:state
    purpose: What the service is thinking.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
# demand expect state
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  state:
    key: app:state
    purpose: What the service is thinking.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
# demand expect mode
",
    },
    judges: &[Judges::Demand(judge)],
};

fn judge(demand: &Demand<'_>, findings: &mut Vec<Finding>) {
    for name in demand.expected {
        if demand.coverage.entry(name).is_some_and(EntryCoverage::is_seen) {
            continue;
        }
        let finding = RULE.rule.finding(format!("`{name}` was expected, and never seen")).subject(name);
        let key = demand.registry.keys.iter().find(|key| key.name == *name || key.pattern.as_str() == name);
        let finding = match key {
            Some(key) => finding.of_key(demand.registry, key).at(demand.registry.name_span(&key.address)),
            None => finding,
        };
        findings.push(finding.hint("look whether the program does what it is run for, and runs long enough"));
    }
}
