//! The walk over all statements and expressions of a file, which fills the scopes.

use super::{Attribute, Binding, Bound, Kind, Loose, Program, Scope, Site, last_name};
use crate::extract::code::languages::Operation;
use crate::extract::code::program::{Argument, Class, Expression, Form, Function, Import, Piece, Statement};

/// Deeper nesting is not looked into.
const DEPTH: u32 = 250;

pub(super) struct Walk<'a, 'p> {
    pub(super) program: &'a mut Program<'p>,
    pub(super) unit: usize,
    pub(super) depth: u32,
}

impl<'p> Walk<'_, 'p> {
    pub(super) fn import(&mut self, module: usize, import: &'p Import) {
        if let Some(name) = &import.name
            && *name != import.alias
        {
            self.program.aliases.entry(name).or_default().push(&import.alias);
        }
        let unit = self.unit;
        self.program.scopes[module].imports.entry(&import.alias).or_default().push((unit, import));
    }

    pub(super) fn statements(&mut self, scope: usize, body: &'p [Statement]) {
        if self.depth > DEPTH {
            return;
        }
        self.depth += 1;
        for statement in body {
            self.statement(scope, statement);
        }
        self.depth -= 1;
    }

    fn statement(&mut self, scope: usize, statement: &'p Statement) {
        match statement {
            Statement::Assign { target, annotation, value } => {
                let bound = value.as_ref().map_or(Bound::Declared, Bound::Value);
                self.target(scope, target, Binding { annotation: annotation.as_deref(), ..plain(bound) });
                if let Some(value) = value {
                    self.expression(scope, value);
                }
            }
            Statement::Augment { target, operator, value } => {
                self.target(scope, target, plain(Bound::Augmented(operator, value)));
                self.expression(scope, value);
            }
            Statement::Evaluate(expression) => self.expression(scope, expression),
            Statement::Return(value) => {
                if let Some(value) = value {
                    self.program.scopes[scope].returns.push(value);
                    self.expression(scope, value);
                }
            }
            Statement::Branches(arms) => arms.iter().for_each(|arm| self.statements(scope, arm)),
            Statement::Each { target, over, body } => {
                self.target(scope, target, plain(Bound::Element(over)));
                self.expression(scope, over);
                self.statements(scope, body);
            }
            Statement::Block(body) => self.statements(scope, body),
            Statement::Function(function) => {
                let inner = self.function(scope, function);
                self.bind(scope, &function.name, plain(Bound::Scope(inner)));
                if self.program.scopes[scope].kind == Kind::Class {
                    self.program.methods.entry(&function.name).or_default().push(inner);
                }
            }
            Statement::Class(class) => self.class(scope, class),
        }
    }

    fn function(&mut self, scope: usize, function: &'p Function) -> usize {
        let inner = self.program.scopes.len();
        let mut made = Scope::new(Kind::Function, self.unit, Some(scope), &function.name);
        made.function = Some(function);
        made.bodies.push(&function.body);
        self.program.scopes.push(made);
        self.program.by_address.insert(std::ptr::from_ref(function) as usize, inner);
        for default in function.parameters.iter().filter_map(|parameter| parameter.default.as_ref()) {
            self.expression(scope, default);
        }
        for decorator in &function.decorators {
            self.expression(scope, decorator);
        }
        self.statements(inner, &function.body);
        inner
    }

    fn class(&mut self, scope: usize, class: &'p Class) {
        let inner = self.program.scopes.len();
        let mut made = Scope::new(Kind::Class, self.unit, Some(scope), &class.name);
        made.class = Some(class);
        made.bodies.push(&class.body);
        self.program.scopes.push(made);
        self.program.by_address.insert(std::ptr::from_ref(class) as usize, inner);
        self.bind(scope, &class.name, plain(Bound::Scope(inner)));
        for base in &class.bases {
            if let Some(name) = last_name(base) {
                self.program.heirs.entry(name).or_default().push(inner);
            }
            self.expression(scope, base);
        }
        for field in &class.fields {
            if let Some(default) = &field.default {
                self.expression(inner, default);
            }
        }
        self.statements(inner, &class.body);
    }

    fn bind(&mut self, scope: usize, name: &'p str, binding: Binding<'p>) {
        self.program.scopes[scope].bindings.entry(name).or_default().push(binding);
    }

    fn target(&mut self, scope: usize, target: &'p Expression, binding: Binding<'p>) {
        let Binding { bound, path, annotation, within } = binding;
        match &target.form {
            Form::Name(name) => self.bind(scope, name, Binding { bound, path, annotation, within }),
            Form::List(targets) if path.len() < 4 => {
                for (index, target) in targets.iter().enumerate() {
                    let path = path.iter().copied().chain([index]).collect();
                    self.target(scope, target, Binding { bound, path, annotation: None, within: within.clone() });
                }
            }
            Form::Attribute(base, name) => {
                let value = if let Bound::Value(value) = bound { Some(value) } else { None };
                if let Bound::Augmented("+", added) = bound
                    && matches!(added.form, Form::List(_))
                {
                    let added = Attribute {
                        scope,
                        value: Some(added),
                        path: Vec::new(),
                        annotation: None,
                        appended: Some(true),
                    };
                    self.grows(base, name, added);
                }
                self.attribute(base, name, Attribute { scope, value, path, annotation, appended: None });
                self.expression(scope, base);
            }
            Form::Index(base, key) => {
                if let (Form::Name(name), Bound::Value(value)) = (&base.form, bound) {
                    self.bind(scope, name, Binding { path, ..plain(Bound::Stored(key, value)) });
                }
                self.expression(scope, base);
                self.expression(scope, key);
            }
            _ => self.expression(scope, target),
        }
    }

    fn attribute(&mut self, base: &'p Expression, name: &'p str, attribute: Attribute<'p>) {
        let Attribute { scope, value, .. } = attribute;
        let receiver = if let Form::Name(base) = &base.form { self.receiver(scope, base) } else { None };
        match (receiver, value) {
            (Some(class), _) => self.program.scopes[class].attributes.entry(name).or_default().push(attribute),
            (None, Some(value)) => self.program.loose.entry(name).or_default().push(Loose { scope, base, value }),
            (None, None) => {}
        }
    }

    /// The class whose object a name means, as a receiver of the method around.
    fn receiver(&self, mut scope: usize, name: &str) -> Option<usize> {
        loop {
            let here = &self.program.scopes[scope];
            if here.function.is_some_and(|function| function.receiver.as_deref() == Some(name)) {
                return self.program.class_of(scope);
            }
            scope = here.parent?;
        }
    }

    fn expression(&mut self, scope: usize, expression: &'p Expression) {
        if self.depth > DEPTH {
            return;
        }
        self.depth += 1;
        self.parts(scope, expression);
        self.depth -= 1;
    }

    fn parts(&mut self, scope: usize, expression: &'p Expression) {
        match &expression.form {
            Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null | Form::Name(_) => {}
            Form::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Value(value) = piece {
                        self.expression(scope, value);
                    }
                }
            }
            Form::Attribute(base, _) => self.expression(scope, base),
            Form::Index(a, b) | Form::Binary(_, a, b) => {
                self.expression(scope, a);
                self.expression(scope, b);
            }
            Form::Call(callee, arguments) => self.call(scope, expression, callee, arguments),
            Form::Construct(name, fields) => {
                if let Some(name) = last_name(name) {
                    self.program.constructs.entry(name).or_default().push(Site { scope, expression });
                }
                fields.iter().for_each(|(_, value)| self.expression(scope, value));
            }
            Form::Choice(parts) | Form::List(parts) | Form::Opaque(parts) => {
                parts.iter().for_each(|part| self.expression(scope, part));
            }
            Form::Map(entries) => {
                for (name, value) in entries {
                    if let Some(name) = name {
                        self.expression(scope, name);
                    }
                    self.expression(scope, value);
                }
            }
            Form::Comprehension { element, loops } => {
                for (target, over) in loops {
                    let within = Some(expression.span.clone());
                    self.target(scope, target, Binding { within, ..plain(Bound::Element(over)) });
                    self.expression(scope, over);
                }
                self.expression(scope, element);
            }
            Form::Closure(function) => {
                self.function(scope, function);
            }
        }
    }

    fn call(&mut self, scope: usize, expression: &'p Expression, callee: &'p Expression, arguments: &'p [Argument]) {
        self.program.scopes[scope].calls.push(expression);
        if let Some(name) = last_name(callee) {
            self.program.calls.entry(name).or_default().push(Site { scope, expression });
        }
        self.expression(scope, callee);
        self.append(scope, callee, arguments);
        for (index, argument) in arguments.iter().enumerate() {
            if let Some(name) = last_name(&argument.value) {
                let site = Site { scope, expression };
                self.program.mentions.entry(name).or_default().push((site, index));
            }
            if let Form::Closure(function) = &argument.value.form {
                let inner = self.function(scope, function);
                self.program.scopes[inner].passed = Some((expression, index));
            } else {
                self.expression(scope, &argument.value);
            }
        }
    }
}

impl<'p> Walk<'_, 'p> {
    /// `x.append(y)` is a further element of `x`.
    fn append(&mut self, scope: usize, callee: &'p Expression, arguments: &'p [Argument]) {
        let Form::Attribute(base, method) = &callee.form else { return };
        let Some(argument) = arguments.last() else { return };
        let methods = self.program.sources[self.unit].language.clients.methods;
        let extends = match methods.iter().find(|(known, _)| known == method) {
            Some((_, Operation::Append)) => false,
            Some((_, Operation::Extend)) => true,
            _ => return,
        };
        match &base.form {
            Form::Name(name) => {
                self.bind(scope, name, plain(Bound::Appended(&argument.value, extends)));
            }
            Form::Attribute(of, name) => {
                let (value, appended) = (Some(&argument.value), Some(extends));
                self.grows(of, name, Attribute { scope, value, path: Vec::new(), annotation: None, appended });
            }
            _ => {}
        }
    }

    /// `self.list` grows by an element, or by those of another list.
    fn grows(&mut self, of: &'p Expression, name: &'p str, more: Attribute<'p>) {
        let Form::Name(receiver) = &of.form else { return };
        let Some(class) = self.receiver(more.scope, receiver) else { return };
        self.program.scopes[class].attributes.entry(name).or_default().push(more);
    }
}

/// A binding of which no more is known.
fn plain(bound: Bound<'_>) -> Binding<'_> {
    Binding { bound, path: Vec::new(), within: None, annotation: None }
}
