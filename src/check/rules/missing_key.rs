//! Required keys that do not exist.

use crate::check::{Census, CheckRule, Judges, KeyPlan};
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "missing-key",
        level: Level::Error,
        summary: "a required key does not exist",
        docs: "\
Its readers find nothing. Static keys are required unless declared otherwise; only modules of which anything was seen are judged, or the one named with --module.

Look whether its writer runs and writes this very name; declare `required: false` if it may be absent.",
        bad: r#"module: app
role: Serves requests.
bus: main
payloads:
  Status:
    type: object
    required: [state]
    additionalProperties: false
    properties: { state: { type: string, enum: [up, down] }, since_ms: { type: integer } }
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: string
    value: Status
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# data
SET app:status {"state":"up"}
"#,
        good: r#"module: app
role: Serves requests.
bus: main
payloads:
  Status:
    type: object
    required: [state]
    additionalProperties: false
    properties: { state: { type: string, enum: [up, down] }, since_ms: { type: integer } }
keys:
  status:
    key: app:status
    purpose: Is the service up?
    type: string
    value: Status
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# data
SET app:status {"state":"up"}
SET app:mode fast
"#,
    },
    judges: &[Judges::Census(judge)],
};

fn judge(census: &Census<'_>, findings: &mut Vec<Finding>) {
    if !census.complete {
        return; // What was not seen may be there.
    }
    let absent = |(plan, seen): &&(&KeyPlan<'_>, u64)| *seen == 0 && plan.key.required;
    for (plan, _) in census.seen.iter().filter(absent).filter(|(plan, _)| census.running.contains(&plan.key.module.0)) {
        let key = plan.key;
        let message = if key.pattern.is_static() {
            format!("the required key `{}` does not exist", key.pattern)
        } else {
            format!("no key of the required pattern `{}` exists", key.pattern)
        };
        let mut finding = RULE.rule.finding(message).of_key(census.registry, key);
        finding.key = key.pattern.is_static().then(|| key.pattern.literal_prefix().to_owned());
        let place = census.registry.span(&key.address, &["key"]);
        findings.push(finding.at(place).hint("look at its writer, or declare `required: false`"));
    }
}
