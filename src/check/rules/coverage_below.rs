//! Runs that cover too little.

use crate::check::{CheckRule, Demand, Judges};
use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "coverage-below",
        level: Level::Error,
        summary: "less of what is declared was seen than was demanded",
        docs: "\
What was never seen was never checked: a clean verdict on half of the operations says nothing of the other half.

Let the run reach the operations that were never seen (give it more time, or the input that makes the program use
them), merge several runs with `keywire coverage merge`, or take out what no program does.",
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
    operations: [SET, DEL]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
# demand coverage 100
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
    operations: [SET, DEL]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# traffic
app> SET app:mode fast
app> DEL app:mode
# demand coverage 100
",
    },
    judges: &[Judges::Demand(judge)],
};

fn judge(demand: &Demand<'_>, findings: &mut Vec<Finding>) {
    let (what, share) = demand.coverage.share();
    let Some(least) = demand.at_least.filter(|least| share.percent < *least) else { return };
    let (seen, declared, percent) = (share.seen, share.declared, share.percent);
    let message = format!("{seen} of {declared} declared {what} were seen ({percent} %); {least} % are demanded");
    let missed = demand.coverage.never_seen();
    let hint = match missed.as_slice() {
        [] => "let the run reach what was never seen".to_owned(),
        missed => format!("never seen: {}", missed.join(", ")),
    };
    findings.push(RULE.rule.finding(message).hint(hint));
}
