//! What functions and methods of standard libraries do to values: [`Operation`]s.

use super::Evaluator;
use super::amounts::{calculate, duration, limited, units};
use super::frame::{Frame, Given, Place};
use super::hint;
use super::members::environment_variable;
use super::texts::Texts;
use super::value::{Item, Part, Text, Value, Values, at_most, hole, literal, none, only, union};
use crate::extract::Certainty;
use crate::extract::code::languages::Operation;
use crate::extract::code::program::Argument;

impl<'p> Evaluator<'p> {
    /// What an operation gives; `base` is operand 0 of a method.
    pub(super) fn operation(
        &mut self,
        operation: Operation,
        base: Option<&Value>,
        arguments: &'p [Argument],
        frame: usize,
    ) -> Values {
        let operand = |evaluator: &mut Self, at: usize| -> Option<Values> {
            match (base, at) {
                (Some(base), 0) => Some(only(base.clone())),
                (base, at) => {
                    let at = at - usize::from(base.is_some());
                    let argument = arguments.iter().filter(|argument| argument.name.is_none()).nth(at)?;
                    Some(evaluator.value(&argument.value, frame))
                }
            }
        };
        let name = |at: usize| -> String {
            let at = at.checked_sub(usize::from(base.is_some()));
            at.and_then(|at| arguments.get(at)).map_or_else(|| "value".to_owned(), |argument| hint(&argument.value))
        };
        let first = operand(self, 0).unwrap_or_else(none);
        match operation {
            Operation::Same(at) => {
                let values = operand(self, at).unwrap_or_else(none);
                if values.is_empty() { hole(&name(at)) } else { values }
            }
            Operation::Format => {
                let (mut places, mut names) = (Vec::new(), Vec::new());
                let given = arguments.iter().skip(usize::from(base.is_none()));
                for argument in given {
                    let values = self.value(&argument.value, frame);
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
                self.format(&first, &places, &names)
            }
            Operation::Percent => {
                let given = arguments.iter().skip(usize::from(base.is_none()));
                let values: Vec<Values> = given
                    .map(|argument| {
                        let values = self.value(&argument.value, frame);
                        let values = self.in_text(values);
                        if values.iter().all(|item| item.value.text().is_none()) {
                            hole(&hint(&argument.value))
                        } else {
                            values
                        }
                    })
                    .collect();
                self.percent(&first, &only(Value::List(values, false)), "value")
            }
            Operation::Replace => {
                let (from, to) = (operand(self, 1).unwrap_or_else(none), operand(self, 2).unwrap_or_else(none));
                replace(&first, &from, &to, &name(2))
            }
            Operation::JoinBy => {
                let list = operand(self, 1).unwrap_or_else(none);
                self.join(&first, &list, &name(1))
            }
            Operation::JoinWith => {
                let separator = operand(self, 1).unwrap_or_else(|| only(Value::Text(literal(","))));
                self.join(&separator, &first, &name(0))
            }
            Operation::Concat => {
                let mut texts = Texts::new();
                if base.is_some() {
                    texts.values(&first, "value");
                }
                for argument in arguments {
                    let values = self.value(&argument.value, frame);
                    let values = self.in_text(values);
                    texts.values(&values, &hint(&argument.value));
                }
                texts.finish()
            }
            Operation::Upper => change(&first, str::to_uppercase),
            Operation::Lower => change(&first, str::to_lowercase),
            Operation::Strip(at) => {
                let cut = operand(self, at).unwrap_or_else(none);
                let cut = cut.iter().find_map(|item| Some(item.value.text()?.plain()?.to_owned())).unwrap_or_default();
                strip(&first, &cut)
            }
            Operation::Environment => {
                let default = match arguments.iter().find(|argument| argument.name.as_deref() == Some("default")) {
                    Some(argument) => Some(self.value(&argument.value, frame)),
                    None => operand(self, 1),
                };
                environment_variable(&first, &default.unwrap_or_else(none))
            }
            Operation::Get => {
                let (key, default) = (operand(self, 1), operand(self, 2));
                self.get(&first, key, default, &name(1))
            }
            Operation::Names | Operation::Values | Operation::Items => of_entries(operation, &first),
            Operation::Enumerate => {
                let elements = self.elements(&first);
                only(Value::List(vec![only(Value::List(vec![hole("index"), elements], false))], true))
            }
            Operation::Zip => {
                let columns: Vec<Values> =
                    (0..arguments.len() + usize::from(base.is_some())).filter_map(|at| operand(self, at)).collect();
                // What stands side by side stays together, where that is known.
                only(Value::List(zip(self, &columns), true))
            }
            Operation::Elements => {
                let elements = self.elements(&first);
                let values =
                    first.iter().find(|item| matches!(item.value, Value::List(..))).map(|item| item.value.clone());
                values.map_or_else(|| only(Value::List(vec![elements], true)), only)
            }
            Operation::Map | Operation::MapWith => {
                let at = usize::from(operation == Operation::MapWith);
                let argument = at.checked_sub(usize::from(base.is_some())).and_then(|at| arguments.get(at));
                let Some(argument) = argument else { return first };
                let over = usize::from(operation == Operation::Map);
                let given = over.checked_sub(usize::from(base.is_some())).and_then(|at| arguments.get(at..));
                let one = |value: &Value| value.text().is_some_and(|text| !text.is_hole() || text.config.is_some());
                if operation == Operation::MapWith && first.iter().all(|item| one(&item.value)) {
                    // What may be missing, or is still to come: `var(name).ok().map(f)`, `promise.then(f)`.
                    return self.apply_to(argument, &first, frame);
                }
                let results = self.apply(argument, given.unwrap_or_default(), frame);
                only(Value::List(vec![results], true))
            }
            Operation::Partial => {
                let rest: Vec<Values> = arguments
                    .iter()
                    .skip(1)
                    .filter(|argument| argument.name.is_none())
                    .map(|argument| self.value(&argument.value, frame))
                    .collect();
                let functions = first.iter().map(|item| Item {
                    value: Value::Partial(item.value.clone().into(), rest.clone()),
                    certainty: item.certainty,
                });
                std::rc::Rc::new(functions.collect())
            }
            Operation::Apply(at) => {
                let at = at - usize::from(base.is_some());
                match arguments.get(at) {
                    Some(function) => self.apply(function, arguments.get(at + 1..).unwrap_or_default(), frame),
                    None => none(),
                }
            }
            Operation::Duration(unit) => {
                let named = |argument: &&'p Argument| {
                    let unit = UNITS.iter().find(|(name, _)| argument.name.as_deref() == Some(*name))?.1;
                    Some((unit, &argument.value))
                };
                let given: Vec<_> = arguments.iter().filter_map(|argument| named(&argument)).collect();
                if given.is_empty() {
                    return duration(&first, unit, &name(0));
                }
                let mut sum: Option<Values> = None;
                for (unit, value) in given {
                    let part = duration(&self.value(value, frame), unit, &hint(value));
                    sum = Some(match sum {
                        Some(sum) => self.operate("+", &sum, &part, ("value", "value")),
                        None => part,
                    });
                }
                sum.unwrap_or_else(none)
            }
            Operation::Units(unit) => units(&first, unit, &name(0)),
            Operation::Arithmetic(operator) => {
                let second = operand(self, 1).unwrap_or_else(none);
                calculate(operator, &first, &second, &name(1)).unwrap_or_else(|| hole(&name(1)))
            }
            Operation::Negate => {
                let zero = only(Value::Text(literal("0")));
                calculate("-", &zero, &first, &name(0)).unwrap_or_else(|| hole(&name(0)))
            }
            Operation::Limit { larger } => match operand(self, 1) {
                Some(second) => limited(&first, &second, larger),
                None => first,
            },
            Operation::Append | Operation::Extend => only(Value::Null),
        }
    }

    /// What a function gives for one value.
    fn apply_to(&mut self, function: &'p Argument, value: &Values, frame: usize) -> Values {
        let functions = self.value(&function.value, frame);
        let mut all = Vec::new();
        for item in functions.iter() {
            if let Value::External(name) = &item.value {
                let clients = self.program.language(self.frames.get(frame).scope).clients;
                let known = clients.functions.iter().find(|(known, _)| *known == &**name);
                if let Some((_, operation)) = known {
                    all.extend(value.iter().map(|item| self.operation(*operation, Some(&item.value), &[], frame)));
                }
            }
            let Value::Function(scope, this, parent) = item.value else { continue };
            let place = Place { given: Given::Arguments(&[]), before: vec![value.clone()], frame };
            if let Some(given) = self.frames.intern_place(place) {
                all.push(self.returned(Frame { scope, given: Some(given), this, parent }));
            }
        }
        let values = union(all);
        // A function of a library changes the form, and not what it says.
        if values.is_empty() { value.clone() } else { values }
    }

    fn join(&mut self, separators: &Values, lists: &Values, name: &str) -> Values {
        let mut all = Vec::new();
        for list in lists.iter() {
            let Value::List(elements, open) = &list.value else {
                continue;
            };
            let mut texts = Texts::new();
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    texts.values(separators, "value");
                }
                texts.values(element, name);
            }
            if *open {
                // Any number of them: the first, and all that follows.
                continue;
            }
            all.push(at_most(&texts.finish(), list.certainty));
        }
        let values = union(all);
        if values.is_empty() { hole(name) } else { values }
    }

    /// What is held under a name, or the default.
    fn get(&mut self, base: &Values, key: Option<Values>, default: Option<Values>, name: &str) -> Values {
        let key = key.unwrap_or_else(none);
        let unknown = base.iter().all(|item| item.value.is_hole() || item.value == Value::Null);
        let plain = key.iter().find_map(|item| Some(item.value.text()?.plain()?.to_owned()));
        let default = default.filter(|default| default.iter().any(|item| item.value != Value::Null));
        if unknown {
            // Configuration: what is not known is what it is by default.
            return match default {
                Some(default) => at_most(&default, Certainty::Likely),
                None => hole(plain.as_deref().unwrap_or(name)),
            };
        }
        let found = self.lookup(base, &key, "\u{0}");
        let missing = found.iter().all(|item| item.value.is_hole());
        match default {
            Some(default) if missing => at_most(&default, Certainty::Likely),
            Some(default) if plain.is_none() => union([found, at_most(&default, Certainty::Likely)]),
            _ if missing => hole(plain.as_deref().unwrap_or(name)),
            _ => found,
        }
    }
}

fn fields_of(values: &Values) -> Vec<(String, Values)> {
    let maps =
        values.iter().filter_map(|item| if let Value::Map(entries) = &item.value { Some(entries) } else { None });
    let name = |name: &Option<Values>| Some(name.as_ref()?.first()?.value.text()?.plain()?.to_owned());
    maps.flatten().filter_map(|(key, value)| Some((name(key)?, value.clone()))).collect()
}

fn change(values: &Values, change: fn(&str) -> String) -> Values {
    let changed = values.iter().map(|item| match &item.value {
        Value::Text(text) => Item { value: Value::Text(text.map(change)), certainty: item.certainty },
        _ => item.clone(),
    });
    std::rc::Rc::new(changed.collect())
}

fn strip(values: &Values, cut: &str) -> Values {
    let changed = values.iter().map(|item| {
        let mut item = item.clone();
        if let Value::Text(text) = &mut item.value {
            if let Some(Part::Literal(first)) = text.parts.first_mut()
                && let Some(rest) = first.strip_prefix(cut)
            {
                *first = rest.to_owned();
            }
            if let Some(Part::Literal(last)) = text.parts.last_mut()
                && let Some(rest) = last.strip_suffix(cut)
            {
                *last = rest.to_owned();
            }
        }
        item
    });
    std::rc::Rc::new(changed.collect())
}

fn replace(values: &Values, from: &Values, to: &Values, name: &str) -> Values {
    let Some(from) = from.iter().find_map(|item| item.value.text()?.plain()).filter(|from| !from.is_empty()) else {
        return values.clone();
    };
    // `{symbol}` in a template names what stands for it.
    let place = from.trim_matches(|c: char| !c.is_alphanumeric());
    let framed = from.len() > place.len() && place.chars().all(|c| c.is_alphanumeric() || c == '_') && place.len() > 1;
    let to = if framed { super::names::renamed(to, place) } else { to.clone() };
    let to = &to;
    let mut all = Vec::new();
    for item in values.iter() {
        let Some(text) = item.value.text() else { continue };
        let mut texts = Texts::new();
        for part in &text.parts {
            let Part::Literal(literal) = part else {
                texts.values(&only(Value::Text(Text { parts: vec![part.clone()], config: None })), "value");
                continue;
            };
            for (at, piece) in literal.split(from).enumerate() {
                if at > 0 {
                    texts.values(to, name);
                }
                texts.literal(piece);
            }
        }
        all.push(at_most(&texts.finish(), item.certainty));
    }
    union(all)
}

fn of_entries(operation: Operation, values: &Values) -> Values {
    let mut elements = Vec::new();
    for item in values.iter() {
        let entries = match &item.value {
            Value::Map(entries) => entries,
            // The names of a list are numbers.
            Value::List(all, _) => {
                elements.extend(all.iter().map(|value| match operation {
                    Operation::Names => hole("index"),
                    Operation::Values => value.clone(),
                    _ => only(Value::List(vec![hole("index"), value.clone()], false)),
                }));
                continue;
            }
            _ => continue,
        };
        for (name, value) in entries {
            let name = name.clone().unwrap_or_else(|| hole("name"));
            elements.push(match operation {
                Operation::Names => name,
                Operation::Values => value.clone(),
                _ => only(Value::List(vec![name, value.clone()], false)),
            });
        }
    }
    if elements.is_empty() {
        let pair = || only(Value::List(vec![hole("name"), hole("value")], false));
        elements.push(if operation == Operation::Items { pair() } else { hole("value") });
    }
    only(Value::List(elements, true))
}

fn zip<'p>(evaluator: &mut Evaluator<'p>, columns: &[Values]) -> Vec<Values> {
    let closed = |values: &Values| match values.as_slice() {
        [Item { value: Value::List(elements, false), .. }] => Some(elements.clone()),
        _ => None,
    };
    let known: Option<Vec<Vec<Values>>> = columns.iter().map(closed).collect();
    if let Some(known) = known {
        let length = known.iter().map(Vec::len).min().unwrap_or(0);
        let row =
            |at: usize| only(Value::List(known.iter().filter_map(|column| column.get(at).cloned()).collect(), false));
        return (0..length).map(row).collect();
    }
    vec![only(Value::List(columns.iter().map(|column| evaluator.elements(column)).collect(), false))]
}

/// Named parts of a duration, in milliseconds.
const UNITS: &[(&str, u64)] = &[
    ("weeks", 604_800_000),
    ("days", 86_400_000),
    ("hours", 3_600_000),
    ("minutes", 60_000),
    ("seconds", 1000),
    ("milliseconds", 1),
];
