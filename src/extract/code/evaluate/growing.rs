//! Lists and maps that grow: elements that are added to a name or an attribute, and what a loop takes apart.

use std::rc::Rc;

use super::Evaluator;
use super::frame::This;
use super::value::{Item, Value, Values, WIDTH, only};
use crate::extract::code::index::{Binding, Bound};

impl<'p> Evaluator<'p> {
    /// With what was added to it under names or at its end.
    pub(super) fn grown(&mut self, values: Values, bindings: &[Binding<'p>], frame: usize) -> Values {
        let mut values = values;
        for binding in bindings {
            match binding.bound {
                Bound::Stored(key, value) => {
                    let (key, value) = (self.value(key, frame), self.value(value, frame));
                    for item in Rc::make_mut(&mut values) {
                        if let Value::Map(entries) = &mut item.value
                            && entries.len() < WIDTH
                        {
                            entries.push((Some(key.clone()), value.clone()));
                        }
                    }
                }
                Bound::Appended(value, extends) => {
                    let value = self.value(value, frame);
                    let value = if extends { self.elements(&value) } else { value };
                    push(&mut values, &value);
                }
                _ => {}
            }
        }
        values
    }

    /// Lists with what methods add to them.
    pub(super) fn grown_attribute(&mut self, mut values: Values, lineage: &[usize], this: This, name: &str) -> Values {
        if !values.iter().any(|item| matches!(item.value, Value::List(..))) {
            return values;
        }
        let program = self.program;
        for class in lineage {
            for attribute in program.scopes[*class].attributes.get(name).into_iter().flatten() {
                let (Some(extends), Some(value)) = (attribute.appended, attribute.value) else { continue };
                let frame = self.frame_of_method(attribute.scope, *class, this);
                let more = self.value(value, frame);
                let more = if extends { self.elements(&more) } else { more };
                push(&mut values, &more);
            }
        }
        values
    }
}

/// Maps as lists of pairs of name and value: what is looped over with several targets.
pub(super) fn paired(values: &Values) -> Values {
    let pair =
        |(name, value): &(Option<Values>, Values)| Some(only(Value::List(vec![name.clone()?, value.clone()], false)));
    let items = values.iter().map(|item| match &item.value {
        Value::Map(entries) => {
            let pairs: Option<Vec<Values>> = entries.iter().map(pair).collect();
            pairs.map_or_else(|| item.clone(), |pairs| Item { value: Value::List(pairs, false), ..item.clone() })
        }
        _ => item.clone(),
    });
    Rc::new(items.collect())
}

/// A further element of lists, of which nobody knows how often it is there.
fn push(values: &mut Values, element: &Values) {
    for item in Rc::make_mut(values) {
        if let Value::List(elements, open) = &mut item.value
            && elements.len() < WIDTH
        {
            elements.push(element.clone());
            *open = true;
        }
    }
}
