//! Consumer groups that do not keep to what is declared of them.

use super::is_declared_type;
use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "group-limit-exceeded",
        level: Level::Error,
        summary: "a consumer group is further behind, or has more consumers, than declared",
        docs: "\
A group that falls behind loses what the stream is trimmed of before it was read, and entries that nobody acknowledges are
given out again and again, or never. More consumers than declared are often ones that died without being removed: what
they were given stays theirs until somebody claims it.

Add consumers or make them faster (`max_lag`), acknowledge what was worked off and claim what stays (XAUTOCLAIM,
`max_pending`), remove consumers that are gone (XGROUP DELCONSUMER, `max_consumers`).",
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
    groups: { workers: { max_lag: 2 } }
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
# data
XADD app:jobs * job a
XGROUP CREATE app:jobs workers 0
XADD app:jobs * job b
XADD app:jobs * job c
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
    groups: { workers: { max_lag: 2 } }
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
# data
XADD app:jobs * job a
XGROUP CREATE app:jobs workers 0
XADD app:jobs * job b
",
    },
    judges: &[Judges::Key(judge)],
};

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    let seen = subject.seen.groups.as_ref().filter(|_| is_declared_type(subject))?;
    subject.plan.groups.iter().find_map(|plan| {
        let group = seen.iter().find(|group| group.name == plan.name.as_bytes())?;
        let measured = [
            // What the server does not know is not judged.
            ("max_lag", group.lag, plan.max_lag, "entries behind"),
            ("max_pending", Some(group.pending), plan.max_pending, "unacknowledged entries"),
            ("max_consumers", Some(group.consumers), plan.max_consumers, "consumers"),
        ];
        measured.into_iter().find_map(|(field, value, limit, what)| {
            let (value, limit) = (value?, limit?);
            let message = format!("has a group `{}` with more than the declared {limit} {what}", plan.name);
            let hint = format!("one has {value}; `{field}` is the limit");
            (value > limit)
                .then(|| Problem::new(message, &["groups"]).subject(format!("{}/{field}", plan.name)).hint(hint))
        })
    })
}
