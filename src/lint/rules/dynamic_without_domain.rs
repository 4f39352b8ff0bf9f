//! Params that could be anything.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use std::collections::BTreeSet;

use crate::lint::entries::entries;
use crate::registry::{Param, ParamKind, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "dynamic-without-domain",
        level: Level::Warning,
        summary: "a param does not say what it may hold",
        docs: "\
A param without a declared domain matches any text, so that a wrong name passes for a right one, generated code takes
any string, and docs and tests have no value to show.

Declare it under `params` with a narrow type (integer, uuid, enum, date, ...), or as a string with a `pattern`, with
`from` (the config variable that lists its values) or with `examples`.",
        bad: "\
module: app
role: Serves requests.
bus: main
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
    let mut seen = BTreeSet::new();
    for entry in entries(registry) {
        let own = entry.pattern().params().map(|name| (name, entry.pattern_span(registry)));
        let fields = entry.fields().iter().flat_map(|field| field.name.params().map(|name| (name, field.span)));
        for (name, span) in own.chain(fields) {
            let param = registry.param(entry.module(), name);
            let place = param.span.unwrap_or(span);
            // One finding per declaration; without one, per module.
            let module = if param.span.is_some() { None } else { Some(entry.module()) };
            if is_narrow(&param) || !seen.insert((param.span, module, name)) {
                continue;
            }
            let (message, hint) = if param.span.is_some() {
                let message = format!("the param `{name}` may be any text");
                (message, "give it a `pattern`, `from`, `examples`, or a narrower type")
            } else {
                (
                    format!("the param `{name}` is not declared"),
                    "declare it under `params`, with the type of its values",
                )
            };
            let finding = entry.finding(registry, &RULE.rule, message).subject(name).at(place);
            findings.push(finding.hint(hint));
        }
    }
}

fn is_narrow(param: &Param) -> bool {
    let open = matches!(param.kind, ParamKind::String { pattern: None } | ParamKind::Rest);
    param.span.is_some() && (!open || !param.from.is_empty() || !param.examples.is_empty())
}
