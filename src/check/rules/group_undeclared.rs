//! Consumer groups that nobody declares.

use super::is_declared_type;
use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::{Level, printable};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "group-undeclared",
        level: Level::Warning,
        summary: "a stream has a consumer group that is not declared",
        docs: "\
Nobody knows who reads by it. If it is a leftover, its unacknowledged entries take memory for ever, and whoever trims the
stream by what groups have read waits for it.

Declare the group under `groups:` of the stream, or remove it with XGROUP DESTROY.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  jobs:
    key: app:jobs
    purpose: Work to be done.
    type: stream
    entry: { job: text }
    groups: [workers]
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
# data
XADD app:jobs * job a
XGROUP CREATE app:jobs workers 0
XGROUP CREATE app:jobs wrokers 0
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  jobs:
    key: app:jobs
    purpose: Work to be done.
    type: stream
    entry: { job: text }
    groups: [workers]
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
# data
XADD app:jobs * job a
XGROUP CREATE app:jobs workers 0
",
    },
    judges: &[Judges::Key(judge)],
};

/// A stream that declares no groups says nothing of them.
fn judge(subject: &Subject<'_>) -> Option<Problem> {
    let seen = subject.seen.groups.as_ref().filter(|_| is_declared_type(subject))?;
    let is_declared = |name: &[u8]| subject.plan.groups.iter().any(|plan| plan.name.as_bytes() == name);
    let other = printable(&seen.iter().find(|group| !is_declared(&group.name))?.name);
    let message = format!("has a consumer group `{other}`, which is not declared");
    let hint = "declare it under `groups`, or remove it with XGROUP DESTROY";
    Some(Problem::new(message, &["groups"]).subject(other).hint(hint))
}
