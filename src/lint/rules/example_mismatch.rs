//! Values of a param that the param itself does not allow.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::param_address;
use crate::registry::{Claim, ModuleId, Param, Pattern, Registry};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "example-mismatch",
        level: Level::Error,
        summary: "an example or configured value of a param does not fit its type",
        docs: "\
The values that a param gives as `examples`, and those that its config variables list by default, are real names. One
that does not match the param's own type or pattern shows that the pattern is too narrow: keys with that value will
count as undeclared.

Widen the pattern, or correct the value.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  symbol: { type: string, pattern: \"[A-Z]+\", examples: [SPX, BRK.B], about: Symbol of a stock. }
keys:
  price:
    key: app:price:{symbol}
    purpose: Price of one stock.
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
  symbol: { type: string, pattern: \"[A-Z.]+\", examples: [SPX, BRK.B], about: Symbol of a stock. }
keys:
  price:
    key: app:price:{symbol}
    purpose: Price of one stock.
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
    let mut seen = Vec::new();
    for at in 0..registry.modules.len() {
        for param in registry.modules[at].params.values() {
            if param.span.is_some_and(|span| !seen.contains(&span)) {
                seen.extend(param.span);
                judge(registry, ModuleId(at), param, findings);
            }
        }
    }
}

fn judge(registry: &Registry, module: ModuleId, param: &Param, findings: &mut Vec<Finding>) {
    let (Some(address), Ok(pattern)) = (param_address(param), Pattern::parse(&format!("{{{}}}", param.name))) else {
        return;
    };
    let Ok(claim) = Claim::new((), &pattern, registry, module) else { return };
    let wrong = |value: &&String| !claim.matches(value.as_bytes());
    let mut add = |value: &String, span, whose: &str| {
        let message = format!("`{value}`{whose} is not a value that the param `{}` allows", param.name);
        let mut finding = RULE.rule.finding(message).subject(format!("{} {value}", param.name)).at(span);
        finding.module = Some(registry.module(module).name.clone());
        findings.push(finding.hint("widen the param, or correct the value"));
    };
    for (at, value) in param.examples.iter().enumerate().filter(|(_, value)| wrong(value)) {
        add(value, registry.span(&address, &["examples", &at.to_string()]), "");
    }
    for (at, name) in param.from.iter().enumerate() {
        let one = Param { from: vec![name.clone()], ..param.clone() };
        for value in registry.param_domain(module, &one).iter().filter(wrong) {
            add(value, registry.span(&address, &["from", &at.to_string()]), &format!(", by default in `{name}`,"));
        }
    }
}
