//! What maps, lists, enums and objects hold under a name or a number.

use super::Evaluator;
use super::texts::number;
use super::value::{Text, Value, Values, at_most, hole, none, union};
use crate::extract::Certainty;
use crate::extract::code::program::VARIANT;

impl Evaluator<'_> {
    /// What maps and lists hold under a name or number; `name` names what cannot be found.
    pub(super) fn lookup(&mut self, bases: &Values, keys: &Values, name: &str) -> Values {
        let mut found = Vec::new();
        for base in bases.iter() {
            match &base.value {
                Value::Map(entries) => {
                    let keys = self.worded(keys);
                    found.push(if entries.iter().any(|(name, _)| name.as_ref().is_some_and(has_object)) {
                        let worded =
                            |(name, value): &Entry| (name.as_ref().map(|name| self.worded(name)), value.clone());
                        let entries: Vec<Entry> = entries.iter().map(worded).collect();
                        of_map(&entries, &keys)
                    } else {
                        of_map(entries, &keys)
                    });
                }
                Value::List(elements, open) => found.push(match number(&self.worded(keys)) {
                    Some(at) if !open => {
                        let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
                        let at = usize::try_from(if at < 0 { length + at } else { at }).unwrap_or(usize::MAX);
                        elements.get(at).cloned().unwrap_or_else(none)
                    }
                    _ => union(elements.iter().cloned()),
                }),
                Value::Class(class) => {
                    // A member of an enum by its name.
                    for key in keys.iter() {
                        if let Some(plain) = key.value.text().and_then(Text::plain) {
                            found.push(self.class_member(*class, plain, (*class, None)));
                        }
                    }
                }
                Value::Instance(class, place) => {
                    for key in keys.iter() {
                        if let Some(plain) = key.value.text().and_then(Text::plain) {
                            found.push(self.instance_member((*class, *place), plain));
                        }
                    }
                }
                _ => {}
            }
        }
        let values = union(found);
        if values.is_empty() { hole(name) } else { values }
    }

    /// Values to look something up by: variants of enums are the words of their variants.
    fn worded(&mut self, values: &Values) -> Values {
        if !has_object(values) {
            return values.clone();
        }
        let mut items = Vec::new();
        for item in values.iter() {
            let words = self.member(&item.value, VARIANT);
            if matches!(item.value, Value::Instance(..)) && !words.is_empty() {
                items.extend(at_most(&words, item.certainty).iter().cloned());
            } else {
                items.push(item.clone());
            }
        }
        items.into()
    }
}

/// A name of a map, and what it holds under it.
type Entry = (Option<Values>, Values);

/// Is there an object among the values?
fn has_object(values: &Values) -> bool {
    values.iter().any(|item| matches!(item.value, Value::Instance(..)))
}

/// Is nothing known of a name?
fn unknown(name: &Values) -> bool {
    name.iter().all(|item| item.value.is_hole())
}

fn of_map(entries: &[Entry], keys: &Values) -> Values {
    let plain: Vec<&str> = keys.iter().filter_map(|key| key.value.text().and_then(Text::plain)).collect();
    if !plain.is_empty() && plain.len() == keys.len() {
        let is_key = |name: &Values| {
            name.iter().any(|item| item.value.text().and_then(Text::plain).is_some_and(|name| plain.contains(&name)))
        };
        let found: Vec<Values> = entries
            .iter()
            .filter(|(name, _)| name.as_ref().is_some_and(is_key))
            .map(|(_, value)| value.clone())
            .collect();
        let open = entries.iter().any(|(name, _)| {
            name.as_ref()
                .is_none_or(|name| name.iter().any(|item| item.value.text().is_none_or(|text| text.plain().is_none())))
        });
        if !found.is_empty() || !open {
            return union(found);
        }
        // What stands for the rest: `_ =>`, `default:`.
        let rest: Vec<Values> = entries
            .iter()
            .filter(|(name, _)| name.as_ref().is_some_and(unknown))
            .map(|(_, value)| value.clone())
            .collect();
        if !rest.is_empty() {
            return union(rest);
        }
    }
    at_most(&union(entries.iter().map(|(_, value)| value.clone())), Certainty::Likely)
}
