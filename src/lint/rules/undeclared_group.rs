//! Consumer groups that are read but not declared.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;

use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "undeclared-group",
        level: Level::Warning,
        summary: "a stream is read by a consumer group, and declares none",
        docs: "\
XREADGROUP answers NOGROUP until somebody has made the group. A stream that names its `groups` lets deployments create
them, lets docs show them and lets checks find groups that nobody reads.

List the groups of the stream under `groups:`.",
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
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\" }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
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
    retention: { ttl: none, max_entries: \"~1000\" }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| key.groups.is_empty()) {
        let mut reads = key.consumers.iter().flat_map(|consumer| &consumer.reads);
        let Some(read) = reads.find(|read| read.name == "XREADGROUP") else { continue };
        let message = format!("`{}` is read by a consumer group, but declares none", key.name);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .at(read.span)
                .label(registry.name_span(&key.address), "declared without `groups`")
                .hint("list the names of the groups: `groups: [workers]`"),
        );
    }
}
