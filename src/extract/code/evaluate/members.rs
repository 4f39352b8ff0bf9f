//! What stands behind a dot or in brackets: attributes of objects and classes, members of modules, elements of lists and maps.

use std::rc::Rc;

use super::frame::{Frame, Given, Place, This};
use super::names::{named, settled};
use super::value::{Item, Part, Text, Value, Values, at_most, hole, literal, none, only, tidy, union};
use super::{Evaluator, hint};
use crate::extract::Certainty;
use crate::extract::code::index::{Bound, Kind, last_name};
use crate::extract::code::languages::Operation;
use crate::extract::code::program::{Argument, Expression, Form, VARIANT};

/// Types that stand for what is in their brackets.
const ALIASES: &[&str] = &["typing.Annotated", "typing_extensions.Annotated", "typing.Optional", "typing.Union"];

/// What gives the class of an object: `this.constructor`, `self.__class__`.
const CLASS_OF: &[&str] = &["constructor", "__class__"];

impl<'p> Evaluator<'p> {
    pub(super) fn attribute(&mut self, base: &'p Expression, name: &'p str, frame: usize) -> Values {
        let bases = self.value(base, frame);
        let mut all = Vec::new();
        for item in bases.iter() {
            let mut values = self.member(&item.value, name);
            if values.is_empty() || values.iter().all(|item| item.value == Value::Null || item.value.is_hole()) {
                let outside = self.set_outside(base, name);
                if !outside.is_empty() {
                    values = outside;
                }
            }
            all.push(at_most(&values, item.certainty));
        }
        if bases.is_empty() {
            all.push(self.set_outside(base, name));
        }
        let values = settled(&union(all));
        if values.is_empty() { hole(name) } else { named(&values, name) }
    }

    /// What is set as `something.base.name = value`, anywhere.
    fn set_outside(&mut self, base: &Expression, name: &str) -> Values {
        let program = self.program;
        let Some(loose) = program.loose.get(name) else { return none() };
        let mut found = Vec::new();
        for known in loose.iter().filter(|known| last_name(known.base) == last_name(base)).take(4) {
            let frame = self.open(known.scope);
            found.push(self.value(known.value, frame));
        }
        at_most(&union(found), Certainty::Likely)
    }

    pub(super) fn member_of_all(&mut self, values: &Values, name: &str) -> Values {
        let members: Vec<Values> = values.iter().map(|item| self.member(&item.value, name)).collect();
        union(members)
    }

    /// What a value has under a name.
    pub(super) fn member(&mut self, value: &Value, name: &str) -> Values {
        match value {
            Value::Module(module) => {
                if let Some(values) = self.exported(*module, name, 0) {
                    return values;
                }
                let scope = &self.program.scopes[*module];
                let joint = self.program.sources[scope.unit].language.joint;
                match self.modules.at(scope.unit, &format!("{joint}{name}")) {
                    Some(inner) if joint == "." => only(Value::Module(inner)),
                    // What the module exports as a whole.
                    _ if name != "default" => {
                        let whole = self.exported(*module, "default", 0).unwrap_or_else(none);
                        self.member_of_all(&whole, name)
                    }
                    _ => only(value.clone()),
                }
            }
            // What a bound function is.
            Value::External(_) | Value::Function(..) if name == "__func__" => only(value.clone()),
            Value::External(known) => {
                let inner = format!("{known}.{name}");
                only(self.module_anywhere(&inner).map_or_else(|| Value::External(inner.into()), Value::Module))
            }
            Value::Class(class) => self.class_member(*class, name, (*class, None)),
            Value::Instance(class, _) if CLASS_OF.contains(&name) => only(Value::Class(*class)),
            Value::Instance(class, place) => self.instance_member((*class, *place), name),
            // A word is its own variant.
            Value::Text(text) if name == VARIANT && !text.is_hole() => only(value.clone()),
            Value::Map(_) => {
                let found = self.lookup(&only(value.clone()), &only(Value::Text(literal(name))), name);
                if found.iter().all(|item| item.value.is_hole()) {
                    return only(Value::Method(value.clone().into(), name.into()));
                }
                found
            }
            // The members of an enum are the texts that they are.
            Value::Text(text) if !text.is_hole() && matches!(name, "value" | "name") => only(value.clone()),
            Value::Object(..) | Value::List(..) => only(Value::Method(value.clone().into(), name.into())),
            Value::Text(_)
            | Value::Null
            | Value::Flag(_)
            | Value::Function(..)
            | Value::Method(..)
            | Value::Partial(..) => hole(name),
        }
    }

    fn module_anywhere(&self, name: &str) -> Option<usize> {
        let first = self.program.sources.iter().position(|source| source.language.joint == ".")?;
        self.modules.at(first, name)
    }

    /// What a class or one it extends has under a name: a constant, or a method bound to `this`.
    pub(super) fn class_member(&mut self, class: usize, name: &str, this: This) -> Values {
        for &class in self.lineage(class).iter() {
            let program = self.program;
            let scope = &program.scopes[class];
            let frame = self.open(class);
            if let Some(bindings) = scope.bindings.get(name) {
                let mut found = Vec::new();
                for binding in bindings {
                    match binding.bound {
                        Bound::Value(value) => {
                            let values = self.value(value, frame);
                            let values = self.select(&values, &binding.path);
                            found.push(self.or_annotated(values, binding.annotation, frame));
                        }
                        Bound::Scope(inner) if program.scopes[inner].kind == Kind::Function => {
                            if self.is_property(inner) {
                                let values =
                                    self.returned(Frame { scope: inner, given: None, this: Some(this), parent: None });
                                found.push(values);
                            } else {
                                found.push(only(Value::Function(inner, Some(this), None)));
                            }
                        }
                        Bound::Scope(inner) => found.push(only(Value::Class(inner))),
                        _ => {}
                    }
                }
                if !found.is_empty() {
                    let several = found.len() > 1;
                    let values = named(&union(found), name);
                    return if several { at_most(&values, Certainty::Likely) } else { values };
                }
            }
            let fields = scope.class.map_or(&[][..], |class| &class.fields);
            if let Some(default) =
                fields.iter().find(|field| field.name == name).and_then(|field| field.default.as_ref())
            {
                return named(&self.value(default, frame), name);
            }
        }
        none()
    }

    fn is_property(&self, function: usize) -> bool {
        self.is_decorated(function, &["property", "cached_property", "get", "getter"])
    }

    /// Is it called on the class itself: is its receiver `cls`?
    pub(super) fn is_class_method(&self, function: usize) -> bool {
        self.is_decorated(function, &["classmethod"])
    }

    fn is_decorated(&self, function: usize, names: &[&str]) -> bool {
        let decorators = self.program.scopes[function].function.map_or(&[][..], |function| &function.decorators);
        decorators.iter().filter_map(last_name).any(|name| names.contains(&name))
    }

    pub(super) fn instance_member(&mut self, this: This, name: &str) -> Values {
        let mut found = Vec::new();
        let lineage = self.lineage(this.0);
        for class in lineage.iter() {
            let program = self.program;
            let scope = &program.scopes[*class];
            if let Some(field) = self.field(*class, this, name) {
                found.push(field);
            }
            let attributes = scope.attributes.get(name).map_or(&[][..], Vec::as_slice);
            for attribute in attributes.iter().filter(|attribute| attribute.appended.is_none()) {
                if !self.is_run(attribute.scope, *class, &lineage) {
                    continue;
                }
                let frame = self.frame_of_method(attribute.scope, *class, this);
                let values = attribute.value.map_or_else(none, |value| self.value(value, frame));
                let values = self.select(&values, &attribute.path);
                found.push(self.or_annotated(values, attribute.annotation, frame));
            }
        }
        let real = |values: &Values| values.iter().any(|item| item.value != Value::Null && !item.value.is_hole());
        let of_class = self.class_member(this.0, name, this);
        if real(&of_class) || found.is_empty() {
            // What an object sets on itself hides what its class has; but a default of the class may stay.
            if !found.iter().any(real) {
                found.push(of_class);
            }
        }
        let several = found.iter().filter(|values| real(values)).count() > 1;
        let mut values = self.grown_attribute(settled(&union(found)), &lineage, this, name);
        // A counter or a name that is empty at first says nothing of what it becomes.
        let start = |item: &Item| {
            let text = item.value.text().filter(|text| text.config.is_none());
            let empty = |plain: &str| plain.is_empty() || plain.bytes().all(|byte| byte.is_ascii_digit());
            text.and_then(Text::plain).is_some_and(empty)
        };
        if values.iter().any(|item| item.value.is_hole())
            && values.iter().all(|item| item.value.is_hole() || start(item))
        {
            Rc::make_mut(&mut values).retain(|item| item.value.is_hole());
        }
        if values.len() > 1 && values.iter().any(|item| !item.value.is_hole()) {
            Rc::make_mut(&mut values).retain(|item| !item.value.is_hole());
        }
        if values.is_empty() {
            if let Some(role) = self.extends_client(this.0) {
                let object = Value::Object(role, super::value::Bus::default(), None);
                return only(Value::Method(object.into(), name.into()));
            }
            return none();
        }
        let values = named(&values, name);
        if several { at_most(&values, Certainty::Likely) } else { values }
    }

    /// A field of a struct or data class, as it was given.
    fn field(&mut self, class: usize, this: This, name: &str) -> Option<Values> {
        let program = self.program;
        let fields = program.scopes[class].class.map_or(&[][..], |class| &class.fields);
        let position = fields.iter().position(|field| field.name == name);
        match this.1.map(|place| self.frames.place(place).clone()) {
            Some(Place { given: Given::Fields(given), frame, .. }) => {
                let (_, value) = given.iter().find(|(known, _)| known == name)?;
                Some(self.value(value, frame))
            }
            Some(Place { given: Given::Arguments(given), frame, .. }) => {
                if self.constructor(this.0).is_some() {
                    return None;
                }
                let named = given.iter().find(|argument| argument.name.as_deref() == Some(name));
                let placed =
                    given.iter().filter(|argument| argument.name.is_none()).nth(position.unwrap_or(usize::MAX));
                let value = named.or(placed).map(|argument: &'p Argument| self.value(&argument.value, frame));
                let field = fields.get(position?)?;
                let frame = self.open(class);
                match (value, &field.default) {
                    (Some(value), _) => Some(self.or_annotated(value, field.annotation.as_deref(), frame)),
                    (None, Some(default)) => Some(self.value(default, frame)),
                    (None, None) => Some(self.or_annotated(none(), field.annotation.as_deref(), frame)),
                }
            }
            Some(Place { given: Given::Elements(_), .. }) => None,
            None => {
                let field = fields.get(position?)?;
                self.touched.this = true;
                let mut all = Vec::new();
                for made in self.instances(class).iter().filter(|made| made.1.is_some()) {
                    all.extend(self.field(class, *made, name));
                }
                let frame = self.open(class);
                if all.is_empty()
                    && let Some(default) = &field.default
                {
                    all.push(self.value(default, frame));
                }
                Some(self.or_annotated(union(all), field.annotation.as_deref(), frame))
            }
        }
    }

    pub(super) fn index(&mut self, base: &'p Expression, key: &'p Expression, frame: usize) -> Values {
        let bases = self.value(base, frame);
        let keys = self.value(key, frame);
        if let [Item { value: Value::External(name), .. }] = bases.as_slice() {
            let functions = self.program.language(self.frames.get(frame).scope).clients.functions;
            let environment =
                |(known, operation): &(&str, Operation)| *known == &**name && *operation == Operation::Environment;
            if functions.iter().any(environment) {
                return environment_variable(&keys, &none());
            }
        }
        // `Link = Annotated[Redis, Depends(get_redis)]`: what it is made by tells more than its type.
        if let [Item { value: Value::External(name), .. }] = bases.as_slice()
            && ALIASES.contains(&&**name)
        {
            let parts = keys.iter().map(|item| match &item.value {
                Value::List(elements, _) => union(elements.iter().rev().cloned()),
                value => only(value.clone()),
            });
            let parts: Vec<Values> = parts.collect();
            return union(parts);
        }
        let name = match &key.form {
            Form::Text(text) => text.clone(),
            Form::Name(name) => name.clone(),
            _ => hint(base),
        };
        let values = self.lookup(&bases, &keys, &name);
        // `row["id"]` is called by its own name, wherever it comes from.
        if matches!(key.form, Form::Text(_)) { super::names::renamed(&values, &name) } else { values }
    }

    /// An element of an element.
    pub(super) fn select(&mut self, values: &Values, path: &[usize]) -> Values {
        let mut values = values.clone();
        for at in path {
            let mut found = Vec::new();
            for item in values.iter() {
                match &item.value {
                    Value::List(elements, false) => found.extend(elements.get(*at).cloned()),
                    Value::List(elements, true) => found.extend(elements.iter().cloned()),
                    _ => {}
                }
            }
            values = if found.is_empty() { hole("value") } else { union(found) };
        }
        values
    }

    /// All constants of a class, for loops over enums.
    pub(super) fn members_of_class(&mut self, class: usize) -> Values {
        let program = self.program;
        let frame = self.open(class);
        let mut all = Vec::new();
        let values = program.scopes[class].bindings.values().flatten().filter_map(|binding| match binding.bound {
            Bound::Value(value) => Some(value),
            _ => None,
        });
        let mut values: Vec<&Expression> = values.collect();
        values.sort_by_key(|value| value.span.start);
        for value in values {
            all.push(self.value(value, frame));
        }
        union(all)
    }
}

/// A variable of the environment, by its name, with a default.
pub(super) fn environment_variable(names: &Values, default: &Values) -> Values {
    let Some(name) = names.iter().find_map(|item| item.value.text().and_then(Text::plain)) else {
        return hole("value");
    };
    let mut items: Vec<Item> = Vec::new();
    for item in default.iter().filter(|item| item.value != Value::Null) {
        let mut item = Item { certainty: item.certainty.max(Certainty::Likely), ..item.clone() };
        if let Value::Text(text) = &mut item.value {
            text.config = Some(name.into());
        }
        items.push(item);
    }
    if items.is_empty() {
        let text = Text { parts: vec![Part::Hole(tidy(name).into())], config: Some(name.into()) };
        return only(Value::Text(text));
    }
    items.into()
}
