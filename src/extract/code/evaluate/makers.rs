//! What tells the bus of a client, and what globs and calls are by their form.

use std::rc::Rc;

use super::inside;
use super::value::{Bus, Item, Part, Text, Value, Values};
use crate::extract::Certainty;
use crate::extract::code::index::last_name;
use crate::extract::code::program::{Expression, Form};

/// A variable of the environment that is given back where it is set, and something else where it is not: that is its default.
pub(super) fn with_fallback(values: Values) -> Values {
    let variable = values.iter().find_map(|item| match &item.value {
        Value::Text(text) if text.is_hole() => text.configured().cloned(),
        _ => None,
    });
    let known = |item: &Item| item.value.text().is_some_and(|text| !text.is_hole());
    let Some(variable) = variable.filter(|_| values.iter().any(known)) else { return values };
    let items = values.iter().filter(|item| !item.value.is_hole() && item.value != Value::Null).map(|item| {
        let mut item = Item { certainty: item.certainty.max(Certainty::Likely), ..item.clone() };
        if let Value::Text(text) = &mut item.value
            && text.config.is_none()
        {
            text.config = Some(Box::new(variable.clone()));
        }
        item
    });
    Rc::new(items.collect())
}

pub(super) fn tell(bus: &mut Bus, text: &Text) {
    if bus.variable.is_none() {
        bus.variable = text.config.as_ref().map(|variable| variable.name.clone());
    }
    if bus.url.is_none()
        && let Some(plain) = text.plain()
    {
        bus.url = Some(plain.into());
    }
}

pub(super) fn merge(bus: &mut Bus, other: &Bus) {
    if bus.variable.is_none() {
        bus.variable.clone_from(&other.variable);
    }
    if bus.url.is_none() {
        bus.url.clone_from(&other.url);
    }
    if bus.name.is_none() {
        bus.name.clone_from(&other.name);
    }
    if bus.prefix.is_none() {
        bus.prefix.clone_from(&other.prefix);
    }
}

/// `redis.Redis` is the maker of `redis.asyncio.Redis` too.
pub(super) fn same_maker(name: &str, known: &str) -> bool {
    // Pools give the library that they use under its name: `deadpool_redis::redis::pipe`.
    let given = name.strip_suffix(known).is_some_and(|front| front.ends_with(['.', ':']));
    if name == known || given {
        return true;
    }
    let Some((package, rest)) = known.split_once('.') else { return false };
    inside(name, package) && name.strip_suffix(rest).is_some_and(|front| front.ends_with('.'))
}

/// The names that a glob stands for.
pub fn of_glob(text: &Text) -> Text {
    let mut names = Text::default();
    for part in &text.parts {
        let Part::Literal(literal) = part else {
            names.push(part.clone());
            continue;
        };
        let mut plain = String::new();
        let mut chars = literal.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => plain.extend(chars.next()),
                '*' | '?' | '[' => {
                    if c == '[' {
                        chars.by_ref().find(|c| *c == ']');
                    }
                    names.push(Part::Literal(std::mem::take(&mut plain)));
                    if names.parts.last() != Some(&Part::Glob) {
                        names.push(Part::Glob);
                    }
                }
                c => plain.push(c),
            }
        }
        names.push(Part::Literal(plain));
    }
    names
}

/// Is it `super()` or `super`?
pub(in crate::extract::code) fn is_super(base: &Expression) -> bool {
    match &base.form {
        Form::Call(callee, _) => matches!(&callee.form, Form::Name(name) if name == "super"),
        Form::Name(name) => name == "super",
        _ => false,
    }
}

pub(super) fn call_name<'e>(callee: &'e Expression, name: &'e str) -> &'e str {
    match &callee.form {
        Form::Attribute(base, method) if super::hints::WEAK.contains(&method.as_str()) => {
            last_name(base).unwrap_or(name)
        }
        _ => name,
    }
}
