//! Is the registry sound? A [`Registry`] in, findings out; offline.
//!
//! A rule is one file in `rules/`. It must not know of data, generators or reports.

mod entries;
mod examples;
mod fields;
mod growth;
mod meetings;
mod moments;
pub mod rules;

pub use examples::example_registry;

use crate::finding::Finding;
use crate::registry::Registry;
use crate::rule::Rule;

/// A rule about registries.
#[derive(Debug)]
pub struct LintRule {
    /// Identity and docs.
    pub rule: Rule,
    /// Must a registry be free of this before anything is generated from it or checked by it? So for references that
    /// lead nowhere and patterns that cannot be told apart.
    pub blocking: bool,
    /// Adds what it finds.
    pub check: fn(&Registry, &mut Vec<Finding>),
}

/// All findings of all rules, in the order of their places.
#[must_use]
pub fn lint(registry: &Registry) -> Vec<Finding> {
    run(registry, |_| true)
}

/// The findings that keep a registry from being used at all.
#[must_use]
pub fn blocking(registry: &Registry) -> Vec<Finding> {
    run(registry, |rule| rule.blocking)
}

fn run(registry: &Registry, wanted: impl Fn(&LintRule) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in rules::RULES.iter().filter(|rule| wanted(rule)) {
        (rule.check)(registry, &mut findings);
    }
    findings.sort_by(|a, b| (a.place, a.rule, &a.subject).cmp(&(b.place, b.rule, &b.subject)));
    findings
}
