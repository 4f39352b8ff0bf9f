//! Patterns that can never win, because others claim all of their names.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::lint::meetings::claims;
use crate::registry::automaton::{Answer, Language, beyond};
use crate::registry::{Claim, Registry, more_specific};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "shadowed-pattern",
        level: Level::Error,
        summary: "a pattern can never win: more specific ones claim all of its names",
        docs: "\
The most specific pattern that fits a name wins. When more specific patterns of the bus together claim every name that
a pattern can have, the pattern is never used: what it says of type, retention and consumers is dead text that readers
believe. The same holds for an entry that is written twice.

Remove the entry, or widen its params to the names that it was meant for.",
        bad: "\
module: app
role: Serves requests.
bus: main
params:
  side: { type: enum, values: [bid, ask], about: Side of the book. }
keys:
  side:
    key: app:book:{side}
    purpose: Best price of one side.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  bid:
    key: app:book:bid
    purpose: Best price at which somebody buys.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  ask:
    key: app:book:ask
    purpose: Best price at which somebody sells.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
params:
  side: { type: enum, values: [bid, ask, mid], about: Side of the book. }
keys:
  side:
    key: app:book:{side}
    purpose: Best price of one side.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
  bid:
    key: app:book:bid
    purpose: Best price at which somebody buys.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
  ask:
    key: app:book:ask
    purpose: Best price at which somebody sells.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    let keys = claims(registry, registry.keys.iter().map(Entry::Key));
    let channels = claims(registry, entries(registry).filter(|entry| matches!(entry, Entry::Channel(_))));
    for claims in [keys, channels] {
        for (at, claim) in claims.iter().enumerate() {
            let entry = claim.target;
            let first = claims[..at].iter().map(|claim| claim.target).find(|first| is_again(*first, entry));
            let found = first.map(|first| (again(registry, first, entry), vec![first]));
            if let Some((finding, others)) = found.or_else(|| shadowed(registry, claim, &claims)) {
                let label = |finding: Finding, other: &Entry<'_>| {
                    finding.label(other.pattern_span(registry), "claims the same names")
                };
                findings.push(others.iter().take(3).fold(finding.at(entry.pattern_span(registry)), label));
            }
        }
    }
}

fn is_again(first: Entry<'_>, second: Entry<'_>) -> bool {
    first.module() == second.module() && first.bus() == second.bus() && first.pattern() == second.pattern()
}

fn again(registry: &Registry, first: Entry<'_>, second: Entry<'_>) -> Finding {
    let message = format!("`{}` is declared a second time; `{}` has the same pattern", second.name(), first.name());
    second.finding(registry, &RULE.rule, message).subject(first.name()).hint("keep one of the two")
}

fn shadowed<'a>(
    registry: &Registry,
    claim: &Claim<Entry<'a>>,
    all: &[Claim<Entry<'a>>],
) -> Option<(Finding, Vec<Entry<'a>>)> {
    let entry = claim.target;
    if entry.pattern().is_static() {
        return None;
    }
    // The automata do not know the ranges of integers, so that a narrower pattern with one may claim less than they say.
    let exact = |entry: Entry<'_>| {
        entry.pattern().params().all(|param| !registry.param(entry.module(), param).kind.is_ranged())
    };
    let narrower: Vec<&Claim<Entry<'a>>> = all
        .iter()
        .filter(|other| other.target.bus() == entry.bus() && other.pattern().may_meet(claim.pattern()))
        .filter(|other| more_specific(other.pattern(), claim.pattern()))
        .filter(|other| exact(other.target))
        .collect();
    if narrower.is_empty() {
        return None;
    }
    let all_narrower = narrower.iter().map(|claim| format!("(?:{})", claim.expression())).collect::<Vec<_>>().join("|");
    let (whole, rest) = (Language::new(claim.expression()).ok()?, Language::new(&all_narrower).ok()?);
    if beyond(&whole, &[&rest]) != Answer::Empty {
        return None;
    }
    let message =
        format!("no name is left to `{}`: more specific patterns claim all that it could have", entry.pattern());
    let hint = "remove the entry, or widen its params";
    Some((entry.finding(registry, &RULE.rule, message).hint(hint), narrower.iter().map(|claim| claim.target).collect()))
}
