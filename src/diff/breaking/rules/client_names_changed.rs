//! Modules that are known by another name.

use crate::diff::breaking::{Break, BreakingRule, Breaks, Comparison, First};
use crate::finding::Level;
use crate::rule::Rule;

/// The rule.
pub static RULE: BreakingRule = BreakingRule {
    rule: Rule {
        name: "client-names-changed",
        level: Level::Warning,
        summary: "the connections of a module are known by other names",
        docs: "\
`watch` and `proxy` take the programs that are deployed for strangers, and what they write for writes of nobody. ACL
users by the old name stay.

Deploy the programs first, or keep the old name among the new ones.",
        bad: "\
module: app
role: Serves requests.
bus: main
clients: { names: [app-*] }
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
clients: { names: [shop-*] }
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
        good: "\
module: app
role: Serves requests.
bus: main
clients: { names: [app-*] }
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
clients: { names: [app-*, shop-*] }
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
    comparison.changed_modules(|old, new| {
        let gone = |was: &[String], is: &[String]| was.iter().any(|name| !is.contains(name));
        let changed = gone(&old.client_names, &new.client_names) || gone(&old.client_users, &new.client_users);
        let message = || format!("the connections of {} are known by other names", new.name);
        let hint = "keep the old name among the new ones until its programs are deployed";
        changed.then(|| ("clients", message(), First::Operator, hint))
    })
}
