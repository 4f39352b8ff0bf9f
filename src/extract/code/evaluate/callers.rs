//! Who calls a function, who makes an object, and so what arguments and attributes may be.

use std::rc::Rc;

use super::Evaluator;
use super::candidates::Call;
use super::frame::{Frame, Given, Place};
use super::names::named;
use super::value::{Value, Values, hole, none, only, union};
use crate::extract::code::languages::{Gives, Operation};
use crate::extract::code::program::{Argument, Form, Parameter};

impl<'p> Evaluator<'p> {
    /// What a parameter may be in a frame.
    pub(super) fn parameter(&mut self, frame: usize, index: usize) -> Values {
        let program = self.program;
        let known = self.frames.get(frame).clone();
        let Some(parameter) = program.scopes[known.scope].parameters().get(index) else { return none() };
        let values = match known.given {
            Some(place) => {
                let place = self.frames.place(place).clone();
                self.given(&place, parameter, index, known.scope)
            }
            None => {
                self.touched.arguments = true;
                self.of_callers(parameter, index, known.scope)
            }
        };
        let values = if values.iter().all(|item| item.value == Value::Null || item.value.is_hole()) {
            let typed = self.or_annotated(none(), parameter.annotation.as_deref(), frame);
            if typed.is_empty() { values } else { typed }
        } else {
            values
        };
        if values.is_empty() { hole(&parameter.name) } else { named(&values, &parameter.name) }
    }

    /// What a place gives for a parameter.
    fn given(&mut self, place: &Place<'p>, parameter: &'p Parameter, index: usize, scope: usize) -> Values {
        let arguments = match place.given {
            Given::Arguments(arguments) => arguments,
            Given::Elements(over) => {
                let values = self.value(over, place.frame);
                return if index == 0 { self.elements(&values) } else { hole(&parameter.name) };
            }
            Given::Fields(fields) => {
                let field = fields.iter().find(|(name, _)| *name == parameter.name);
                return field.map_or_else(none, |(_, value)| self.value(value, place.frame));
            }
        };
        if let Some(argument) =
            arguments.iter().find(|argument| argument.name.as_deref() == Some(parameter.name.as_str()))
        {
            return self.value(&argument.value, place.frame);
        }
        let before = self.program.scopes[scope].parameters().iter().take(index);
        let at = before.filter(|parameter| !parameter.by_name).count();
        if !parameter.by_name || arguments.iter().all(|argument| argument.name.is_none()) {
            if parameter.rest && !parameter.by_name {
                return self.rest(place, arguments, at, &parameter.name);
            }
            if !parameter.by_name {
                if let Some(values) = place.before.get(at) {
                    return values.clone();
                }
                if let Some(values) = self.positional(arguments, at - place.before.len(), place.frame) {
                    return values;
                }
            }
        }
        for argument in arguments.iter().filter(|argument| parameter.by_name || argument.name.as_deref() == Some("**"))
        {
            // `**options`, or an object that is taken apart by the names of parameters.
            let values = self.value(&argument.value, place.frame);
            if values.iter().any(|item| matches!(item.value, Value::Map(_) | Value::Instance(..))) {
                let key = only(Value::Text(super::value::literal(&parameter.name)));
                let found = self.lookup(&values, &key, "\u{0}");
                if !found.iter().all(|item| item.value.is_hole()) {
                    return found;
                }
            }
        }
        self.default(parameter, scope)
    }

    /// What is left for the parameter that takes all that follows.
    fn rest(&mut self, place: &Place<'p>, arguments: &'p [Argument], at: usize, name: &str) -> Values {
        let mut elements: Vec<Values> = place.before.iter().skip(at).cloned().collect();
        let skip = at.saturating_sub(place.before.len());
        let mut open = false;
        for argument in arguments.iter().filter(|argument| argument.name.is_none()).skip(skip) {
            let values = self.value(&argument.value, place.frame);
            if !argument.spread {
                elements.push(values);
                continue;
            }
            match values
                .iter()
                .find_map(|item| if let Value::List(more, any) = &item.value { Some((more, any)) } else { None })
            {
                Some((more, any)) => {
                    elements.extend(more.iter().cloned());
                    open |= any;
                }
                None => {
                    elements.push(hole(name));
                    open = true;
                }
            }
        }
        only(Value::List(elements, open))
    }

    fn default(&mut self, parameter: &'p Parameter, scope: usize) -> Values {
        let (Some(default), Some(parent)) = (&parameter.default, self.program.scopes[scope].parent) else {
            return none();
        };
        let frame = self.open(parent);
        self.value(default, frame)
    }

    fn positional(&mut self, arguments: &'p [Argument], at: usize, frame: usize) -> Option<Values> {
        let mut left = at;
        for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
            if !argument.spread {
                if left == 0 {
                    return Some(self.value(&argument.value, frame));
                }
                left -= 1;
                continue;
            }
            let values = self.value(&argument.value, frame);
            let list = values
                .iter()
                .find_map(|item| if let Value::List(more, any) = &item.value { Some((more, *any)) } else { None });
            let Some((elements, open)) = list else { return Some(hole("value")) };
            if open {
                return Some(union(elements.iter().cloned()));
            }
            match elements.get(left) {
                Some(values) => return Some(values.clone()),
                None => left -= elements.len(),
            }
        }
        None
    }

    /// What all callers give for a parameter, and its default.
    fn of_callers(&mut self, parameter: &'p Parameter, index: usize, scope: usize) -> Values {
        let mut all = Vec::new();
        let callers = self.callers(scope);
        self.touched.cut |= callers.len() > super::value::WIDTH;
        for frame in callers.iter().take(super::value::WIDTH) {
            let given = self.frames.get(*frame).given;
            if let Some(place) = given.map(|place| self.frames.place(place).clone()) {
                all.push(self.given(&place, parameter, index, scope));
            }
        }
        if all.is_empty() {
            let fixture = self.fixture(&parameter.name, scope);
            all.push(fixture.unwrap_or_else(|| self.default(parameter, scope)));
        }
        union(all)
    }

    /// Frames of a function, one for each place that calls it, whose own callers are not known.
    pub(super) fn callers(&mut self, scope: usize) -> Rc<Vec<usize>> {
        if let Some(known) = self.callers.get(&scope) {
            return known.clone();
        }
        // Who is asked for while it is being found has no callers.
        self.callers.insert(scope, Rc::default());
        let before = self.touched;
        let steps = std::mem::take(&mut self.steps);
        let mut found = Vec::new();
        for site in self.candidates(scope) {
            let outer = self.open(site.0.scope);
            self.calls_from(scope, site, outer, &mut found);
        }
        if let Some((call, at)) = self.program.scopes[scope].passed
            && let Some(parent) = self.program.scopes[scope].parent
        {
            let outer = self.open(parent);
            found.extend(self.passed(scope, call, at, outer));
        }
        self.answered(before);
        self.steps = steps;
        let found = Rc::new(found);
        self.callers.insert(scope, found.clone());
        found
    }

    /// The frames in which a call, made in the frame `outer`, runs a function.
    pub(super) fn calls_from(
        &mut self,
        scope: usize,
        (site, mentioned): Call<'p>,
        outer: usize,
        found: &mut Vec<usize>,
    ) {
        let Form::Call(callee, arguments) = &site.expression.form else { return };
        let values = self.called((site, mentioned), outer);
        let (given, skipped) = match mentioned {
            None => (arguments.as_slice(), Vec::new()),
            Some(at) => {
                (arguments.get(at + 1..).unwrap_or_default(), self.given_elements(callee, at, arguments, outer))
            }
        };
        for item in values.iter() {
            let (this, parent, before) = match &item.value {
                Value::Function(known, this, parent) if *known == scope => (*this, *parent, skipped.clone()),
                Value::Partial(function, before) => match &**function {
                    Value::Function(known, this, parent) if *known == scope => (*this, *parent, before.clone()),
                    _ => continue,
                },
                Value::Class(class) if mentioned.is_none() && self.constructor(*class) == Some(scope) => {
                    let place = Place { given: Given::Arguments(given), before: Vec::new(), frame: outer };
                    (Some((*class, self.frames.intern_place(place))), None, Vec::new())
                }
                _ => continue,
            };
            let place = Place { given: Given::Arguments(given), before, frame: outer };
            if let Some(place) = self.frames.intern_place(place) {
                let frame = self.frames.intern(Frame { scope, given: Some(place), this, parent });
                if !found.contains(&frame) {
                    found.push(frame);
                }
            }
        }
    }

    /// Where a function is put on each element (`map(f, keys)`), the elements.
    fn given_elements(
        &mut self,
        callee: &'p crate::extract::code::program::Expression,
        at: usize,
        arguments: &'p [Argument],
        outer: usize,
    ) -> Vec<Values> {
        if let Form::Attribute(base, method) = &callee.form {
            let role =
                self.program.language(self.frames.get(outer).scope).clients.gives.iter().find_map(|(known, gives)| {
                    match gives {
                        Gives::Callback(place, role) if known == method && *place == at => Some(*role),
                        _ => None,
                    }
                });
            let Some(role) = role else { return Vec::new() };
            let values = self.value(base, outer);
            let objects = values.iter().filter_map(|item| match &item.value {
                Value::Object(_, bus, _) => Some(only(Value::Object(role, bus.clone(), None))),
                _ => None,
            });
            return objects.take(1).collect();
        }
        let Form::Name(name) = &callee.form else { return Vec::new() };
        let clients = self.program.language(self.frames.get(outer).scope).clients;
        let maps = clients.functions.iter().any(|(known, operation)| known == name && *operation == Operation::Map);
        match arguments.get(at + 1) {
            Some(over) if maps => {
                let values = self.value(&over.value, outer);
                vec![self.elements(&values)]
            }
            _ => Vec::new(),
        }
    }

    /// The frame of a closure that is an argument of a call: of `keys.map(f)` it is given each element.
    pub(super) fn passed(
        &mut self,
        scope: usize,
        call: &'p crate::extract::code::program::Expression,
        at: usize,
        outer: usize,
    ) -> Option<usize> {
        let Form::Call(callee, arguments) = &call.form else { return None };
        let clients = self.program.language(scope).clients;
        let over = match &callee.form {
            Form::Attribute(base, method) => {
                let with = clients
                    .methods
                    .iter()
                    .any(|(known, operation)| known == method && *operation == Operation::MapWith);
                let callback = clients.gives.iter().find_map(|(known, gives)| match gives {
                    Gives::Callback(place, role) if known == method && *place == at => Some(*role),
                    _ => None,
                });
                if let Some(role) = callback {
                    for item in self.value(base, outer).iter() {
                        if let Value::Object(_, bus, _) = &item.value {
                            let before = vec![only(Value::Object(role, bus.clone(), None))];
                            let place = Place { given: Given::Arguments(&[]), before, frame: outer };
                            let given = self.frames.intern_place(place)?;
                            return Some(self.frames.intern(Frame {
                                scope,
                                given: Some(given),
                                this: None,
                                parent: Some(outer),
                            }));
                        }
                    }
                }
                with.then_some(&**base)
            }
            Form::Name(name) => {
                let maps =
                    clients.functions.iter().any(|(known, operation)| known == name && *operation == Operation::Map);
                if maps { arguments.get(at + 1).map(|argument| &argument.value) } else { None }
            }
            _ => None,
        }?;
        let place = Place { given: Given::Elements(over), before: Vec::new(), frame: outer };
        let given = self.frames.intern_place(place)?;
        Some(self.frames.intern(Frame { scope, given: Some(given), this: None, parent: Some(outer) }))
    }
}
