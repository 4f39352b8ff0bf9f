//! Modules that are gone.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "module-removed",
        level: Level::Warning,
        summary: "a module is removed",
        docs: "\
Its programs are still deployed somewhere, its keys stay on the bus, and its ACL user stays allowed.

Stop the programs, remove its keys and its user.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    notes: Nobody reads it.
# file: modules/shop.yaml
module: shop
role: Sells.
bus: main
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    notes: Nobody reads it.
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
# after
module: app
role: Serves requests.
bus: main
keys:
  cart:
    key: app:cart
    purpose: What is in the cart.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 1h }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    breaks: Breaks::Operator,
    judge,
};

fn judge(comparison: &Comparison<'_>) -> Vec<Break> {
    let gone = comparison.old.modules.iter().filter(|module| comparison.new.module_named(&module.name).is_none());
    gone.map(|module| Break {
        message: format!("the module {} is removed", module.name),
        subject: module.name.clone(),
        at: comparison.at_gone_module(module),
        affected: Vec::new(),
        first: First::Operator,
        level: None,
        hint: "stop its programs, remove its keys and its user".to_owned(),
    })
    .collect()
}
