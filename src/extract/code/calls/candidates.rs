//! Calls that may be commands of Redis, by what they look like: methods, methods under other names, lists of commands.

use std::collections::{HashMap, HashSet};

use crate::extract::code::index::{Bound, Kind, Program};
use crate::extract::code::languages::{Gives, Role, UNKNOWN_METHOD, Whole, Word, Words};
use crate::extract::code::program::{Argument, Expression, Form};

/// A call that may be a command, with its words by what it is called on.
#[derive(Debug)]
pub(super) struct Candidate<'p> {
    /// The method, where it was given a name before: `get = r.get`.
    pub(super) bound: Option<&'p Expression>,
    /// The argument that is the method (`to_thread(r.get, key)`), if it is not what is called.
    pub(super) mentioned: Option<usize>,
    pub(super) words: Vec<(Role, Words)>,
    pub(super) whole: Option<Whole>,
    /// The method that another file keeps under the name of what is called: `export const getAsync = client.get`.
    pub(super) kept: Option<String>,
    /// The list of commands that it is given: `pipeline(commands)`.
    pub(super) list: Option<&'p Expression>,
}

/// All candidates of a program. They are made first, so that they live as long as what is evaluated.
#[derive(Debug, Default)]
pub struct Candidates<'p> {
    pub(super) by_scope: Vec<(usize, usize, Candidate<'p>)>,
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
                    Candidate {
                        bound: None,
                        mentioned: None,
                        words: Vec::new(),
                        whole: Some(whole),
                        kept: None,
                        list: None,
                    },
                ));
                continue;
            }
            let of = |method: &str, arguments: &[Argument]| -> Vec<(Role, Words)> {
                let words = |role: &Role| Some((*role, (clients.command)(*role, method, arguments)?));
                ROLES.iter().filter_map(words).collect()
            };
            if let (Form::Attribute(_, method), [list]) = (&callee.form, arguments.as_slice())
                && clients.lists.contains(&method.as_str())
            {
                all.by_scope.push((
                    scope_id,
                    index,
                    Candidate {
                        bound: None,
                        mentioned: None,
                        words: Vec::new(),
                        whole: None,
                        kept: None,
                        list: Some(&list.value),
                    },
                ));
            }
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
                        Candidate { bound: Some(bound), mentioned: None, words, whole: None, kept: None, list: None },
                    ));
                }
            }
            let elsewhere = match &callee.form {
                Form::Name(name) => match bound_method(program, scope_id, name).map(|bound| &bound.form) {
                    // `drop = self._drop`.
                    Some(Form::Attribute(_, method)) => kept.contains_key(method.as_str()).then_some(method.as_str()),
                    _ => Some(name.as_str()),
                },
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
                        Candidate { bound: None, mentioned: None, words, whole: None, kept, list: None },
                    ));
                }
            }
            let script = arguments.iter().any(|argument| argument.name.as_deref() == Some("keys"));
            let unknown = matches!(&callee.form, Form::Attribute(_, method) if method == UNKNOWN_METHOD);
            if !words.is_empty() || script || unknown {
                all.by_scope.push((
                    scope_id,
                    index,
                    Candidate { bound: None, mentioned: None, words, whole: None, kept: None, list: None },
                ));
            }
            for (at, argument) in arguments.iter().enumerate() {
                if let Form::Attribute(_, method) = &argument.value.form {
                    let words = of(method, arguments.get(at + 1..).unwrap_or_default());
                    if !words.is_empty() {
                        all.by_scope.push((
                            scope_id,
                            index,
                            Candidate { bound: None, mentioned: Some(at), words, whole: None, kept: None, list: None },
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

/// Methods that are kept under a name of a file, `getAsync = client.get`, or of an object, by that name.
fn kept_methods<'p>(program: &Program<'p>) -> HashMap<&'p str, Vec<&'p str>> {
    let mut kept: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut keep = |name: &'p str, value: &'p Expression| {
        if let Form::Attribute(_, method) = &value.form
            && method != name
        {
            let methods = kept.entry(name).or_default();
            if !methods.contains(&method.as_str()) {
                methods.push(method);
            }
        }
    };
    let modules = program.scopes.iter().filter(|scope| scope.kind == Kind::Module);
    for (name, bindings) in modules.flat_map(|scope| &scope.bindings) {
        for binding in bindings {
            if let Bound::Value(value) = binding.bound {
                keep(name, value);
            }
        }
    }
    // `self._get = self.r.get`.
    for (name, attributes) in program.scopes.iter().flat_map(|scope| &scope.attributes) {
        attributes.iter().filter_map(|attribute| attribute.value).for_each(|value| keep(name, value));
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
