//! Bounds that allow nothing, or that can never matter.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use std::time::Duration;

use crate::registry::{Amount, Key, Registry, Ttl};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "impossible-bound",
        level: Level::Error,
        summary: "a bound allows nothing, or can never matter",
        docs: "\
A TTL, length, age or number of keys of zero allows no data at all; a TTL range whose shortest is above its longest
allows none either; and a key that expires before it is stale can never be stale.

Correct the number, or remove the bound. Values that config variables give are judged by their defaults.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  price:
    key: app:price
    purpose: Price of the moment.
    type: string
    value: number
    operations: [SET]
    retention: { ttl: { min: 10m, max: 5m } }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  price:
    key: app:price
    purpose: Price of the moment.
    type: string
    value: number
    operations: [SET]
    retention: { ttl: { min: 5m, max: 10m } }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        for (path, message) in zeros(registry, key).into_iter().chain(crossings(registry, key)) {
            findings.push(
                RULE.rule
                    .finding(message)
                    .of_key(registry, key)
                    .subject(path.join("."))
                    .at(registry.span(&key.address, &path))
                    .hint("correct the number, or remove the bound"),
            );
        }
    }
}

type Fault = (Vec<&'static str>, String);

fn zeros(registry: &Registry, key: &Key) -> Vec<Fault> {
    let retention = &key.retention;
    let no_count = |amount: &Amount<u64>| registry.count(key.module, amount) == Some(0);
    let no_time = |amount: &Amount<Duration>| registry.duration(key.module, amount) == Some(Duration::ZERO);
    let ttl = match &retention.ttl {
        Some(Ttl::Fixed(ttl) | Ttl::Sliding(ttl) | Ttl::Range { max: ttl, .. }) => no_time(ttl),
        Some(Ttl::None) | None => false,
    };
    let checks: [(&[&'static str], bool); 6] = [
        (&["retention", "ttl"], ttl),
        (&["retention", "max_entries"], retention.max_entries.as_ref().is_some_and(|bound| no_count(&bound.count))),
        (&["retention", "max_length"], retention.max_length.as_ref().is_some_and(no_count)),
        (&["retention", "max_age"], retention.max_age.as_ref().is_some_and(no_time)),
        (&["cardinality"], key.cardinality.as_ref().is_some_and(no_count)),
        (&["freshness"], key.freshness.as_ref().is_some_and(no_time)),
    ];
    let wrong = checks.into_iter().filter(|(_, wrong)| *wrong);
    wrong.map(|(path, _)| (path.to_vec(), format!("a `{}` of zero allows nothing", path[path.len() - 1]))).collect()
}

fn crossings(registry: &Registry, key: &Key) -> Option<Fault> {
    let duration = |amount| registry.duration(key.module, amount);
    let longest = match key.retention.ttl.as_ref()? {
        Ttl::Range { min, max } => {
            if duration(min)? > duration(max)? {
                let message = format!("the shortest TTL, {min}, is above the longest, {max}");
                return Some((vec!["retention", "ttl", "min"], message));
            }
            duration(max)?
        }
        Ttl::Fixed(ttl) => duration(ttl)?,
        Ttl::None | Ttl::Sliding(_) => return None,
    };
    let freshness = key.freshness.as_ref()?;
    let message = format!("it is gone before it is stale: its freshness is {freshness}");
    (duration(freshness)? > longest).then(|| (vec!["freshness"], message))
}
