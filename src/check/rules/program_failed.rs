//! Programs that fail.

use crate::check::{CheckRule, Judges, Problem};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "program-failed",
        level: Level::Error,
        summary: "the program under contract failed",
        docs: "\
A program that ends with an error did not do its work, whatever the keys look like that it left. Its exit code is its
own word for it.

See what it printed. Where its exit code does not matter, turn this rule off in keywire.toml.",
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
# traffic
app> SET app:mode fast
# program exited with 3
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
# traffic
app> SET app:mode fast
",
    },
    judges: &[Judges::Program(judge)],
};

fn judge(ending: &str) -> Option<Problem> {
    Some(Problem::new(format!("the program {ending}"), &[]).hint("see what it printed before it ended"))
}
