//! The time at which a program runs, and what is so much before it: the age of what is older.
//!
//! It is followed like a configuration variable of a name that no program can have, so that what is computed of it is known.

use super::Evaluator;
use super::amounts::{ONE, calculate};
use super::hints::WEAK;
use super::value::{Line, Part, Text, Value, Values, Variable, only, tidy};
use crate::extract::code::languages::Operation;

/// The name of the variable.
const NOW: &str = "<now>";

impl Text {
    /// Is it worked out from the time at which the program runs?
    pub fn is_of_now(&self) -> bool {
        self.config.as_deref().is_some_and(Variable::is_now)
    }

    /// The configuration variable that it comes from.
    pub fn configured(&self) -> Option<&Variable> {
        self.config.as_deref().filter(|variable| !variable.is_now())
    }

    /// How long before now it is, in billionths of a second: as a number, as the id of an entry of a stream, or with the parenthesis
    /// of a range.
    pub fn age(&self) -> Option<i128> {
        let Line { num, den, plus, .. } = self.config.as_ref().filter(|variable| variable.is_now())?.line;
        let parts = match self.parts.as_slice() {
            [Part::Literal(open), rest @ ..] if open == "(" => rest,
            parts => parts,
        };
        let whole = match parts {
            [Part::Hole(_)] => true,
            [Part::Hole(_), Part::Literal(sequence)] => is_sequence(sequence),
            _ => false,
        };
        let age = plus.checked_neg()?.checked_mul(den)?.checked_div(num)?;
        (whole && age > 0).then_some(age)
    }
}

impl Variable {
    /// Is it the time at which the program runs?
    pub fn is_now(&self) -> bool {
        &*self.name == NOW
    }
}

/// The second half of the id of an entry: `-0`.
fn is_sequence(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The variable of a text that is put together, where it is nothing but a time before now and what belongs to it.
pub(super) fn of_parts(parts: &[Part], variable: Option<&Variable>) -> Option<Box<Variable>> {
    let variable = variable.filter(|variable| variable.is_now())?.clone();
    let whole = Text { parts: parts.to_vec(), config: Some(Box::new(variable)) };
    whole.age().and(whole.config)
}

/// The time at which the program runs: as a time, or as a number of such a unit, in nanoseconds.
pub(super) fn now(unit: u64, name: &str) -> Values {
    let (num, time) = if unit == 0 { (1, true) } else { (ONE / i128::from(unit), false) };
    let variable = Variable { name: NOW.into(), line: Line { num, den: 1, plus: 0, time } };
    only(Value::Text(Text { parts: vec![Part::Hole(tidy(name).into())], config: Some(Box::new(variable)) }))
}

impl Evaluator<'_> {
    /// What a method of the time gives; its name is that of the method, where that says anything.
    pub(super) fn of_now(base: &Value, operation: Operation, method: &str, values: &Values) -> Option<Values> {
        let text = base.text().filter(|text| text.is_of_now())?;
        let [Part::Hole(name)] = text.parts.as_slice() else { return None };
        let name =
            if WEAK.contains(&method) || operation == Operation::Same(0) { name.clone() } else { tidy(method).into() };
        let [item] = values.as_slice() else { return None };
        let mut item = item.clone();
        if let Value::Text(Text { parts, config: Some(_) }) = &mut item.value
            && let [Part::Hole(known)] = parts.as_mut_slice()
        {
            *known = name;
        }
        Some(std::rc::Rc::new(vec![item]))
    }

    /// A time and so much more, if it is one.
    pub(super) fn shifted(base: &Value, by: Option<Values>) -> Option<Values> {
        let text = base.text().filter(|text| text.is_of_now())?;
        let name = match text.parts.as_slice() {
            [Part::Hole(name)] => name.to_string(),
            _ => return None,
        };
        calculate("+", &only(base.clone()), &by?, &name)
    }
}
