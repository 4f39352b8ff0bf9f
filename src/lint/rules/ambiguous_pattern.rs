//! Patterns that can claim one name, neither more specific than the other.

use crate::finding::{Finding, Level, printable};
use crate::lint::LintRule;
use crate::registry::automaton::{Answer, Language, overlap};
use crate::registry::{Claim, Key, Registry, more_specific};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "ambiguous-pattern",
        level: Level::Error,
        summary: "two patterns can claim one name, and neither is more specific",
        docs:
            "\
When a name fits two patterns of one bus, nobody can say what it holds or who owns it. The more specific pattern wins
(literal before param, segment by segment); here neither is. The message shows a name that both claim.

Make the names differ in a literal part, or narrow a param (a `pattern`, `enum` or `integer`) so that they cannot meet.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: string, pattern: \"[a-z]+\", examples: [a] }
  name: { type: string, pattern: \"[a-y]+\", examples: [b] }
keys:
  by_id:
    key: app:user:{id}
    purpose: A user by id.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  by_name:
    key: app:user:{name}
    purpose: A user by name.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  id: { type: string, pattern: \"[a-z]+\", examples: [a] }
  name: { type: string, pattern: \"[a-y]+\", examples: [b] }
keys:
  by_id:
    key: app:user:id:{id}
    purpose: A user by id.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  by_name:
    key: app:user:name:{name}
    purpose: A user by name.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: true,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let claims: Vec<Claim<&Key>> =
        registry.keys.iter().filter_map(|key| Claim::new(key, &key.pattern, registry, key.module).ok()).collect();
    for (at, a) in claims.iter().enumerate() {
        for b in claims[at + 1..].iter().filter(|b| b.target.bus == a.target.bus && may_meet(a, b)) {
            if a.pattern() == b.pattern() && a.target.module != b.target.module {
                continue; // One key with two owners: duplicate-writer speaks of it.
            }
            if more_specific(a.pattern(), b.pattern()) || more_specific(b.pattern(), a.pattern()) {
                continue;
            }
            let (Ok(left), Ok(right)) = (Language::new(a.expression()), Language::new(b.expression())) else {
                continue;
            };
            if let Answer::Witness(name) = overlap(&left, &right) {
                findings.push(finding(registry, a.target, b.target, &printable(&name)));
            }
        }
    }
}

/// A quick no for most pairs: literal starts that differ.
fn may_meet(a: &Claim<&Key>, b: &Claim<&Key>) -> bool {
    let (a, b) = (a.pattern().literal_prefix(), b.pattern().literal_prefix());
    a.starts_with(b) || b.starts_with(a)
}

fn finding(registry: &Registry, a: &Key, b: &Key, witness: &str) -> Finding {
    let message = format!("`{}` and `{}` both claim `{witness}`, and neither is more specific", a.pattern, b.pattern);
    RULE.rule
        .finding(message)
        .of_key(registry, b)
        .subject(&a.name)
        .at(registry.span(&b.address, &["key"]))
        .caret(format!("claims `{witness}`"))
        .label(registry.span(&a.address, &["key"]), format!("claims `{witness}` too"))
        .hint("make a literal part differ, or narrow a param")
}
