//! Reads of names that nobody writes.

use crate::check::{CheckRule, Judges, Problem, Unclaimed};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "dangling-read",
        level: Level::Error,
        summary: "a name is read that nobody declares and nobody was seen to write",
        docs: "\
The reader waits for data that never comes: a typing error in a name, a key that was renamed, a writer that is gone.
Redis answers such reads with nothing, and no error.

Look how the writer spells the name, and declare the key; or delete the read.",
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
reader> GET app:mod
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
reader> GET app:mode
",
    },
    judges: &[Judges::Unclaimed(judge)],
};

fn judge(name: &Unclaimed<'_>) -> Option<Problem> {
    if !name.only_read || name.elsewhere.is_some() {
        return None; // Of a name that is written undeclared-key speaks, of one on another bus key-wrong-bus.
    }
    let hint = match name.nearest {
        Some(pattern) => format!("is `{pattern}` meant? If not, declare the key, or delete the read"),
        None => "declare the key and its writer, or delete the read".to_owned(),
    };
    Some(Problem::new("it is read, but nobody declares it, and nobody was seen to write it", &[]).hint(hint))
}
