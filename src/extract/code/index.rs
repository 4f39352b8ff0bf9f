//! All files as one program: its scopes, what each name in them is bound to, and all calls.
//!
//! In: units. Out: a [`Program`], which is read-only. It evaluates nothing.

use std::collections::HashMap;
use std::ops::Range;

use super::languages::{Language, Operation};
use super::program::{Argument, Class, Expression, Form, Function, Import, Parameter, Piece, Statement, Unit};

/// Deeper nesting is not looked into.
const DEPTH: u32 = 250;

/// A file with its language.
#[derive(Debug)]
pub struct Source {
    /// What it holds.
    pub unit: Unit,
    /// Its language.
    pub language: &'static Language,
}

/// All files as one program.
#[derive(Debug, Default)]
pub struct Program<'p> {
    /// The files.
    pub sources: &'p [Source],
    /// Modules, classes and functions. The modules come first.
    pub scopes: Vec<Scope<'p>>,
    /// The module of each file.
    pub module_of: Vec<usize>,
    /// Modules by the path of a file, and of the folder where that is one module.
    pub by_path: HashMap<String, usize>,
    /// Files by their last name.
    pub by_file_name: HashMap<String, Vec<String>>,
    /// Calls by the last name of what is called.
    pub calls: HashMap<&'p str, Vec<Site<'p>>>,
    /// Calls by the last names of functions that may be given to them, with the argument's place.
    pub mentions: HashMap<&'p str, Vec<(Site<'p>, usize)>>,
    /// Struct literals by the last name of their type.
    pub constructs: HashMap<&'p str, Vec<Site<'p>>>,
    /// Other names for functions and classes, by their own names.
    pub aliases: HashMap<&'p str, Vec<&'p str>>,
    /// Attributes that are set from outside of a class, by name.
    pub loose: HashMap<&'p str, Vec<Loose<'p>>>,
    /// Scopes by the address of their function or class.
    pub by_address: HashMap<usize, usize>,
    /// Methods by name.
    pub methods: HashMap<&'p str, Vec<usize>>,
    /// Classes by the last name of what they extend.
    pub heirs: HashMap<&'p str, Vec<usize>>,
}

/// An expression and the scope that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Site<'p> {
    /// The scope.
    pub scope: usize,
    /// The expression.
    pub expression: &'p Expression,
}

/// `base.name = value`, outside of the class of the base.
#[derive(Debug, Clone, Copy)]
pub struct Loose<'p> {
    /// The scope that it stands in.
    pub scope: usize,
    /// Of what.
    pub base: &'p Expression,
    /// What it becomes.
    pub value: &'p Expression,
}

/// What a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file, or the files of a folder.
    Module,
    /// A class.
    Class,
    /// A function or closure.
    Function,
}

/// A module, class or function, with what is bound in it.
#[derive(Debug)]
pub struct Scope<'p> {
    /// What it is.
    pub kind: Kind,
    /// Its file; of a folder's module, the first.
    pub unit: usize,
    /// What it stands in.
    pub parent: Option<usize>,
    /// Its name.
    pub name: &'p str,
    /// The function.
    pub function: Option<&'p Function>,
    /// The class.
    pub class: Option<&'p Class>,
    /// Its statements.
    pub bodies: Vec<&'p [Statement]>,
    /// What names are bound to.
    pub bindings: HashMap<&'p str, Vec<Binding<'p>>>,
    /// What comes from elsewhere, by its name here.
    pub imports: HashMap<&'p str, Vec<(usize, &'p Import)>>,
    /// What it gives back.
    pub returns: Vec<&'p Expression>,
    /// Its calls.
    pub calls: Vec<&'p Expression>,
    /// Of a class: what its methods set on themselves.
    pub attributes: HashMap<&'p str, Vec<Attribute<'p>>>,
    /// The call that a closure is an argument of.
    pub passed: Option<(&'p Expression, usize)>,
}

/// An attribute that a method sets.
#[derive(Debug, Clone)]
pub struct Attribute<'p> {
    /// The method.
    pub scope: usize,
    /// What it becomes; `None` where only its type is known.
    pub value: Option<&'p Expression>,
    /// Which element of it.
    pub path: Vec<usize>,
    /// Its type as text.
    pub annotation: Option<&'p str>,
}

/// What a name is bound to at one place.
#[derive(Debug, Clone)]
pub struct Binding<'p> {
    /// To what.
    pub bound: Bound<'p>,
    /// Which element of it, and which of that.
    pub path: Vec<usize>,
    /// Where alone it holds: a comprehension.
    pub within: Option<Range<u32>>,
    /// Its type as text.
    pub annotation: Option<&'p str>,
}

/// What a name is bound to.
#[derive(Debug, Clone, Copy)]
pub enum Bound<'p> {
    /// A value.
    Value(&'p Expression),
    /// Each element of a value.
    Element(&'p Expression),
    /// What it was, changed by an operator and a value.
    Augmented(&'p str, &'p Expression),
    /// Nothing yet.
    Declared,
    /// A function or class, by scope.
    Scope(usize),
    /// A value under a name: `x[a] = b`. Not a binding of its own.
    Stored(&'p Expression, &'p Expression),
    /// A further element of a list, or with `true` the elements of another. Not a binding of its own.
    Appended(&'p Expression, bool),
}

impl<'p> Program<'p> {
    /// Puts the files together.
    #[must_use]
    pub fn new(sources: &'p [Source]) -> Self {
        let mut program = Self { sources, ..Self::default() };
        for (index, source) in sources.iter().enumerate() {
            let path = normal(&source.unit.path.to_string_lossy());
            let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
            let key = if source.language.folder_is_module { format!("{folder}/") } else { path.clone() };
            let module = *program.by_path.entry(key).or_insert_with(|| {
                program.scopes.push(Scope::new(Kind::Module, index, None, ""));
                program.scopes.len() - 1
            });
            program.module_of.push(module);
            let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name).to_owned();
            program.by_file_name.entry(name).or_default().push(path.clone());
            program.by_path.insert(path, module);
            if source.language.folder_is_module {
                let last = folder.rsplit_once('/').map_or(folder.as_str(), |(_, last)| last).to_owned();
                let folders = program.by_file_name.entry(last).or_default();
                if !folders.contains(&folder) {
                    folders.push(folder.clone());
                }
                program.by_path.insert(folder, module);
            }
        }
        for (index, source) in sources.iter().enumerate() {
            let Some(&module) = program.module_of.get(index) else { continue };
            let mut walk = Walk { program: &mut program, unit: index, depth: 0 };
            for import in &source.unit.imports {
                walk.import(module, import);
            }
            walk.program.scopes[module].bodies.push(&source.unit.body);
            walk.statements(module, &source.unit.body);
        }
        program
    }

    /// The module that a scope stands in.
    #[must_use]
    pub fn module(&self, mut scope: usize) -> usize {
        while let Some(parent) = self.scopes[scope].parent {
            scope = parent;
        }
        scope
    }

    /// Does a scope stand inside another?
    #[must_use]
    pub fn is_inside(&self, mut scope: usize, outer: usize) -> bool {
        while let Some(parent) = self.scopes[scope].parent {
            if parent == outer {
                return true;
            }
            scope = parent;
        }
        false
    }

    /// The language of a scope.
    #[must_use]
    pub fn language(&self, scope: usize) -> &'static Language {
        self.sources[self.scopes[scope].unit].language
    }

    /// The nearest class around a scope.
    #[must_use]
    pub fn class_of(&self, scope: usize) -> Option<usize> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            if self.scopes[scope].kind == Kind::Class {
                return Some(scope);
            }
            at = self.scopes[scope].parent;
        }
        None
    }
}

/// A path with `/` and without `.` and `..` where they can be taken away.
#[must_use]
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.replace('\\', "/");
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl<'p> Scope<'p> {
    fn new(kind: Kind, unit: usize, parent: Option<usize>, name: &'p str) -> Self {
        Self {
            kind,
            unit,
            parent,
            name,
            function: None,
            class: None,
            bodies: Vec::new(),
            bindings: HashMap::new(),
            imports: HashMap::new(),
            returns: Vec::new(),
            calls: Vec::new(),
            attributes: HashMap::new(),
            passed: None,
        }
    }

    /// Its parameters.
    #[must_use]
    pub fn parameters(&self) -> &'p [Parameter] {
        self.function.map_or(&[], |function| &function.parameters)
    }
}

struct Walk<'a, 'p> {
    program: &'a mut Program<'p>,
    unit: usize,
    depth: u32,
}

impl<'p> Walk<'_, 'p> {
    fn import(&mut self, module: usize, import: &'p Import) {
        if let Some(name) = &import.name
            && *name != import.alias
        {
            self.program.aliases.entry(name).or_default().push(&import.alias);
        }
        let unit = self.unit;
        self.program.scopes[module].imports.entry(&import.alias).or_default().push((unit, import));
    }

    fn statements(&mut self, scope: usize, body: &'p [Statement]) {
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
                self.target(scope, target, bound, &mut Vec::new(), annotation.as_deref(), None);
                if let Some(value) = value {
                    self.expression(scope, value);
                }
            }
            Statement::Augment { target, operator, value } => {
                self.target(scope, target, Bound::Augmented(operator, value), &mut Vec::new(), None, None);
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
                self.target(scope, target, Bound::Element(over), &mut Vec::new(), None, None);
                self.expression(scope, over);
                self.statements(scope, body);
            }
            Statement::Block(body) => self.statements(scope, body),
            Statement::Function(function) => {
                let inner = self.function(scope, function);
                self.bind(scope, &function.name, Bound::Scope(inner), Vec::new(), None, None);
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
        self.bind(scope, &class.name, Bound::Scope(inner), Vec::new(), None, None);
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

    fn bind(
        &mut self,
        scope: usize,
        name: &'p str,
        bound: Bound<'p>,
        path: Vec<usize>,
        annotation: Option<&'p str>,
        within: Option<Range<u32>>,
    ) {
        let binding = Binding { bound, path, within, annotation };
        self.program.scopes[scope].bindings.entry(name).or_default().push(binding);
    }

    fn target(
        &mut self,
        scope: usize,
        target: &'p Expression,
        bound: Bound<'p>,
        path: &mut Vec<usize>,
        annotation: Option<&'p str>,
        within: Option<&Range<u32>>,
    ) {
        match &target.form {
            Form::Name(name) => self.bind(scope, name, bound, path.clone(), annotation, within.cloned()),
            Form::List(targets) if path.len() < 4 => {
                for (index, target) in targets.iter().enumerate() {
                    path.push(index);
                    self.target(scope, target, bound, path, None, within);
                    path.pop();
                }
            }
            Form::Attribute(base, name) => {
                let value = if let Bound::Value(value) = bound { Some(value) } else { None };
                self.attribute(scope, base, name, value, path, annotation);
                self.expression(scope, base);
            }
            Form::Index(base, key) => {
                if let (Form::Name(name), Bound::Value(value)) = (&base.form, bound) {
                    self.bind(scope, name, Bound::Stored(key, value), path.clone(), None, None);
                }
                self.expression(scope, base);
                self.expression(scope, key);
            }
            _ => self.expression(scope, target),
        }
    }

    fn attribute(
        &mut self,
        scope: usize,
        base: &'p Expression,
        name: &'p str,
        value: Option<&'p Expression>,
        path: &[usize],
        annotation: Option<&'p str>,
    ) {
        let receiver = if let Form::Name(base) = &base.form { self.receiver(scope, base) } else { None };
        match (receiver, value) {
            (Some(class), value) => {
                let attribute = Attribute { scope, value, path: path.to_vec(), annotation };
                self.program.scopes[class].attributes.entry(name).or_default().push(attribute);
            }
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
                    let within = &expression.span;
                    self.target(scope, target, Bound::Element(over), &mut Vec::new(), None, Some(within));
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
        let (Form::Name(name), Some(argument)) = (&base.form, arguments.last()) else { return };
        let methods = self.program.sources[self.unit].language.clients.methods;
        let extends = match methods.iter().find(|(known, _)| known == method) {
            Some((_, Operation::Append)) => false,
            Some((_, Operation::Extend)) => true,
            _ => return,
        };
        self.bind(scope, name, Bound::Appended(&argument.value, extends), Vec::new(), None, None);
    }
}

/// The last name of a path: `b` of `a.b`.
#[must_use]
pub fn last_name(expression: &Expression) -> Option<&str> {
    match &expression.form {
        Form::Name(name) | Form::Attribute(_, name) => Some(name),
        _ => None,
    }
}
