//! Commands and transactions that a cluster refuses, because their keys lie in several slots.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::registry::{BusId, Key, ModuleId, Registry, Topology};
use crate::rule::Rule;
use crate::server::commands::Command;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "cross-slot",
        level: Level::Error,
        summary: "keys that are used together can lie in several slots of a cluster",
        docs: "\
A Redis Cluster takes a command or a transaction only if all of its keys lie in one slot; else it answers CROSSSLOT.
Keys share a slot for certain when their names have the same hash tag, the part in `{{...}}`.

Put what belongs together under one tag, as in `cart:{{{user}}}:items` and `cart:{{{user}}}:total`; or use commands on
one key, and no transaction. Buses that are no cluster are not judged.",
        bad: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, topology: cluster, owns: [\"app:*\"] }
services:
  reader: { role: Reads what the module writes. }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
atomic: true
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  cart:
    key: app:{user}:cart
    purpose: Cart of one user.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  total:
    key: app:{user}:total
    purpose: What the cart costs.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
# file: registry.yaml
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, topology: cluster, owns: [\"app:*\"] }
services:
  reader: { role: Reads what the module writes. }
# file: modules/app.yaml
module: app
role: Serves requests.
bus: main
atomic: true
params:
  user: { type: integer, min: 1, about: Number of the user. }
keys:
  cart:
    key: app:{{{user}}}:cart
    purpose: Cart of one user.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  total:
    key: app:{{{user}}}:total
    purpose: What the cart costs.
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
    let is_cluster = |bus: BusId| registry.bus(bus).topology == Topology::Cluster;
    for (at, _) in registry.modules.iter().enumerate().filter(|(_, module)| module.atomic) {
        let keys: Vec<&Key> = registry.keys_of(ModuleId(at)).filter(|key| key.bus.is_some_and(is_cluster)).collect();
        let apart = |key: &&&Key| {
            keys.first().is_some_and(|first| key.bus == first.bus && !first.pattern.same_slot(&key.pattern))
        };
        let Some((first, other)) = keys.first().zip(keys.iter().skip(1).find(apart)) else { continue };
        let (a, b) = (&first.pattern, &other.pattern);
        let message = format!("one transaction writes `{a}` and `{b}`, which can lie in two slots");
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, other)
                .subject("atomic")
                .at(Entry::Key(other).pattern_span(registry))
                .label(Entry::Key(first).pattern_span(registry), "another slot")
                .hint("give both the same hash tag, as in `cart:{{{user}}}:items`"),
        );
    }
    for entry in entries(registry).filter(|entry| entry.bus().is_some_and(is_cluster)) {
        let Entry::Key(key) = entry else { continue };
        if key.pattern.hash_tag().is_some() {
            continue;
        }
        let reads = key.consumers.iter().flat_map(|consumer| &consumer.reads);
        for operation in key.operations.iter().chain(reads) {
            if !operation.command.is_some_and(|command| joins_keys(command, key.pattern.is_static())) {
                continue;
            }
            let message = format!("`{}` uses several keys, and `{}` has no hash tag", operation.name, key.pattern);
            let finding = entry.finding(registry, &RULE.rule, message).subject(&operation.name).at(operation.span);
            findings
                .push(finding.hint("give the keys that are used together the same hash tag, or use one key a call"));
        }
    }
}

/// Is it made for several keys at once? Many commands take several and are mostly used with one: DEL, XREAD, BLPOP.
fn joins_keys(command: &Command, is_static: bool) -> bool {
    let two = command.keys_in_specs().count() > 1;
    let optional = matches!(command.name.as_str(), "SORT" | "SORT_RO" | "GEORADIUS" | "GEORADIUSBYMEMBER");
    let many = matches!(
        command.name.as_str(),
        "MGET"
            | "MSET"
            | "MSETNX"
            | "MSETEX"
            | "JSON.MGET"
            | "JSON.MSET"
            | "SUNION"
            | "SINTER"
            | "SDIFF"
            | "SINTERCARD"
            | "ZUNION"
            | "ZINTER"
            | "ZDIFF"
            | "ZINTERCARD"
    );
    (two && !optional && !command.runs_code()) || (many && !is_static)
}
