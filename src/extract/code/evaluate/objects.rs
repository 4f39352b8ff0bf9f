//! Objects as what they stand for: texts, and clients that they hold.

use std::rc::Rc;

use super::Evaluator;
use super::frame::{Frame, Given, This};
use super::makers::{merge, tell};
use super::value::{Bus, Item, Text, Value, Values, Variable};
use crate::extract::Certainty;
use crate::extract::code::index::last_name;

impl Evaluator<'_> {
    /// What an object is as text: `__str__`, `toString`, or of a key of a data class its `value`; of an enum, each of its words.
    pub fn texts_of_instance(&mut self, this: This) -> Vec<(Text, Certainty)> {
        for name in ["__str__", "toString", "to_string", "String"] {
            for item in self.class_member(this.0, name, this).iter() {
                if let Value::Function(scope, this, parent) = item.value {
                    let values = self.returned(Frame { scope, given: None, this, parent });
                    let texts = values.iter().filter_map(|item| Some((item.value.text()?.clone(), item.certainty)));
                    // A text such as `<Queue a>` is for people, and no part of a name.
                    let for_people = |text: &Text| matches!(text.parts.first(), Some(super::value::Part::Literal(first)) if first.starts_with('<'));
                    return texts.filter(|(text, _)| !for_people(text)).collect();
                }
            }
        }
        Vec::new()
    }

    /// The bus of a client that an object holds under the name of what it extends: embedded fields.
    pub fn embedded_bus(&mut self, object: &Value) -> Bus {
        let Value::Instance(class, place) = object else { return Bus::default() };
        let embedded = self.embedded(*class, *place);
        if embedded == Bus::default() { self.wrapped((*class, *place), 0) } else { embedded }
    }

    /// The bus of an object that was made of a client, or of what tells one: a URL, or the variable that holds it.
    fn wrapped(&mut self, this: This, depth: u32) -> Bus {
        let mut bus = Bus::default();
        let Some(place) = this.1.map(|place| self.frames.place(place).clone()) else {
            let made = self.instances(this.0);
            let known = made.iter().filter(|made| made.1.is_some() && depth == 0).take(16);
            let mut all: Vec<Bus> = known.map(|made| self.wrapped(*made, depth + 1)).collect();
            all.retain(|bus| *bus != Bus::default());
            all.dedup();
            return if all.len() == 1 { all.swap_remove(0) } else { bus };
        };
        let mut given: Vec<Values> = match place.given {
            Given::Arguments(arguments) => arguments.iter().map(|one| self.value(&one.value, place.frame)).collect(),
            Given::Fields(fields) => fields.iter().map(|(_, value)| self.value(value, place.frame)).collect(),
            Given::Elements(_) => Vec::new(),
        };
        // A function that makes it and gives it back is given what tells: `Bus::connect(url)`.
        let scope = self.frames.get(place.frame).scope;
        if matches!(place.given, Given::Fields(_)) {
            given.extend((0..self.program.scopes[scope].parameters().len()).map(|at| self.parameter(place.frame, at)));
        }
        for item in given.iter().flat_map(|values| values.iter()) {
            match &item.value {
                Value::Object(_, inner, _) => merge(&mut bus, inner),
                Value::Text(text) if is_place(text) => tell(&mut bus, text),
                Value::Instance(class, made) if depth < 3 && made.is_some() && *class != this.0 => {
                    let inner = self.wrapped((*class, *made), depth + 1);
                    merge(&mut bus, &inner);
                }
                _ => {}
            }
        }
        bus
    }

    fn embedded(&mut self, class: usize, place: Option<usize>) -> Bus {
        let declared = self.program.scopes[class].class;
        let bases = declared.map_or(&[][..], |class| &class.bases);
        for name in bases.iter().filter_map(last_name) {
            if !declared.is_some_and(|class| class.fields.iter().any(|field| field.name == name)) {
                continue;
            }
            for item in self.instance_member((class, place), name).iter() {
                if let Value::Object(_, bus, _) = &item.value {
                    return bus.clone();
                }
            }
        }
        Bus::default()
    }

    /// The values as they stand in a text: objects that have a text are that.
    pub(super) fn in_text(&mut self, values: Values) -> Values {
        if !values.iter().any(|item| matches!(item.value, Value::Instance(..))) {
            return values;
        }
        let mut items = Vec::new();
        for item in values.iter() {
            let texts = match item.value {
                Value::Instance(class, place) => self.texts_of_instance((class, place)),
                _ => Vec::new(),
            };
            if texts.is_empty() {
                items.push(item.clone());
            }
            for (text, sure) in texts {
                super::value::add(&mut items, Item { value: Value::Text(text), certainty: item.certainty.max(sure) });
            }
        }
        Rc::new(items)
    }
}

/// Names of variables that hold where a server is end so.
const PLACES: &[&str] = &["url", "uri", "dsn", "host", "addr", "address", "endpoint", "server", "servers", "nodes"];

/// Does a text tell where a server is?
fn is_place(text: &Text) -> bool {
    let named = |variable: &Variable| {
        let name = variable.name.to_lowercase();
        PLACES.iter().any(|end| name.ends_with(end))
    };
    text.config.as_ref().is_some_and(|variable| named(variable))
        || text.plain().is_some_and(|plain| plain.contains("://"))
}
