//! What is declared beside what witnesses saw: one row a pattern, one column a witness, each disagreement a finding.
//!
//! A [`Witness`] is what an origin says, composed as a registry. `rows` puts entries of the same names side by side, by what
//! their patterns claim and not by how they are written; `rules` say where they disagree. What a witness cannot know, it
//! does not deny.

mod buses;
mod contents;
mod examples;
mod render;
mod rows;
pub mod rules;
mod witness;

pub use buses::on_declared_buses;
pub use examples::example;
pub use render::{json, table};
pub use rows::{Row, Side};
pub use witness::{UNNAMED, Who, Witness, WitnessKind};

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::registry::Registry;
use crate::rule::Rule;

/// A rule about a row.
#[derive(Debug)]
pub struct ReconcileRule {
    /// Identity and docs.
    pub rule: Rule,
    /// Adds what it finds.
    pub check: fn(&Case<'_>, &Row, &mut Vec<Finding>),
}

/// Two sides of a row with their names, the second one a witness's.
type Pair<'r> = ((String, &'r Side), (String, WitnessKind, &'r Side));

/// What rules look at.
#[derive(Debug)]
pub struct Case<'a> {
    /// What is declared.
    pub registry: &'a Registry,
    /// Who saw something.
    pub witnesses: &'a [Witness],
    /// All rows.
    pub rows: Vec<Row>,
    /// The parties that each witness met, without the style of their names.
    parties: Vec<BTreeSet<String>>,
}

impl<'a> Case<'a> {
    /// Puts witnesses beside a registry.
    #[must_use]
    pub fn new(registry: &'a Registry, witnesses: &'a [Witness]) -> Self {
        let rows = rows::rows(registry, witnesses);
        let mut parties = vec![BTreeSet::new(); witnesses.len()];
        for (at, side) in rows.iter().flat_map(|row| &row.seen) {
            parties[*at].extend(side.writers.iter().chain(&side.readers).map(|name| rows::plain_party(name)));
        }
        Self { registry, witnesses, rows, parties }
    }

    /// All disagreements, in the order of their places.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for row in &self.rows {
            for rule in &rules::RULES {
                (rule.check)(self, row, &mut findings);
            }
        }
        findings
            .sort_by(|a, b| (a.place, a.rule, &a.pattern, &a.subject).cmp(&(b.place, b.rule, &b.pattern, &b.subject)));
        findings
    }

    /// A finding about a row: placed where it is declared, if it is.
    fn finding(&self, rule: &Rule, row: &Row, message: String, path: &[&str]) -> Finding {
        let mut finding = rule.finding(message);
        finding.bus = Some(row.bus.clone());
        finding.pattern = Some(row.pattern.clone());
        if let Some(declared) = &row.declared {
            finding.module = Some(declared.owner.clone());
            finding.entry = Some(declared.name.clone());
            finding.place = Some(self.registry.span(&declared.address, path));
        }
        finding
    }

    /// The registry in which a side's config variables and payloads are read.
    fn side_registry(&self, name: &str) -> &Registry {
        self.witnesses.iter().find(|witness| witness.name == name).map_or(self.registry, |witness| &witness.registry)
    }

    /// Does a witness know a party at all? What it never met it cannot deny anything of.
    fn knows(&self, at: usize, party: &str) -> bool {
        self.parties[at].contains(&rows::plain_party(party))
    }

    /// Does a witness know any module of the registry by its name?
    fn knows_modules(&self, at: usize) -> bool {
        self.registry.modules.iter().any(|module| self.knows(at, &module.name))
    }

    /// Places that witnesses did not understand, in words for a hint.
    fn doubt(&self) -> String {
        let unresolved: usize = self.witnesses.iter().map(|witness| witness.unresolved).sum();
        match unresolved {
            0 => String::new(),
            1 => "; 1 place in the code could not be resolved".to_owned(),
            _ => format!("; {unresolved} places in the code could not be resolved"),
        }
    }

    /// What witnesses saw of a row, with them.
    fn seen<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = (&'r Witness, &'r Side)> {
        row.seen.iter().map(|(at, side)| (&self.witnesses[*at], side))
    }

    /// Each two sides of a row that may contradict one another: what is declared first, then the witnesses in order.
    fn pairs<'r>(&'r self, row: &'r Row) -> Vec<Pair<'r>> {
        let mut sides: Vec<(String, &Side)> = row.declared.iter().map(|side| ("declared".to_owned(), side)).collect();
        let mut pairs = Vec::new();
        for (witness, side) in self.seen(row) {
            // Where something is declared, witnesses are compared with that alone: else one fault would show as many.
            pairs.extend(
                sides.first().map(|(name, first)| ((name.clone(), *first), (witness.name.clone(), witness.kind, side))),
            );
            if sides.is_empty() {
                sides.push((witness.name.clone(), side));
            }
        }
        pairs
    }
}

#[cfg(test)]
#[path = "scale_tests.rs"]
mod scale_tests;
