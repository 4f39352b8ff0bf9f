//! One name that is a key in one module and a channel in another.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::Entry;
use crate::lint::meetings::clashes;
use crate::registry::Registry;
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "key-channel-clash",
        level: Level::Warning,
        summary: "a name is a key in one module and a channel in another",
        docs: "\
Redis keeps keys and channels apart, people do not: whoever sees the name in a log, an ACL or a dashboard cannot tell
which is meant, and a subscriber that was to read the key waits for ever. A module that both sets and publishes one
name (PUBLISH among a key's operations) is not meant by this rule.

Rename one of the two, for example with a suffix `:updates` for the channel.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  orders:
    key: app:orders
    purpose: Orders of the day as text.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
channels:
  orders:
    channel: app:orders
    purpose: Orders as they come in.
    message: text
    consumers: [{ name: reader, reads: [SUBSCRIBE] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  orders:
    key: app:orders
    purpose: Orders of the day as text.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
# file: modules/other.yaml
module: other
role: Serves other requests.
bus: main
channels:
  orders:
    channel: app:orders:updates
    purpose: Orders as they come in.
    message: text
    consumers: [{ name: reader, reads: [SUBSCRIBE] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for clash in clashes(registry).into_iter().filter(|clash| clash.of_two_modules()) {
        let (key, Entry::Channel(channel)) = (clash.first, clash.second) else { continue };
        // A channel that a key implies meets as that key, with which the first one meets as well.
        if channel.from_key.is_some() {
            continue;
        }
        let module = &registry.module(key.module()).name;
        let message = format!("`{}` is a channel here and a key in the module `{module}`", clash.witness);
        findings.push(
            RULE.rule
                .finding(message)
                .of_channel(registry, channel)
                .subject(format!("{module}.{}", key.name()))
                .at(clash.second.pattern_span(registry))
                .label(key.pattern_span(registry), "a key")
                .hint("rename one of the two"),
        );
    }
}
