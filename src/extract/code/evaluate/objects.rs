//! Objects as what they stand for: texts, and clients that they hold.

use std::rc::Rc;

use super::Evaluator;
use super::frame::{Frame, This};
use super::value::{Bus, Item, Text, Value, Values};
use crate::extract::Certainty;
use crate::extract::code::index::last_name;

impl Evaluator<'_> {
    /// What an object is as text: `__str__`, `toString`, or of a key of a data class its `value`.
    pub fn texts_of_instance(&mut self, this: This) -> Vec<Text> {
        for name in ["__str__", "toString", "to_string", "String"] {
            for item in self.class_member(this.0, name, this).iter() {
                if let Value::Function(scope, this, parent) = item.value {
                    let values = self.returned(Frame { scope, given: None, this, parent });
                    return values.iter().filter_map(|item| item.value.text().cloned()).collect();
                }
            }
        }
        Vec::new()
    }

    /// The bus of a client that an object holds under the name of what it extends: embedded fields.
    pub fn embedded_bus(&mut self, object: &Value) -> Bus {
        let Value::Instance(class, place) = object else { return Bus::default() };
        let declared = self.program.scopes[*class].class;
        let bases = declared.map_or(&[][..], |class| &class.bases);
        for name in bases.iter().filter_map(last_name) {
            if !declared.is_some_and(|class| class.fields.iter().any(|field| field.name == name)) {
                continue;
            }
            for item in self.instance_member((*class, *place), name).iter() {
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
        let mut items: Vec<Item> = Vec::with_capacity(values.len());
        for item in values.iter() {
            let texts = match item.value {
                Value::Instance(class, place) => self.texts_of_instance((class, place)),
                _ => Vec::new(),
            };
            if texts.is_empty() {
                items.push(item.clone());
            }
            let certainty = if texts.len() > 1 { Certainty::Likely } else { item.certainty };
            items.extend(texts.into_iter().map(|text| Item { value: Value::Text(text), certainty }));
        }
        Rc::new(items)
    }
}
