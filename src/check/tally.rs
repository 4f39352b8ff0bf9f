//! Problems counted: many keys with one fault are one finding with a count and a few examples. Bounded, whatever the data.

use std::collections::HashMap;

use super::{KeyPlan, Problem};
use crate::finding::{Finding, printable};
use crate::registry::Registry;
use crate::rule::Rule;

/// Examples that a finding shows.
const EXAMPLES: usize = 5;
/// Different subjects of one rule and pattern, or different shapes of undeclared names, that are told apart.
const SUBJECTS: usize = 100;
/// Names and values are cut off here.
const SHOWN: usize = 200;

/// Findings in the making.
#[derive(Default)]
pub(super) struct Tally {
    /// By rule, pattern (`None` for unclaimed names) and subject.
    counted: HashMap<(&'static str, Option<usize>, String), Counted>,
    subjects: HashMap<(&'static str, Option<usize>), usize>,
}

struct Counted {
    rule: &'static Rule,
    problem: Problem,
    count: u64,
    examples: Vec<String>,
}

impl Tally {
    /// Adds a problem of a key; `value` only when values may be shown.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        (plan, name): (usize, &[u8]),
        problem: Problem,
        value: Option<&[u8]>,
    ) {
        let mut example = cut(printable(name));
        if let Some(value) = value {
            example = format!("{example} = {}", cut(printable(value)));
        }
        self.count(rule, Some(plan), problem, example);
    }

    /// Adds a problem of a name that no pattern claims.
    pub(super) fn add_unclaimed(&mut self, rule: &'static Rule, problem: Problem, name: &[u8]) {
        let shape = shape(&cut(printable(name)));
        self.count(rule, None, problem.subject(shape), cut(printable(name)));
    }

    fn count(&mut self, rule: &'static Rule, plan: Option<usize>, mut problem: Problem, example: String) {
        let known = self.counted.contains_key(&(rule.name, plan, problem.subject.clone()));
        if !known {
            let subjects = self.subjects.entry((rule.name, plan)).or_default();
            *subjects += 1;
            if *subjects > SUBJECTS {
                problem.subject = "(others)".to_owned();
                problem.message = format!("{}, and more faults of this kind", rule.summary);
            }
        }
        let slot = (rule.name, plan, problem.subject.clone());
        let counted =
            self.counted.entry(slot).or_insert_with(|| Counted { rule, problem, count: 0, examples: Vec::new() });
        counted.count += 1;
        if counted.examples.len() < EXAMPLES && !counted.examples.contains(&example) {
            counted.examples.push(example);
        }
    }

    /// The findings, in the order of the registry.
    pub(super) fn findings(self, registry: &Registry, bus: &str, plans: &[KeyPlan<'_>]) -> Vec<Finding> {
        let mut counted: Vec<_> = self.counted.into_iter().collect();
        counted.sort_by(|((rule_a, plan_a, subject_a), _), ((rule_b, plan_b, subject_b), _)| {
            (plan_a.is_none(), plan_a, rule_a, subject_a).cmp(&(plan_b.is_none(), plan_b, rule_b, subject_b))
        });
        counted
            .into_iter()
            .map(|((_, plan, _), counted)| finding(registry, bus, plan.map(|at| &plans[at]), counted))
            .collect()
    }
}

fn finding(registry: &Registry, bus: &str, plan: Option<&KeyPlan<'_>>, counted: Counted) -> Finding {
    let problem = counted.problem;
    let mut finding = counted.rule.finding(problem.message).subject(problem.subject);
    finding.level = problem.level.unwrap_or(counted.rule.level);
    finding.hint = problem.hint;
    finding.count = counted.count;
    match plan {
        Some(plan) => {
            finding = finding.of_key(registry, plan.key).at(registry.span(&plan.key.address, problem.declared));
            finding.key =
                counted.examples.first().map(|example| example.split(" = ").next().unwrap_or(example).to_owned());
        }
        None => {
            // One name is named; of many of one shape the shape is.
            let single = counted.count == 1 || counted.examples.len() == 1;
            finding.key = if single { counted.examples.first().cloned() } else { Some(finding.subject.clone()) };
            finding.subject = String::new();
        }
    }
    finding.bus = Some(bus.to_owned());
    finding.examples = counted.examples;
    finding
}

/// The shape of a name: parts with a digit, or long ones, as `*`. Names that differ only there are one finding.
fn shape(name: &str) -> String {
    let part = |part: &str| {
        let varies = part.len() > 24 || part.bytes().any(|byte| byte.is_ascii_digit());
        if varies { "*".to_owned() } else { part.to_owned() }
    };
    name.split(':').map(part).collect::<Vec<_>>().join(":")
}

fn cut(text: String) -> String {
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_shape_fall_together() {
        assert_eq!(shape("user:17:cart"), "user:*:cart");
        assert_eq!(shape("massive:spot:rogue"), "massive:spot:rogue");
    }
}
