//! Which calls of a program are commands of Redis, on which keys, through which clients.
//!
//! In: a [`Program`]. Out: a [`Found`] for each command, place and way to come to it. What a client's method means as words, the
//! language says; what the words do, the table of commands says.

mod bounds;
mod evidence;
mod lua;
mod reading;
mod sockets;
mod words;

use std::collections::{HashMap, HashSet};

use super::evaluate::Evaluator;
use super::evaluate::value::{Bus, Text, Value};
use super::index::{Bound, Program, Site};
use super::languages::{Gives, Role, Whole, Word, Words};
use super::program::{Argument, Expression, Form};
use crate::extract::{Certainty, Kind, Mode};
use evidence::Evidence;
use sockets::raw_sockets;

/// One command on one key or channel, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The scope of the call.
    pub scope: usize,
    /// Its line.
    pub line: u32,
    /// Key or channel.
    pub kind: Kind,
    /// The name.
    pub name: Text,
    /// What is known of the bus.
    pub bus: Bus,
    /// The command.
    pub command: String,
    /// What it does.
    pub mode: Mode,
    /// The type of the key in the registry's words, if the command tells.
    pub redis_type: Option<&'static str>,
    /// The TTL that it gives.
    pub ttl: Option<String>,
    /// The bound that it keeps.
    pub bound: Option<String>,
    /// The configuration variables that TTL and bound name.
    pub config: Vec<Config>,
    /// The key as written.
    pub written: Option<String>,
    /// How sure it is.
    pub certainty: Certainty,
}

/// A configuration variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Config {
    /// Its name.
    pub name: String,
    /// Its type in the registry's words.
    pub kind: &'static str,
    /// Its default, if there is one.
    pub default: Option<String>,
}

/// A call that may be a command, with its words by what it is called on.
#[derive(Debug)]
struct Candidate<'p> {
    /// The method, where it was given a name before: `get = r.get`.
    bound: Option<&'p Expression>,
    /// The argument that is the method (`to_thread(r.get, key)`), if it is not what is called.
    mentioned: Option<usize>,
    words: Vec<(Role, Words)>,
    whole: Option<Whole>,
    /// The method that another file keeps under the name of what is called: `export const getAsync = client.get`.
    kept: Option<String>,
}

/// All candidates of a program. They are made first, so that they live as long as what is evaluated.
#[derive(Debug, Default)]
pub struct Candidates<'p> {
    by_scope: Vec<(usize, usize, Candidate<'p>)>,
}

const ROLES: &[Role] = &[Role::Client, Role::Pipeline, Role::PubSub];

/// The calls that may be commands, and the expressions that they are.
pub fn candidates<'p>(program: &Program<'p>) -> Candidates<'p> {
    let mut all = Candidates::default();
    let kept = kept_methods(program);
    for (scope_id, scope) in program.scopes.iter().enumerate() {
        let clients = program.language(scope_id).clients;
        let inner: HashSet<*const Expression> = scope.calls.iter().filter_map(|call| chained(call)).collect();
        for (index, call) in scope.calls.iter().enumerate() {
            let Form::Call(callee, arguments) = &call.form else { continue };
            let outermost = !inner.contains(&std::ptr::from_ref(*call));
            if let Some(whole) = clients.whole.filter(|_| outermost).and_then(|whole| whole(call)) {
                all.by_scope.push((
                    scope_id,
                    index,
                    Candidate { bound: None, mentioned: None, words: Vec::new(), whole: Some(whole), kept: None },
                ));
                continue;
            }
            let of = |method: &str, arguments: &[Argument]| -> Vec<(Role, Words)> {
                let words = |role: &Role| Some((*role, (clients.command)(*role, method, arguments)?));
                ROLES.iter().filter_map(words).collect()
            };
            let words = match &callee.form {
                Form::Attribute(_, method) => {
                    let mut words = of(method, arguments);
                    let locks =
                        clients.gives.iter().any(|(name, gives)| name == method && *gives == Gives::Object(Role::Lock));
                    if locks && let Some(key) = arguments.first() {
                        let option = arguments.iter().find(|argument| argument.name.as_deref() == Some("timeout"));
                        let mut lock = vec![
                            Word::Literal("SET".to_owned()),
                            Word::Value(key.value.clone()),
                            Word::Literal("lock".to_owned()),
                        ];
                        lock.push(Word::Literal("NX".to_owned()));
                        lock.extend(option.map(|option| Word::Option("EX", option.value.clone())));
                        words.push((Role::Client, lock));
                    }
                    words
                }
                _ => Vec::new(),
            };
            if let Form::Name(name) = &callee.form
                && let Some(bound) = bound_method(program, scope_id, name)
                && let Form::Attribute(_, method) = &bound.form
            {
                let words = of(method, arguments);
                if !words.is_empty() {
                    all.by_scope.push((
                        scope_id,
                        index,
                        Candidate { bound: Some(bound), mentioned: None, words, whole: None, kept: None },
                    ));
                }
            }
            let elsewhere = match &callee.form {
                Form::Name(name) if bound_method(program, scope_id, name).is_none() => Some(name.as_str()),
                Form::Attribute(_, name) => Some(name.as_str()),
                _ => None,
            };
            for method in elsewhere.and_then(|name| kept.get(name)).into_iter().flatten() {
                let words = of(method, arguments);
                if !words.is_empty() {
                    let kept = Some((*method).to_owned());
                    all.by_scope.push((
                        scope_id,
                        index,
                        Candidate { bound: None, mentioned: None, words, whole: None, kept },
                    ));
                }
            }
            let script = arguments.iter().any(|argument| argument.name.as_deref() == Some("keys"));
            if !words.is_empty() || script {
                all.by_scope.push((
                    scope_id,
                    index,
                    Candidate { bound: None, mentioned: None, words, whole: None, kept: None },
                ));
            }
            for (at, argument) in arguments.iter().enumerate() {
                if let Form::Attribute(_, method) = &argument.value.form {
                    let words = of(method, arguments.get(at + 1..).unwrap_or_default());
                    if !words.is_empty() {
                        all.by_scope.push((
                            scope_id,
                            index,
                            Candidate { bound: None, mentioned: Some(at), words, whole: None, kept: None },
                        ));
                    }
                }
            }
        }
    }
    all
}

/// The call that a method is called on: the next one inwards of a chain.
fn chained(call: &Expression) -> Option<*const Expression> {
    let Form::Call(callee, _) = &call.form else { return None };
    let Form::Attribute(base, _) = &callee.form else { return None };
    matches!(base.form, Form::Call(..)).then(|| std::ptr::from_ref(&**base))
}

/// Methods that are kept under a name of a file, `getAsync = client.get`, by that name.
fn kept_methods<'p>(program: &Program<'p>) -> HashMap<&'p str, Vec<&'p str>> {
    let mut kept: HashMap<&str, Vec<&str>> = HashMap::new();
    let modules = program.scopes.iter().filter(|scope| scope.kind == super::index::Kind::Module);
    for (name, bindings) in modules.flat_map(|scope| &scope.bindings) {
        for binding in bindings {
            if let Bound::Value(Expression { form: Form::Attribute(_, method), .. }) = binding.bound
                && method != name
            {
                let methods = kept.entry(name).or_default();
                if !methods.contains(&method.as_str()) {
                    methods.push(method);
                }
            }
        }
    }
    kept
}

/// The method that a name stands for: `get = r.get`.
fn bound_method<'p>(program: &Program<'p>, scope: usize, name: &str) -> Option<&'p Expression> {
    let mut at = Some(scope);
    while let Some(scope) = at {
        let scope = &program.scopes[scope];
        if let Some(bindings) = scope.bindings.get(name) {
            return bindings.iter().find_map(|binding| match binding.bound {
                Bound::Value(value) if binding.path.is_empty() && matches!(value.form, Form::Attribute(..)) => {
                    Some(value)
                }
                _ => None,
            });
        }
        at = scope.parent;
    }
    None
}

/// What was found, and what could not be told.
#[derive(Debug, Default)]
pub struct Calls {
    /// Commands on keys and channels.
    pub found: Vec<Found>,
    /// Calls whose keys could not be told: scope, the call, why.
    pub unresolved: Vec<(usize, u32, String, String)>,
}

/// All commands of a program.
/// `apart`: what tests give does not tell of what runs in production; all scopes of tests, or none where they count too.
pub fn calls<'p>(program: &'p Program<'p>, candidates: &'p Candidates<'p>, apart: HashSet<usize>) -> Calls {
    let mut evaluator = Evaluator::new(program);
    evaluator.apart = apart;
    let evidence = Evidence::new(program);
    let mut calls = Calls::default();
    for (scope, index, candidate) in &candidates.by_scope {
        let Some(expression) = program.scopes[*scope].calls.get(*index) else { continue };
        let mut visit = Visit {
            evaluator: &mut evaluator,
            evidence: &evidence,
            site: Site { scope: *scope, expression },
            candidate,
            start: calls.found.len(),
            calls: &mut calls,
        };
        visit.all();
    }
    raw_sockets(program, &mut calls);
    calls
}

struct Visit<'a, 'p> {
    evaluator: &'a mut Evaluator<'p>,
    evidence: &'a Evidence<'p>,
    site: Site<'p>,
    candidate: &'p Candidate<'p>,
    /// Where what this call gives begins.
    start: usize,
    calls: &'a mut Calls,
}

/// A client that a call goes through.
struct Through {
    role: Role,
    bus: Bus,
    text: Option<Text>,
    certainty: Certainty,
    /// By its name alone, and a method that others have too.
    weak: bool,
}

impl<'p> Visit<'_, 'p> {
    fn all(&mut self) {
        let open = self.evaluator.open(self.site.scope);
        let visit = &mut *self;
        let mut first = Calls::default();
        let scope = visit.site.scope;
        let expression = visit.site;
        let candidate = visit.candidate;
        let evidence = visit.evidence;
        let ((), touched) = visit
            .evaluator
            .ask(|evaluator| Frame { evaluator, evidence, site: expression, candidate, calls: &mut first }.run(open));
        if first.found.is_empty() && first.unresolved.is_empty() && !(touched.arguments || touched.this) {
            return;
        }
        let contexts =
            if touched.arguments || touched.this { self.evaluator.contexts(scope, touched) } else { Vec::new() };
        if contexts.is_empty() {
            self.take(first);
            return;
        }
        for frame in contexts {
            let mut found = Calls::default();
            self.evaluator.ask(|evaluator| {
                Frame { evaluator, evidence, site: expression, candidate, calls: &mut found }.run(frame)
            });
            self.take(found);
        }
    }

    fn take(&mut self, found: Calls) {
        for one in found.found {
            if !self.calls.found[self.start..].contains(&one) {
                self.calls.found.push(one);
            }
        }
        for one in found.unresolved {
            if !self.calls.unresolved.contains(&one) {
                self.calls.unresolved.push(one);
            }
        }
    }
}

/// One call in one frame.
pub(super) struct Frame<'a, 'p> {
    evaluator: &'a mut Evaluator<'p>,
    evidence: &'a Evidence<'p>,
    site: Site<'p>,
    candidate: &'p Candidate<'p>,
    calls: &'a mut Calls,
}

impl<'p> Frame<'_, 'p> {
    fn run(&mut self, frame: usize) {
        let Form::Call(callee, arguments) = &self.site.expression.form else { return };
        let candidate = self.candidate;
        if let Some(whole) = &candidate.whole {
            let through = match &whole.client {
                Some(client) => self.through(client, "", frame),
                None => Vec::new(),
            };
            let through = through.into_iter().next().unwrap_or(Through {
                role: Role::Client,
                bus: Bus::default(),
                text: None,
                certainty: Certainty::Certain,
                weak: false,
            });
            self.command(&whole.words, &Through { weak: false, ..through }, frame);
            return;
        }
        let called = match candidate.mentioned {
            Some(at) => match arguments.get(at) {
                Some(argument) => &argument.value,
                None => return,
            },
            None => candidate.bound.unwrap_or(callee),
        };
        if let Some(method) = &candidate.kept {
            for item in self.evaluator.value(callee, frame).iter() {
                let Value::Method(base, kept) = &item.value else { continue };
                let (Value::Object(role, bus, text), true) = (&**base, &**kept == method.as_str()) else { continue };
                let through = Through {
                    role: *role,
                    bus: bus.clone(),
                    text: text.clone(),
                    certainty: item.certainty,
                    weak: false,
                };
                if let Some((_, words)) = candidate.words.iter().find(|(role, _)| *role == through.role) {
                    self.command(words, &through, frame);
                }
            }
            return;
        }
        if candidate.words.is_empty() {
            self.script(called, arguments, frame);
            return;
        }
        let Form::Attribute(base, method) = &called.form else { return };
        for through in self.through(base, method, frame) {
            let words = candidate.words.iter().find(|(role, _)| *role == through.role);
            if let Some((_, words)) = words {
                self.command(words, &through, frame);
            }
        }
        if candidate.mentioned.is_none() {
            self.script(called, arguments, frame);
        }
    }

    /// The clients that an expression may be.
    fn through(&mut self, base: &'p Expression, method: &str, frame: usize) -> Vec<Through> {
        let values = self.evaluator.value(base, frame);
        let mut all: Vec<Through> = Vec::new();
        let mut other = false;
        for item in values.iter() {
            match &item.value {
                Value::Object(role, bus, text) => all.push(Through {
                    role: *role,
                    bus: bus.clone(),
                    text: text.clone(),
                    certainty: item.certainty,
                    weak: false,
                }),
                Value::Instance(class, _) => {
                    let own = self.evaluator.program.scopes[*class].bindings.contains_key(method);
                    if let Some(role) = self.evaluator.extends_client(*class).filter(|_| !own) {
                        let bus = self.evaluator.embedded_bus(&item.value);
                        all.push(Through { role, bus, text: None, certainty: item.certainty, weak: false });
                    }
                    other = true;
                }
                Value::Null => {}
                value => other |= !value.is_hole(),
            }
        }
        if !all.is_empty() || other {
            return all;
        }
        // Nothing is known of it: its name is the last resort.
        self.evidence
            .by_name(self.evaluator.program, self.site.scope, base, method)
            .into_iter()
            .map(|(role, bus, weak)| Through { role, bus, text: None, certainty: Certainty::Likely, weak })
            .collect()
    }

    /// A script that is called with its keys.
    fn script(&mut self, called: &'p Expression, arguments: &'p [Argument], frame: usize) {
        let Some(keys) = arguments.iter().find(|argument| argument.name.as_deref() == Some("keys")) else { return };
        if !matches!(called.form, Form::Name(_) | Form::Attribute(..)) {
            return;
        }
        let values = self.evaluator.value(called, frame);
        for item in values.iter() {
            let Value::Object(Role::Script, bus, text) = &item.value else { continue };
            let expanded = self.list(&keys.value, frame);
            let through = Through {
                role: Role::Script,
                bus: bus.clone(),
                text: text.clone(),
                certainty: item.certainty,
                weak: false,
            };
            self.scripted("EVALSHA", through.text.as_ref(), &expanded, &through);
        }
    }

    fn text_of(&self, expression: &Expression) -> String {
        let unit = &self.evaluator.program.sources[self.evaluator.program.scopes[self.site.scope].unit].unit;
        snippet(&unit.text, expression)
    }

    fn unresolved(&mut self, why: &str) {
        let text = self.text_of(self.site.expression);
        self.calls.unresolved.push((self.site.scope, self.site.expression.line, text, why.to_owned()));
    }
}

/// An expression as written, on one line and cut.
pub fn snippet(text: &str, expression: &Expression) -> String {
    let range = expression.span.start as usize..expression.span.end as usize;
    let written = text.get(range).unwrap_or_default();
    let line: Vec<&str> = written.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() > 160 { line.chars().take(157).chain("...".chars()).collect() } else { line }
}
