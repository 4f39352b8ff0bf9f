//! More keys of a pattern than declared.

use crate::check::{Census, CheckRule, Judges};
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "cardinality-exceeded",
        level: Level::Error,
        summary: "there are more keys of a pattern than declared",
        docs: "\
Something puts more into a name than it should (a request id, a time), or keys are never removed.

Find what varies; raise the bound if the growth is meant.",
        bad: r#"module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, examples: ["7"] }
keys:
  session:
    key: app:session:{user}
    purpose: The session of a user.
    type: hash
    fields: { token: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY, EXPIRE]
    retention: { ttl: sliding 300s, lifecycle: expiring }
    cardinality: 1
    consumers: [{ name: reader, reads: [HGETALL] }]
# data
HSET app:session:7 token t hits 1
EXPIRE app:session:7 300
HSET app:session:8 token t hits 1
EXPIRE app:session:8 300
"#,
        good: r#"module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, examples: ["7"] }
keys:
  session:
    key: app:session:{user}
    purpose: The session of a user.
    type: hash
    fields: { token: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY, EXPIRE]
    retention: { ttl: sliding 300s, lifecycle: expiring }
    cardinality: 1
    consumers: [{ name: reader, reads: [HGETALL] }]
# data
HSET app:session:7 token t hits 1
EXPIRE app:session:7 300
"#,
    },
    judges: &[Judges::Census(judge)],
};

fn judge(census: &Census<'_>, findings: &mut Vec<Finding>) {
    for (plan, seen) in &census.seen {
        let Some(limit) = plan.cardinality.filter(|limit| seen > limit) else { continue };
        let message = format!("there are more than the declared {limit} keys of this pattern: {seen}");
        let place = census.registry.span(&plan.key.address, &["cardinality"]);
        let mut finding = RULE.rule.finding(message).of_key(census.registry, plan.key).at(place);
        finding.count = *seen;
        findings.push(finding.hint("find what varies in the names, or raise the bound"));
    }
}
