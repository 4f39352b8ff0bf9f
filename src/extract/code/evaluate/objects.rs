//! Objects as what they stand for: texts, and clients that they hold.

use std::rc::Rc;

use super::Evaluator;
use super::frame::{Frame, This};
use super::value::{Bus, Item, Text, Value, Values};
use crate::extract::code::index::last_name;

impl Evaluator<'_> {
    /// What an object is as text: `__str__`, `toString`, or of a key of a data class its `value`.
    pub fn text_of_instance(&mut self, this: This) -> Option<Text> {
        for name in ["__str__", "toString", "to_string", "String"] {
            for item in self.class_member(this.0, name, this).iter() {
                if let Value::Function(scope, this, parent) = item.value {
                    let values = self.returned(Frame { scope, given: None, this, parent });
                    return values.iter().find_map(|item| item.value.text().cloned());
                }
            }
        }
        None
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
        let items = values.iter().map(|item| match item.value {
            Value::Instance(class, place) => match self.text_of_instance((class, place)) {
                Some(text) => Item { value: Value::Text(text), certainty: item.certainty },
                None => item.clone(),
            },
            _ => item.clone(),
        });
        Rc::new(items.collect())
    }
}
