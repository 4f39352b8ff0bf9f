//! What calls give: of functions and classes of the program, of makers of clients, and of what libraries are known to do.

use std::rc::Rc;

use super::frame::{Frame, Given, Place};
use super::makers::{call_name, is_super, merge, with_fallback};
use super::names::settled;
use super::value::{Bus, Value, Values, at_most, hole, none, only, union};
use super::{Evaluator, hint};
use crate::extract::Certainty;
use crate::extract::code::index::last_name;
use crate::extract::code::languages::{Gives, Operation, Role};
use crate::extract::code::program::{Argument, Expression, Form};

impl<'p> Evaluator<'p> {
    pub(super) fn call(&mut self, callee: &'p Expression, arguments: &'p [Argument], frame: usize) -> Values {
        let name = last_name(callee).unwrap_or("value");
        let mut all = Vec::new();
        if let Form::Attribute(base, method) = &callee.form {
            if is_super(base) {
                let functions = self.of_super(method, frame);
                all.extend(functions.iter().map(|item| self.call_value(&item.value, arguments, frame, name)));
                return union(all);
            }
            let bases = self.value(base, frame);
            for item in bases.iter() {
                let values = self.invoke(&item.value, (base, method), arguments, frame);
                all.push(at_most(&values, item.certainty));
            }
            let known = bases.iter().any(|item| !item.value.is_hole() && item.value != Value::Null);
            if !known {
                all.extend(self.by_method_name(method, arguments, frame));
            }
        } else {
            for item in self.value(callee, frame).iter() {
                let values = self.call_value(&item.value, arguments, frame, name);
                all.push(at_most(&values, item.certainty));
            }
        }
        let mut values = settled(&union(all));
        if values.len() > 1
            && values.iter().any(|item| !item.value.is_hole())
            && values.iter().any(|item| item.value.is_hole())
        {
            let real =
                values.iter().any(|item| matches!(item.value, Value::Object(..) | Value::Instance(..) | Value::Map(_)));
            if real {
                Rc::make_mut(&mut values).retain(|item| !item.value.is_hole());
            }
        }
        if values.is_empty() { hole(call_name(callee, name)) } else { values }
    }

    /// A method of something unknown, if only one class of the program has such a method.
    fn by_method_name(&mut self, method: &str, arguments: &'p [Argument], frame: usize) -> Option<Values> {
        let function = self.only_method(method, frame)?;
        let values = self.call_value(&function, arguments, frame, method);
        Some(at_most(&values, Certainty::Likely))
    }

    /// The only method of that name in the program, where the name is not one that libraries use too.
    pub(super) fn only_method(&self, method: &str, frame: usize) -> Option<Value> {
        let [scope] = self.program.methods.get(method)?.as_slice() else { return None };
        let clients = self.program.language(self.frames.get(frame).scope).clients;
        let usual = clients.methods.iter().any(|(known, _)| *known == method)
            || clients.gives.iter().any(|(known, _)| *known == method)
            || matches!(
                method,
                "get" | "set" | "execute" | "send" | "close" | "delete" | "run" | "call" | "put" | "add" | "update"
            )
            || method.len() < 4;
        if usual {
            return None;
        }
        let class = self.program.class_of(*scope)?;
        Some(Value::Function(*scope, Some((class, None)), None))
    }

    /// A method of what the class around extends.
    pub(super) fn of_super(&mut self, method: &str, frame: usize) -> Values {
        let known = self.frames.get(frame).clone();
        let Some(class) = self.program.class_of(known.scope) else { return none() };
        let this = known.this.unwrap_or((class, None));
        let lineage = self.lineage(class);
        for &base in lineage.iter().skip(1) {
            let found = self.class_member(base, method, this);
            if !found.is_empty() {
                return found;
            }
        }
        none()
    }

    /// What a call of a value gives.
    pub(super) fn call_value(&mut self, value: &Value, arguments: &'p [Argument], frame: usize, name: &str) -> Values {
        let place = |evaluator: &mut Self, before: Vec<Values>| {
            evaluator.frames.intern_place(Place { given: Given::Arguments(arguments), before, frame })
        };
        match value {
            Value::Function(scope, this, parent) => {
                let Some(given) = place(self, Vec::new()) else { return hole(name) };
                let values = self.returned(Frame { scope: *scope, given: Some(given), this: *this, parent: *parent });
                if values.is_empty() { hole(name.strip_prefix("get_").unwrap_or(name)) } else { values }
            }
            Value::Class(class) => {
                if let [only] = arguments
                    && self.is_named_text(*class)
                {
                    return self.value(&only.value, frame);
                }
                let given = place(self, Vec::new());
                // A text of an enum, looked up by its value.
                if given.is_none() { hole(name) } else { only(Value::Instance(*class, given)) }
            }
            Value::Partial(function, before) => match &**function {
                Value::Function(scope, this, parent) => {
                    let Some(given) = place(self, before.clone()) else { return hole(name) };
                    self.returned(Frame { scope: *scope, given: Some(given), this: *this, parent: *parent })
                }
                other => self.call_value(&other.clone(), arguments, frame, name),
            },
            Value::External(known) => self.of_library(known, arguments, frame, name),
            Value::Instance(class, made) => {
                let called = self.class_member(*class, "__call__", (*class, *made));
                let results: Vec<Values> =
                    called.iter().map(|item| self.call_value(&item.value, arguments, frame, name)).collect();
                union(results)
            }
            Value::Method(base, method) => {
                let results = self.of_value(base, method, arguments, frame);
                results.unwrap_or_else(|| hole(name))
            }
            // A module that is called is what it exports as a whole.
            Value::Module(module) => {
                let whole = self.exported(*module, "default", 0).unwrap_or_else(none);
                let results: Vec<Values> =
                    whole.iter().map(|item| self.call_value(&item.value, arguments, frame, name)).collect();
                let values = union(results);
                if values.is_empty() { hole(name) } else { values }
            }
            Value::Text(_) | Value::Null | Value::Flag(_) | Value::Object(..) | Value::List(..) | Value::Map(_) => {
                hole(name)
            }
        }
    }

    /// Is a class a text by another name, so that a call of it changes nothing: `type Kind string`?
    pub(super) fn is_named_text(&self, class: usize) -> bool {
        let language = self.program.language(class);
        let bases = self.program.scopes[class].class.map_or(&[][..], |class| &class.bases);
        language.folder_is_module
            && matches!(bases, [only] if matches!(&only.form, Form::Name(name) if name == "string"))
    }

    /// What a function gives back in a frame.
    pub(super) fn returned(&mut self, frame: Frame) -> Values {
        let program = self.program;
        let scope = &program.scopes[frame.scope];
        let frame = self.frames.intern(frame);
        let all: Vec<Values> = scope.returns.iter().map(|value| self.value(value, frame)).collect();
        let several = all.iter().filter(|values| values.iter().any(|item| item.value != Value::Null)).count() > 1;
        let values = with_fallback(settled(&union(all)));
        let returns = scope.function.and_then(|function| function.returns.as_deref());
        let values = self.or_annotated(values, returns, frame);
        if several && values.len() > 1 { at_most(&values, Certainty::Likely) } else { values }
    }

    /// What a method call gives, by what it is called on and how that is written.
    fn invoke(
        &mut self,
        base: &Value,
        (written, method): (&'p Expression, &'p str),
        arguments: &'p [Argument],
        frame: usize,
    ) -> Values {
        match base {
            Value::Text(_) | Value::List(..) | Value::Object(..) | Value::Null | Value::Flag(_) => {
                self.of_value(base, method, arguments, frame).unwrap_or_else(|| {
                    // Of something unknown, the name of the method tells more than nothing.
                    let call_name = method.strip_prefix("get_").unwrap_or(method);
                    if base.is_hole() && super::hints::WEAK.contains(&method) {
                        hole(&hint(written))
                    } else {
                        hole(call_name)
                    }
                })
            }
            Value::Map(_) => {
                let found = self.member(base, method);
                let functions =
                    found.iter().filter(|item| matches!(item.value, Value::Function(..) | Value::Partial(..)));
                let functions: Vec<Value> = functions.map(|item| item.value.clone()).collect();
                if functions.is_empty() {
                    return self.of_value(base, method, arguments, frame).unwrap_or_else(|| hole(method));
                }
                let results: Vec<Values> =
                    functions.iter().map(|function| self.call_value(function, arguments, frame, method)).collect();
                union(results)
            }
            _ => {
                let mut members = self.member(base, method);
                // A method may have the name of a field.
                if let Value::Instance(class, place) = base
                    && members
                        .iter()
                        .all(|item| matches!(item.value, Value::Text(_) | Value::External(_) | Value::Null))
                {
                    let of_class = self.class_member(*class, method, (*class, *place));
                    members = if of_class.is_empty() { members } else { of_class };
                }
                let results: Vec<Values> =
                    members.iter().map(|item| self.call_value(&item.value, arguments, frame, method)).collect();
                let values = union(results);
                if !values.is_empty() {
                    return values;
                }
                // `copy`, `get` and the like of an object of the program.
                self.of_value(base, method, arguments, frame).unwrap_or_else(none)
            }
        }
    }

    /// What a method of a text, list, map or object of a Redis library gives.
    fn of_value(&mut self, base: &Value, method: &str, arguments: &'p [Argument], frame: usize) -> Option<Values> {
        let clients = self.program.language(self.frames.get(frame).scope).clients;
        if let Value::Object(role, bus, _) = base {
            if let Some((_, gives)) = clients.gives.iter().find(|(known, _)| *known == method) {
                return Some(match gives {
                    // A builder is told what to connect to on its way.
                    Gives::Itself if *bus == Bus::default() => {
                        let mut bus = bus.clone();
                        for argument in arguments {
                            for item in self.value(&argument.value, frame).iter() {
                                if let Value::Object(_, inner, _) = &item.value {
                                    merge(&mut bus, inner);
                                }
                            }
                        }
                        let Value::Object(role, _, text) = base else { return Some(only(base.clone())) };
                        only(Value::Object(*role, bus, text.clone()))
                    }
                    Gives::Itself => only(base.clone()),
                    Gives::Object(Role::Lock) => {
                        let key = arguments.first().map_or_else(none, |argument| self.value(&argument.value, frame));
                        let keys = key.iter().filter_map(|item| item.value.text().cloned());
                        let locks = keys.map(|key| only(Value::Object(Role::Lock, bus.clone(), Some(key))));
                        union(locks.collect::<Vec<_>>())
                    }
                    Gives::Object(made) => only(Value::Object(*made, bus.clone(), None)),
                    Gives::Script(at) => {
                        let text = self.argument(arguments, *at, frame);
                        let text = text.and_then(|text| text.iter().find_map(|item| item.value.text().cloned()));
                        only(Value::Object(Role::Script, bus.clone(), text))
                    }
                    Gives::Callback(..) => hole(method),
                });
            }
            if *role == Role::Client || *role == Role::Pipeline {
                return Some(self.reply(*role, method, arguments, frame).unwrap_or_else(|| {
                    // Pipelines are called in chains.
                    if *role == Role::Pipeline { only(base.clone()) } else { hole(method) }
                }));
            }
            // What a pool gives, under whatever name, is a connection.
            return Some(if *role == Role::Pool {
                only(Value::Object(Role::Client, bus.clone(), None))
            } else {
                hole(method)
            });
        }
        let (_, operation) = clients.methods.iter().find(|(known, _)| *known == method)?;
        if *operation == Operation::Shift {
            let by = arguments.first().map(|argument| self.value(&argument.value, frame));
            return Self::shifted(base, by);
        }
        let values = self.operation(*operation, Some(base), arguments, frame);
        Some(Self::of_now(base, *operation, method, &values).unwrap_or(values))
    }

    /// Applies an operation that needs another function than its own.
    pub(super) fn apply(&mut self, function: &'p Argument, arguments: &'p [Argument], frame: usize) -> Values {
        let functions = self.value(&function.value, frame);
        let name = last_name(&function.value).unwrap_or("value");
        let results: Vec<Values> =
            functions.iter().map(|item| self.call_value(&item.value, arguments, frame, name)).collect();
        let values = union(results);
        if values.is_empty() { functions } else { values }
    }
}
