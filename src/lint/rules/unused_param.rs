//! Params that no pattern uses.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use std::collections::BTreeSet;

use crate::lint::entries::{did_you_mean, entries};
use crate::registry::{ModuleId, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unused-param",
        level: Level::Warning,
        summary: "a param is declared that no pattern uses",
        docs: "\
A param that stands in no pattern is left over from a key that is gone, or misspelt where it was to be used; then the
pattern uses an undeclared one.

Remove it, or use it. Params of registry.yaml are used if any module uses them.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  user: { type: integer, min: 1, about: Number of the user. }
  usr: { type: integer, min: 1, about: Number of the user. }
keys:
  state:
    key: app:state:{user}
    purpose: State of one user.
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
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  state:
    key: app:state:{user}
    purpose: State of one user.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let mut used = BTreeSet::new();
    let mut undeclared: Vec<(ModuleId, &str)> = Vec::new();
    for entry in entries(registry) {
        let fields = entry.fields().iter().flat_map(|field| field.name.params());
        for name in entry.pattern().params().chain(fields) {
            match registry.param(entry.module(), name).span {
                Some(span) => drop(used.insert(span)),
                None => undeclared.push((entry.module(), name)),
            }
        }
    }
    for (at, module) in registry.modules.iter().enumerate() {
        for param in module.params.values() {
            let Some(span) = param.span.filter(|span| used.insert(*span)) else { continue };
            let candidates = undeclared.iter().filter(|(module, _)| module.0 == at).map(|(_, name)| *name);
            let message = format!("no pattern uses the param `{}`", param.name);
            let mut finding = RULE.rule.finding(message).subject(&param.name).at(span);
            finding.module = Some(module.name.clone());
            findings.push(finding.hint(did_you_mean(&param.name, candidates, "remove it")));
        }
    }
}
