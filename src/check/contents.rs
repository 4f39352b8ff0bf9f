//! The parts of a key against what is declared of them: one part in, its faults out. The same for keys and for calls.

use std::collections::HashSet;

use super::newest;
use super::plan::{Contents, FieldPlans, KeyPlan};
use super::value::{Fault, ValueCheck};
use crate::document::Scratch;
use crate::finding::printable;
use crate::observe::Part;

/// Room to judge in, used again for each part, and the faults that were found.
#[derive(Default)]
pub(super) struct Room {
    scratch: Scratch,
    pub faults: Vec<Fault>,
}

impl Room {
    /// Judges a message of a channel.
    pub(super) fn judge_message(&mut self, check: &ValueCheck, message: &[u8]) {
        check.judge(message, &|| "the message".to_owned(), &mut self.scratch, &mut self.faults);
    }
}

/// Judges a part. `fields` gathers which of a hash's declared fields were seen. Gives the newest time that the part tells
/// of, where freshness is declared.
pub(super) fn judge(plan: &KeyPlan<'_>, part: &Part, fields: &mut HashSet<usize>, room: &mut Room) -> Option<f64> {
    let (scratch, faults) = (&mut room.scratch, &mut room.faults);
    match (&plan.contents, part) {
        (Contents::Single(check), Part::Value(value)) => {
            check.judge(value, &|| "the value".to_owned(), scratch, faults);
            plan.freshness.and_then(|_| newest::of_json(value))
        }
        (Contents::Each(check), Part::Element(value)) => {
            check.judge(value, &|| "an element".to_owned(), scratch, faults);
            None
        }
        (Contents::Each(check), Part::Member(value)) => {
            check.judge(value, &|| "a member".to_owned(), scratch, faults);
            None
        }
        // A call may name a member without that its score is known.
        (Contents::Scored(member, _), Part::Member(value)) => {
            member.judge(value, &|| "a member".to_owned(), scratch, faults);
            None
        }
        (Contents::Scored(member, score), Part::Scored(value, position)) => {
            member.judge(value, &|| "a member".to_owned(), scratch, faults);
            // Adding 0 makes 0 of -0, which is the same score.
            score.judge((position + 0.0).to_string().as_bytes(), &|| "a score".to_owned(), scratch, faults);
            None
        }
        (Contents::Fields(plans), Part::Field(name, value)) => {
            judge_field(plans, name, value, fields, room);
            plan.freshness.and_then(|_| newest::of_text(value))
        }
        (Contents::Fields(plans), Part::Entry(_, entry)) => {
            let mut seen = HashSet::new();
            for (name, value) in entry {
                judge_field(plans, name, value, &mut seen, room);
            }
            missing(plans, &seen, &mut room.faults);
            None
        }
        _ => None,
    }
}

fn judge_field(plans: &FieldPlans, name: &[u8], value: &[u8], seen: &mut HashSet<usize>, room: &mut Room) {
    match plans.matcher.find(name) {
        Some(claim) => {
            seen.insert(claim.target);
            let field = &plans.fields[claim.target];
            let part = || format!("field `{}`", field.name);
            field.check.judge(value, &part, &mut room.scratch, &mut room.faults);
        }
        None => room.faults.push(Fault::UndeclaredField { name: printable(name) }),
    }
}

/// Adds the required fields that were not seen.
pub(super) fn missing(plans: &FieldPlans, seen: &HashSet<usize>, faults: &mut Vec<Fault>) {
    for (at, field) in plans.fields.iter().enumerate().filter(|(_, field)| field.required) {
        if !seen.contains(&at) {
            faults.push(Fault::MissingField { name: field.name.clone() });
        }
    }
}
