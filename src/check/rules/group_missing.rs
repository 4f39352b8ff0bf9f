//! Consumer groups that must be there and are not.

use super::is_declared_type;
use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "group-missing",
        level: Level::Error,
        summary: "a stream is there, and a consumer group that it must have is not",
        docs: "\
XREADGROUP answers NOGROUP, and the consumers of the group get nothing: the stream was deleted and made anew, the group was
never created, or it has another name than its consumers think.

Let each consumer create its group at the start (XGROUP CREATE with MKSTREAM), and take an answer of BUSYGROUP for yes. Only
groups with `required: true` are missed: while a producer runs alone, in its tests say, nobody has made them yet.",
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
    groups: { workers: { required: true } }
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
# data
XADD app:jobs * job a
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
    groups: { workers: { required: true } }
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

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    let seen = subject.seen.groups.as_ref().filter(|_| is_declared_type(subject))?;
    let is_there = |name: &str| seen.iter().any(|group| group.name == name.as_bytes());
    let missing = subject.plan.groups.iter().find(|plan| plan.required && !is_there(plan.name))?.name;
    let message = format!("has no consumer group `{missing}`, which must be there");
    let hint = "create it when its consumers start (XGROUP CREATE with MKSTREAM), or drop `required: true`";
    Some(Problem::new(message, &["groups"]).subject(missing).hint(hint))
}
