//! What functions and methods of standard libraries do to values: [`Operation`]s.

use super::Evaluator;
use super::amounts::{calculate, limited, units};
use super::frame::{Frame, Given, Place};
use super::operands::Operands;
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
        let on = Operands { base, arguments, frame };
        let first = on.get(self, 0).unwrap_or_else(none);
        match operation {
            Operation::Same(at) => {
                let values = on.get(self, at).unwrap_or_else(none);
                if values.is_empty() { hole(&on.name(at)) } else { values }
            }
            Operation::Format => self.formatted(&first, on),
            Operation::Percent => self.of_percent(&first, on),
            Operation::Replace => {
                let (from, to) = (on.get(self, 1).unwrap_or_else(none), on.get(self, 2).unwrap_or_else(none));
                replace(&first, &from, &to, &on.name(2))
            }
            Operation::JoinBy => {
                let list = on.get(self, 1).unwrap_or_else(none);
                self.join(&first, &list, &on.name(1))
            }
            Operation::JoinWith => {
                let separator = on.get(self, 1).unwrap_or_else(|| only(Value::Text(literal(","))));
                self.join(&separator, &first, &on.name(0))
            }
            Operation::Concat => self.joined(&first, on),
            Operation::Upper => change(&first, str::to_uppercase),
            Operation::Lower => change(&first, str::to_lowercase),
            Operation::Strip(at) => self.stripped(at, &first, on),
            Operation::Environment => self.of_environment(&first, on),
            Operation::Get => {
                let (key, default) = (on.get(self, 1), on.get(self, 2));
                self.get(&first, key, default, &on.name(1))
            }
            Operation::Names | Operation::Values | Operation::Items => of_entries(operation, &first),
            Operation::Enumerate => {
                let elements = self.elements(&first);
                only(Value::List(vec![only(Value::List(vec![hole("index"), elements], false))], true))
            }
            Operation::Zip => self.side_by_side(on),
            Operation::Elements => self.as_list(&first),
            Operation::Map | Operation::MapWith => self.mapped(operation, &first, on),
            Operation::Partial => self.partial(&first, on),
            Operation::Apply(at) => self.applied(at, on),
            Operation::Duration(unit) => self.of_duration(unit, &first, on),
            Operation::Units(unit) => units(&first, unit, &on.name(0)),
            Operation::Arithmetic(operator) => {
                let second = on.get(self, 1).unwrap_or_else(none);
                calculate(operator, &first, &second, &on.name(1)).unwrap_or_else(|| hole(&on.name(1)))
            }
            Operation::Negate => {
                let zero = only(Value::Text(literal("0")));
                calculate("-", &zero, &first, &on.name(0)).unwrap_or_else(|| hole(&on.name(0)))
            }
            Operation::Limit { larger } => match on.get(self, 1) {
                Some(second) => limited(&first, &second, larger),
                None => first,
            },
            Operation::Now(unit) if on.arguments.is_empty() || unit == 0 => super::now::now(unit, "now"),
            Operation::Now(_) | Operation::Shift => hole(&on.name(0)),
            Operation::ClassOf => self.member_of_all(&first, "__class__"),
            Operation::Append | Operation::Extend => only(Value::Null),
        }
    }

    /// What a function gives for one value.
    pub(super) fn apply_to(&mut self, function: &'p Argument, value: &Values, frame: usize) -> Values {
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

    pub(super) fn join(&mut self, separators: &Values, lists: &Values, name: &str) -> Values {
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
    pub(super) fn get(&mut self, base: &Values, key: Option<Values>, default: Option<Values>, name: &str) -> Values {
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

pub(super) fn fields_of(values: &Values) -> Vec<(String, Values)> {
    let maps =
        values.iter().filter_map(|item| if let Value::Map(entries) = &item.value { Some(entries) } else { None });
    let name = |name: &Option<Values>| Some(name.as_ref()?.first()?.value.text()?.plain()?.to_owned());
    maps.flatten().filter_map(|(key, value)| Some((name(key)?, value.clone()))).collect()
}

pub(super) fn change(values: &Values, change: fn(&str) -> String) -> Values {
    let changed = values.iter().map(|item| match &item.value {
        Value::Text(text) => Item { value: Value::Text(text.map(change)), certainty: item.certainty },
        _ => item.clone(),
    });
    std::rc::Rc::new(changed.collect())
}

pub(super) fn strip(values: &Values, cut: &str) -> Values {
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

pub(super) fn replace(values: &Values, from: &Values, to: &Values, name: &str) -> Values {
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

pub(super) fn of_entries(operation: Operation, values: &Values) -> Values {
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

pub(super) fn zip<'p>(evaluator: &mut Evaluator<'p>, columns: &[Values]) -> Vec<Values> {
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
pub(super) const UNITS: &[(&str, u64)] = &[
    ("weeks", 604_800_000),
    ("days", 86_400_000),
    ("hours", 3_600_000),
    ("minutes", 60_000),
    ("seconds", 1000),
    ("milliseconds", 1),
];
