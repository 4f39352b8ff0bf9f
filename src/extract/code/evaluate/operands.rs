//! The operations that need more than a few lines, and what they are put on.

use super::amounts::duration;
use super::members::environment_variable;
use super::operations::{UNITS, fields_of, strip, zip};
use super::texts::Texts;
use super::value::{Item, Value, Values, hole, none, only};
use super::{Evaluator, hint};
use crate::extract::code::languages::Operation;
use crate::extract::code::program::Argument;

/// What an operation is put on: what a method is called on, and the arguments of the call.
#[derive(Clone, Copy)]
pub(super) struct Operands<'a, 'p> {
    pub(super) base: Option<&'a Value>,
    pub(super) arguments: &'p [Argument],
    pub(super) frame: usize,
}

impl<'p> Operands<'_, 'p> {
    /// An operand; of a method, 0 is what it is called on.
    pub(super) fn get(self, evaluator: &mut Evaluator<'p>, at: usize) -> Option<Values> {
        match (self.base, at) {
            (Some(base), 0) => Some(only(base.clone())),
            (base, at) => {
                let at = at - usize::from(base.is_some());
                let argument = self.arguments.iter().filter(|argument| argument.name.is_none()).nth(at)?;
                Some(evaluator.value(&argument.value, self.frame))
            }
        }
    }

    /// A name for an operand, for people.
    pub(super) fn name(self, at: usize) -> String {
        let at = at.checked_sub(usize::from(self.base.is_some()));
        at.and_then(|at| self.arguments.get(at)).map_or_else(|| "value".to_owned(), |argument| hint(&argument.value))
    }
}

impl<'p> Evaluator<'p> {
    /// What `format` gives of what it is given by place and by name.
    pub(super) fn formatted(&mut self, first: &Values, on: Operands<'_, 'p>) -> Values {
        let (mut places, mut names) = (Vec::new(), Vec::new());
        let given = on.arguments.iter().skip(usize::from(on.base.is_none()));
        for argument in given {
            let values = self.value(&argument.value, on.frame);
            match &argument.name {
                Some(name) if name == "**" => names.extend(fields_of(&values)),
                Some(name) => names.push((name.clone(), values)),
                None if argument.spread => {
                    let elements = self.elements(&values);
                    places.push((elements, hint(&argument.value)));
                }
                None => places.push((values, hint(&argument.value))),
            }
        }
        self.format(first, &places, &names)
    }

    /// What `%` gives of what it is given one by one.
    pub(super) fn of_percent(&mut self, first: &Values, on: Operands<'_, 'p>) -> Values {
        let given = on.arguments.iter().skip(usize::from(on.base.is_none()));
        let values: Vec<Values> = given
            .map(|argument| {
                let values = self.value(&argument.value, on.frame);
                let values = self.in_text(values);
                if values.iter().all(|item| item.value.text().is_none()) {
                    hole(&hint(&argument.value))
                } else {
                    values
                }
            })
            .collect();
        self.percent(first, &only(Value::List(values, false)), "value")
    }

    /// Texts one after the other.
    pub(super) fn joined(&mut self, first: &Values, on: Operands<'_, 'p>) -> Values {
        let mut texts = Texts::new();
        if on.base.is_some() {
            texts.values(first, "value");
        }
        for argument in on.arguments {
            let values = self.value(&argument.value, on.frame);
            let values = self.in_text(values);
            texts.values(&values, &hint(&argument.value));
        }
        texts.finish()
    }

    /// A text without what is cut from its ends.
    pub(super) fn stripped(&mut self, at: usize, first: &Values, on: Operands<'_, 'p>) -> Values {
        let cut = on.get(self, at).unwrap_or_else(none);
        let cut = cut.iter().find_map(|item| Some(item.value.text()?.plain()?.to_owned())).unwrap_or_default();
        strip(first, &cut)
    }

    /// A variable of the environment, and its default.
    pub(super) fn of_environment(&mut self, first: &Values, on: Operands<'_, 'p>) -> Values {
        let default = match on.arguments.iter().find(|argument| argument.name.as_deref() == Some("default")) {
            Some(argument) => Some(self.value(&argument.value, on.frame)),
            None => on.get(self, 1),
        };
        environment_variable(first, &default.unwrap_or_else(none))
    }

    /// The elements of several lists, side by side.
    pub(super) fn side_by_side(&mut self, on: Operands<'_, 'p>) -> Values {
        let columns: Vec<Values> =
            (0..on.arguments.len() + usize::from(on.base.is_some())).filter_map(|at| on.get(self, at)).collect();
        // What stands side by side stays together, where that is known.
        only(Value::List(zip(self, &columns), true))
    }

    /// All elements of it as a list.
    pub(super) fn as_list(&mut self, first: &Values) -> Values {
        let elements = self.elements(first);
        let values = first.iter().find(|item| matches!(item.value, Value::List(..))).map(|item| item.value.clone());
        values.map_or_else(|| only(Value::List(vec![elements], true)), only)
    }

    /// What a function gives of each element.
    pub(super) fn mapped(&mut self, operation: Operation, first: &Values, on: Operands<'_, 'p>) -> Values {
        let at = usize::from(operation == Operation::MapWith);
        let argument = at.checked_sub(usize::from(on.base.is_some())).and_then(|at| on.arguments.get(at));
        let Some(argument) = argument else { return first.clone() };
        let over = usize::from(operation == Operation::Map);
        let given = over.checked_sub(usize::from(on.base.is_some())).and_then(|at| on.arguments.get(at..));
        let one = |value: &Value| value.text().is_some_and(|text| !text.is_hole() || text.config.is_some());
        if operation == Operation::MapWith && first.iter().all(|item| one(&item.value)) {
            // What may be missing, or is still to come: `var(name).ok().map(f)`, `promise.then(f)`.
            return self.apply_to(argument, first, on.frame);
        }
        let results = self.apply(argument, given.unwrap_or_default(), on.frame);
        only(Value::List(vec![results], true))
    }

    /// A function with its first arguments.
    pub(super) fn partial(&mut self, first: &Values, on: Operands<'_, 'p>) -> Values {
        let rest: Vec<Values> = on
            .arguments
            .iter()
            .skip(1)
            .filter(|argument| argument.name.is_none())
            .map(|argument| self.value(&argument.value, on.frame))
            .collect();
        let functions = first.iter().map(|item| Item {
            value: Value::Partial(item.value.clone().into(), rest.clone()),
            certainty: item.certainty,
        });
        std::rc::Rc::new(functions.collect())
    }

    /// What a function gives that is given itself, and then its arguments.
    pub(super) fn applied(&mut self, at: usize, on: Operands<'_, 'p>) -> Values {
        let at = at - usize::from(on.base.is_some());
        match on.arguments.get(at) {
            Some(function) => self.apply(function, on.arguments.get(at + 1..).unwrap_or_default(), on.frame),
            None => none(),
        }
    }

    /// A time of one number, or of several by the names of their units.
    pub(super) fn of_duration(&mut self, unit: u64, first: &Values, on: Operands<'_, 'p>) -> Values {
        let named = |argument: &&'p Argument| {
            let unit = UNITS.iter().find(|(name, _)| argument.name.as_deref() == Some(*name))?.1;
            Some((unit, &argument.value))
        };
        let given: Vec<_> = on.arguments.iter().filter_map(|argument| named(&argument)).collect();
        if given.is_empty() {
            return duration(first, unit, &on.name(0));
        }
        let mut sum: Option<Values> = None;
        for (unit, value) in given {
            let part = duration(&self.value(value, on.frame), unit, &hint(value));
            sum = Some(match sum {
                Some(sum) => self.operate("+", &sum, &part, ("value", "value")),
                None => part,
            });
        }
        sum.unwrap_or_else(none)
    }
}
