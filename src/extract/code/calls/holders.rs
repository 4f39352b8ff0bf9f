//! The names that may hold a client, over all files: what makes one, what is set to such a name, given for it or gives it back.
//!
//! It follows names alone, whatever they stand for at a place, and so finds too many. What no such name is called on is no command,
//! and need not be evaluated: of large trees, nearly all calls of `get` and `set`.

use std::collections::{HashMap, HashSet};

use crate::extract::code::evaluate::inside;
use crate::extract::code::evaluate::value::tidy;
use crate::extract::code::index::{Bound, Kind, Program, last_name};
use crate::extract::code::languages::{Clients, Role};
use crate::extract::code::program::{Argument, Expression, Form, Parameter, Statement};

/// Expressions deeper than this are not looked into.
const DEPTH: u32 = 40;

/// The names that may hold a client.
pub(super) struct Holders<'p> {
    names: HashSet<&'p str>,
}

/// What leads from one name to others.
struct Edges<'p> {
    to: HashMap<&'p str, Vec<&'p str>>,
    /// Functions and classes of the program.
    own: HashSet<&'p str>,
    sources: Vec<&'p str>,
}

impl<'p> Holders<'p> {
    pub(super) fn new(program: &Program<'p>) -> Self {
        let mut edges = Edges { to: HashMap::new(), own: HashSet::new(), sources: Vec::new() };
        let by_name = edges.parameters(program);
        let mut names = edges.imported(program);
        for (id, scope) in program.scopes.iter().enumerate() {
            let clients = program.language(id).clients;
            edges.scope(program, id, clients);
            for call in &scope.calls {
                let Form::Call(callee, arguments) = &call.form else { continue };
                edges.given(callee, arguments, &by_name, clients);
            }
        }
        for loose in program.loose.iter().flat_map(|(name, all)| all.iter().map(move |loose| (name, loose))) {
            let clients = program.language(loose.1.scope).clients;
            edges.assigned(loose.0, loose.1.value, clients);
        }
        for site in program.constructs.values().flatten() {
            let clients = program.language(site.scope).clients;
            if let Form::Construct(_, fields) = &site.expression.form {
                fields.iter().for_each(|(name, value)| edges.assigned(name, value, clients));
            }
        }
        let mut ahead: Vec<&str> = names.iter().copied().collect();
        while let Some(name) = ahead.pop() {
            for next in edges.to.get(name).into_iter().flatten() {
                if names.insert(next) {
                    ahead.push(next);
                }
            }
        }
        Self { names }
    }

    /// Whether what a method is called on may be a client.
    pub(super) fn may_be(&self, program: &Program<'p>, scope: usize, base: &Expression) -> bool {
        self.holds(program, scope, base, 0)
    }

    fn holds(&self, program: &Program<'p>, scope: usize, base: &Expression, depth: u32) -> bool {
        let clients = program.language(scope).clients;
        let known = |name: &str| self.names.contains(name) || named_so(name, clients);
        if depth > DEPTH {
            return true;
        }
        let inner = |base: &Expression| self.holds(program, scope, base, depth + 1);
        match &base.form {
            Form::Name(name) => known(name) || self.is_receiver(program, scope, name),
            Form::Attribute(_, name) => known(name),
            Form::Call(callee, arguments) => {
                let chained = if let Form::Attribute(base, _) = &callee.form { inner(base) } else { false };
                chained
                    || last_name(callee).is_none_or(known)
                    || arguments.iter().any(|argument| inner(&argument.value))
            }
            Form::Index(base, key) => inner(base) || matches!(&key.form, Form::Text(name) if known(name)),
            Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null | Form::Template(_) => false,
            Form::Map(entries) => entries.iter().any(|(_, value)| inner(value)),
            Form::List(parts) => parts.iter().any(inner),
            _ => true,
        }
    }

    /// Is it the object of a class around that extends a client?
    fn is_receiver(&self, program: &Program<'p>, scope: usize, name: &str) -> bool {
        let mut at = Some(scope);
        while let Some(scope) = at {
            let here = &program.scopes[scope];
            if here.function.is_some_and(|function| function.receiver.as_deref() == Some(name)) {
                return program.class_of(scope).is_none_or(|class| self.names.contains(program.scopes[class].name));
            }
            at = here.parent;
        }
        false
    }
}

/// Is a name that of a client by itself?
fn named_so(name: &str, clients: &Clients) -> bool {
    let tidied = tidy(name);
    let plain = tidied.strip_prefix("get_").unwrap_or(&tidied);
    ["redis", "valkey", "rds"].iter().any(|word| plain.contains(word)) || clients.names.contains(&plain)
}

fn last(name: &str) -> &str {
    name.rsplit(['.', ':']).next().unwrap_or(name)
}

fn words(annotation: &str) -> impl Iterator<Item = &str> {
    annotation.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

impl<'p> Edges<'p> {
    /// The parameters of functions, by name; a class has those of its constructor.
    fn parameters(&mut self, program: &Program<'p>) -> HashMap<&'p str, Vec<&'p [Parameter]>> {
        let mut parameters: HashMap<&str, Vec<usize>> = HashMap::new();
        for (id, scope) in program.scopes.iter().enumerate() {
            self.own.insert(scope.name);
            if scope.kind != Kind::Function {
                continue;
            }
            parameters.entry(scope.name).or_default().push(id);
            if program.language(id).constructors.contains(&scope.name)
                && let Some(class) = program.class_of(id)
            {
                parameters.entry(program.scopes[class].name).or_default().push(id);
                parameters.entry("super").or_default().push(id);
            }
        }
        parameters
            .into_iter()
            .map(|(name, scopes)| {
                let mut seen = HashSet::new();
                let all = scopes.into_iter().map(|scope| program.scopes[scope].parameters());
                // Repeated functions have the same parameters.
                let own =
                    |list: &&'p [Parameter]| seen.insert(list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>());
                (name, all.filter(|list| !list.is_empty()).filter(own).collect())
            })
            .collect()
    }

    /// The names that stand for clients by where they come from.
    fn imported(&mut self, program: &Program<'p>) -> HashSet<&'p str> {
        let mut names: HashSet<&'p str> = HashSet::new();
        for source in program.sources {
            let clients = source.language.clients;
            for import in &source.unit.imports {
                if clients.modules.iter().any(|module| import.from == *module || inside(&import.from, module)) {
                    names.insert(&import.alias);
                }
                if let Some(name) = &import.name {
                    self.edge(name, &import.alias);
                }
            }
        }
        let mut seen: HashSet<&str> = HashSet::new();
        for source in program.sources {
            if seen.insert(source.language.name) {
                let clients = source.language.clients;
                names.extend(clients.makers.iter().flat_map(|maker| maker.names).map(|name| last(name)));
                names.extend(clients.types.iter().map(|(name, _)| *name));
            }
        }
        names
    }

    fn edge(&mut self, from: &'p str, to: &'p str) {
        let known = self.to.entry(from).or_default();
        // The same edges repeat in neighbouring files.
        if from != to && !known.iter().rev().take(64).any(|known| *known == to) {
            known.push(to);
        }
    }

    fn assigned(&mut self, name: &'p str, value: &'p Expression, clients: &Clients) {
        self.sources.clear();
        self.produced(value, clients, 0);
        for source in std::mem::take(&mut self.sources) {
            self.edge(source, name);
        }
    }

    fn typed(&mut self, name: &'p str, annotation: Option<&'p str>) {
        for word in annotation.into_iter().flat_map(words) {
            self.edge(word, name);
        }
    }

    fn declared(&mut self, parameter: &'p Parameter, clients: &Clients) {
        self.typed(&parameter.name, parameter.annotation.as_deref());
        if let Some(default) = &parameter.default {
            self.assigned(&parameter.name, default, clients);
        }
    }

    fn scope(&mut self, program: &Program<'p>, id: usize, clients: &Clients) {
        let scope = &program.scopes[id];
        for (name, binding) in scope.bindings.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one))) {
            self.typed(name, binding.annotation);
            match binding.bound {
                Bound::Value(value)
                | Bound::Element(value)
                | Bound::Augmented(_, value)
                | Bound::Stored(_, value)
                | Bound::Appended(value, _) => self.assigned(name, value, clients),
                Bound::Declared | Bound::Scope(_) => {}
            }
        }
        for (name, attribute) in scope.attributes.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one)))
        {
            self.typed(name, attribute.annotation);
            if let Some(value) = attribute.value {
                self.assigned(name, value, clients);
            }
        }
        for parameter in scope.parameters() {
            self.declared(parameter, clients);
        }
        if let Some(class) = scope.class {
            class.fields.iter().for_each(|field| self.declared(field, clients));
            for base in &class.bases {
                self.assigned(&class.name, base, clients);
            }
        }
        for value in &scope.returns {
            self.assigned(scope.name, value, clients);
        }
        self.typed(scope.name, scope.function.and_then(|function| function.returns.as_deref()));
        if let Some((call, _)) = scope.passed
            && let Form::Call(callee, arguments) = &call.form
        {
            // A closure is given what its call is made on, or what stands beside it.
            for parameter in scope.parameters() {
                if let Form::Attribute(base, _) = &callee.form {
                    self.assigned(&parameter.name, base, clients);
                }
                for argument in arguments.iter().filter(|argument| !matches!(argument.value.form, Form::Closure(_))) {
                    self.assigned(&parameter.name, &argument.value, clients);
                }
            }
        }
    }

    /// The parameters of what is called, and of functions that are given to it, hold the arguments.
    fn given(
        &mut self,
        callee: &'p Expression,
        arguments: &'p [Argument],
        by_name: &HashMap<&str, Vec<&'p [Parameter]>>,
        clients: &Clients,
    ) {
        let mentioned = arguments.iter().filter_map(|argument| last_name(&argument.value));
        let called: Vec<&str> = last_name(callee).into_iter().chain(mentioned).collect();
        for argument in arguments {
            self.sources.clear();
            self.produced(&argument.value, clients, 0);
            let sources = std::mem::take(&mut self.sources);
            if sources.is_empty() {
                continue;
            }
            if let Some(name) = &argument.name {
                sources.iter().for_each(|source| self.edge(source, name));
                continue;
            }
            for parameter in called.iter().filter_map(|name| by_name.get(name)).flatten().copied().flatten() {
                sources.iter().for_each(|source| self.edge(source, &parameter.name));
            }
        }
        if let Form::Attribute(base, _) = &callee.form {
            // `client.transaction(update)`: the function is given a pipeline.
            for parameter in called.iter().skip(1).filter_map(|name| by_name.get(name)).flatten().copied().flatten() {
                self.assigned(&parameter.name, base, clients);
            }
        }
    }

    /// The names that an expression may have its value from.
    fn produced(&mut self, expression: &'p Expression, clients: &Clients, depth: u32) {
        if depth > DEPTH {
            return;
        }
        match &expression.form {
            Form::Name(name) => self.sources.push(name),
            Form::Attribute(_, name) => self.sources.push(name),
            Form::Index(base, key) => {
                self.produced(base, clients, depth + 1);
                if let Form::Text(name) = &key.form {
                    self.sources.push(name);
                }
            }
            Form::Call(callee, arguments) => {
                let name = last_name(callee);
                self.sources.extend(name);
                // What own methods give back is known by their names.
                if let Form::Attribute(base, method) = &callee.form
                    && !self.own.contains(method.as_str())
                    && (clients.command)(Role::Client, method, arguments).is_none()
                {
                    self.produced(base, clients, depth + 1);
                }
                if name.is_none_or(|name| !self.own.contains(name)) {
                    arguments.iter().for_each(|argument| self.produced(&argument.value, clients, depth + 1));
                }
                if name.is_none() {
                    self.produced(callee, clients, depth + 1);
                }
            }
            Form::Construct(name, _) => self.sources.extend(last_name(name)),
            Form::Choice(parts) | Form::List(parts) | Form::Opaque(parts) => {
                parts.iter().for_each(|part| self.produced(part, clients, depth + 1));
            }
            Form::Map(entries) => {
                for (name, value) in entries {
                    self.produced(value, clients, depth + 1);
                    if let Some(Expression { form: Form::Text(name), .. }) = name {
                        let before = std::mem::take(&mut self.sources);
                        self.assigned(name, value, clients);
                        self.sources = before;
                    }
                }
            }
            Form::Comprehension { element, .. } => self.produced(element, clients, depth + 1),
            Form::Closure(function) => {
                for statement in &function.body {
                    if let Statement::Return(Some(value)) = statement {
                        self.produced(value, clients, depth + 1);
                    }
                }
            }
            Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null | Form::Template(_) | Form::Binary(..) => {}
        }
    }
}
