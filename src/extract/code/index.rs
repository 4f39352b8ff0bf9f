//! All files as one program: its scopes, what each name in them is bound to, and all calls.
//!
//! In: units. Out: a [`Program`], which is read-only. It evaluates nothing.

mod walk;

use std::ops::Range;

use super::languages::Language;
use super::maps::HashMap;
use super::program::{Class, Expression, Form, Function, Import, Parameter, Statement, Unit};

use self::walk::Walk;

/// A file with its language.
#[derive(Debug)]
pub struct Source {
    /// What it holds.
    pub unit: Unit,
    /// Its language.
    pub language: &'static Language,
    /// Does it speak Redis, or may it?
    pub speaks: bool,
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
    /// Files and folders that are modules, by their last name, and by that with the folder around.
    pub by_end: HashMap<String, Vec<String>>,
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
    /// The functions and classes in each module.
    pub inner: Vec<Vec<usize>>,
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
    /// Is it a further element of a list, or with `true` the elements of another?
    pub appended: Option<bool>,
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
    /// The files alone, each of them a module with nothing in it.
    #[must_use]
    pub fn files(sources: &'p [Source]) -> Self {
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
            program.ends(&path);
            program.by_path.insert(path, module);
            if source.language.folder_is_module && program.by_path.insert(folder.clone(), module).is_none() {
                program.ends(&folder);
            }
        }
        program
    }

    /// Puts the files together, with what these of them hold.
    #[must_use]
    pub fn new(sources: &'p [Source], which: &[bool]) -> Self {
        let mut program = Self::files(sources);
        for (index, source) in sources.iter().enumerate().filter(|(index, _)| which[*index]) {
            let Some(&module) = program.module_of.get(index) else { continue };
            let mut walk = Walk { program: &mut program, unit: index, depth: 0 };
            for import in &source.unit.imports {
                walk.import(module, import);
            }
            walk.program.scopes[module].bodies.push(&source.unit.body);
            walk.statements(module, &source.unit.body);
        }
        program.inner = vec![Vec::new(); program.scopes.len()];
        for scope in 0..program.scopes.len() {
            let module = program.module(scope);
            program.inner[module].push(scope);
        }
        program
    }

    fn ends(&mut self, path: &str) {
        let last = path.rsplit_once('/').map_or(path, |(_, last)| last);
        for end in [last, end(path)].into_iter().take(if last == path { 1 } else { 2 }) {
            self.by_end.entry(end.to_owned()).or_default().push(path.to_owned());
        }
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

/// The last name of a path with the folder that it stands in: of many files, few have the same.
#[must_use]
pub fn end(path: &str) -> &str {
    let mut slashes = path.rmatch_indices('/');
    slashes.nth(1).map_or(path, |(at, _)| &path[at + 1..])
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
            bindings: HashMap::default(),
            imports: HashMap::default(),
            returns: Vec::new(),
            calls: Vec::new(),
            attributes: HashMap::default(),
            passed: None,
        }
    }

    /// Its parameters.
    #[must_use]
    pub fn parameters(&self) -> &'p [Parameter] {
        self.function.map_or(&[], |function| &function.parameters)
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
