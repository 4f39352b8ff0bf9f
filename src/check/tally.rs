//! Problems counted: many keys or calls with one fault are one finding with a count and a few examples. Bounded, whatever
//! the data.

use std::collections::HashMap;

use super::traffic::Caller;
use super::{KeyPlan, Problem};
use crate::finding::{Finding, Moments, printable};
use crate::registry::{Channel, Party, Registry, Shape};
use crate::rule::Rule;

/// Examples that a finding shows.
const EXAMPLES: usize = 5;
/// Different subjects of one rule and pattern, or different shapes of undeclared names, that are told apart.
const SUBJECTS: usize = 100;
/// Findings that are told apart in all: with five examples each, a report stays under 1 MB.
const FINDINGS: usize = 500;
/// Names and values are cut off here.
const SHOWN: usize = 200;

/// Findings in the making.
#[derive(Default)]
pub(super) struct Tally {
    counted: HashMap<(&'static str, Slot, String), Counted>,
    subjects: HashMap<(&'static str, Of), usize>,
}

/// Whose problem it is, and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Slot {
    pub of: Of,
    /// Who did it, where that is known.
    pub party: Option<Party>,
}

/// What a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) enum Of {
    /// A pattern, as an index of the checker's plans.
    Key(usize),
    /// A channel of the registry, by index.
    Channel(usize),
    /// A name that nobody declares.
    #[default]
    Name,
    /// No name at all.
    Nothing,
}

impl Slot {
    /// A key, whoever wrote it: its owner answers for it.
    pub(super) fn key(plan: usize) -> Self {
        Self { of: Of::Key(plan), party: None }
    }

    /// What a caller does.
    pub(super) fn by(of: Of, caller: &Caller<'_>) -> Self {
        Self { of, party: caller.party }
    }
}

/// One sight of a problem.
pub(super) struct Seen<'a> {
    /// The name of the key or channel; empty if there is none.
    pub name: &'a [u8],
    /// The value, only when values may be shown.
    pub value: Option<&'a [u8]>,
    /// When, in microseconds since 1970, where that is known.
    pub at_us: Option<u64>,
    /// How many times.
    pub count: u64,
}

impl<'a> Seen<'a> {
    pub(super) fn of(name: &'a [u8], value: Option<&'a [u8]>) -> Self {
        Self { name, value, at_us: None, count: 1 }
    }

    pub(super) fn at(name: &'a [u8], at_us: u64) -> Self {
        Self { name, value: None, at_us: Some(at_us), count: 1 }
    }
}

struct Counted {
    rule: &'static Rule,
    problem: Problem,
    count: u64,
    moments: Option<Moments>,
    examples: Vec<String>,
}

impl Tally {
    /// Adds a problem.
    pub(super) fn add(&mut self, rule: &'static Rule, mut slot: Slot, mut problem: Problem, seen: Seen<'_>) {
        let mut example = cut(printable(seen.name));
        if slot.of == Of::Name {
            problem.subject = shape(&example);
        }
        if let Some(value) = seen.value {
            example = format!("{example} = {}", cut(printable(value)));
        }
        if !self.counted.contains_key(&(rule.name, slot, problem.subject.clone())) {
            let subjects = self.subjects.entry((rule.name, slot.of)).or_default();
            *subjects += 1;
            if *subjects > SUBJECTS || self.counted.len() >= FINDINGS {
                problem.subject = "(others)".to_owned();
                problem.message = format!("{}, and more faults of this kind", rule.summary);
                slot = if self.counted.len() >= FINDINGS { Slot::default() } else { slot };
            }
        }
        let new = || Counted { rule, problem: problem.clone(), count: 0, moments: None, examples: Vec::new() };
        let counted = self.counted.entry((rule.name, slot, problem.subject.clone())).or_insert_with(new);
        counted.count += seen.count;
        counted.moments = seen.at_us.map(|at| Moments::and(counted.moments, at)).or(counted.moments);
        if counted.examples.len() < EXAMPLES && !example.is_empty() && !counted.examples.contains(&example) {
            counted.examples.push(example);
        }
    }

    /// The findings, in the order of the registry.
    pub(super) fn findings(self, registry: &Registry, bus: &str, plans: &[KeyPlan<'_>]) -> Vec<Finding> {
        let name = |slot: &Slot| slot.party.map(|party| registry.party_name(party));
        let mut counted: Vec<_> = self.counted.into_iter().collect();
        counted.sort_by(|((rule_a, slot_a, subject_a), _), ((rule_b, slot_b, subject_b), _)| {
            (slot_a.of, rule_a, subject_a, name(slot_a)).cmp(&(slot_b.of, rule_b, subject_b, name(slot_b)))
        });
        let finding = |((_, slot, _), counted): ((_, Slot, _), Counted)| {
            let module = name(&slot).map(str::to_owned);
            let mut finding = match slot.of {
                Of::Key(plan) => of_key(registry, &plans[plan], counted),
                Of::Channel(at) => of_channel(registry, &registry.channels[at], counted),
                Of::Name | Of::Nothing => of_name(slot.of, counted),
            };
            finding.bus = Some(bus.to_owned());
            finding.module = module.or(finding.module);
            finding
        };
        counted.into_iter().map(finding).collect()
    }
}

fn plain(counted: Counted) -> Finding {
    let problem = counted.problem;
    let mut finding = counted.rule.finding(problem.message).subject(problem.subject);
    finding.level = problem.level.unwrap_or(counted.rule.level);
    finding.hint = problem.hint;
    finding.count = counted.count;
    finding.moments = counted.moments;
    finding.examples = counted.examples;
    finding
}

/// The name in an example, without the value.
fn first_name(examples: &[String]) -> Option<String> {
    examples.first().map(|example| example.split(" = ").next().unwrap_or(example).to_owned())
}

fn of_key(registry: &Registry, plan: &KeyPlan<'_>, counted: Counted) -> Finding {
    let declared = counted.problem.declared;
    let declared = if declared.is_empty() { contents_of(plan) } else { declared };
    let mut finding = plain(counted).of_key(registry, plan.key).at(registry.span(&plan.key.address, declared));
    finding.key = first_name(&finding.examples);
    finding
}

fn of_channel(registry: &Registry, channel: &Channel, counted: Counted) -> Finding {
    let declared = counted.problem.declared;
    let mut finding = plain(counted).of_channel(registry, channel).at(registry.span(&channel.address, declared));
    finding.key = first_name(&finding.examples);
    finding
}

fn of_name(of: Of, counted: Counted) -> Finding {
    let mut finding = plain(counted);
    if of == Of::Name {
        // One name is named; of many of one shape the shape is.
        let single = finding.count == 1 || finding.examples.len() == 1;
        finding.key = if single { finding.examples.first().cloned() } else { Some(finding.subject.clone()) };
        finding.subject = String::new();
    }
    finding
}

/// Where the contents of a key are declared.
fn contents_of(plan: &KeyPlan<'_>) -> &'static [&'static str] {
    match plan.key.shape {
        Shape::Opaque => &[],
        Shape::Single(_) => &["value"],
        Shape::Fields(_) => &["fields"],
        Shape::Elements(_) => &["element"],
        Shape::Members(_) | Shape::Scored { .. } => &["member"],
        Shape::Entries(_) => &["entry"],
    }
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
