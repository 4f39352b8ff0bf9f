//! The calls that may be commands: by the names of methods, methods under other names and lists of commands, before anything is
//! evaluated.

use crate::extract::code::index::{Bound, Kind, Program, Scope};
use crate::extract::code::languages::{Clients, Gives, Operation, Role, UNKNOWN_METHOD, Whole, Word, Words};
use crate::extract::code::maps::{HashMap, HashSet};
use crate::extract::code::program::{Argument, Expression, Form};

/// A call that may be a command, with its words by what it is called on.
#[derive(Debug, Default)]
pub(super) struct Candidate<'p> {
    /// The argument that is the method (`to_thread(r.get, key)`), if it is not what is called.
    pub(super) mentioned: Option<usize>,
    pub(super) words: Vec<(Role, Words)>,
    pub(super) whole: Option<Whole>,
    /// The method that what is called is another name for, here or in another file: `get = r.get`.
    pub(super) kept: Option<&'p Expression>,
    /// The list of commands that it is given: `pipeline(commands)`.
    pub(super) list: Option<&'p Expression>,
}

impl<'p> Candidate<'p> {
    /// What may be a method of a client: what is called, or an argument, and what that is another name for.
    pub(super) fn called(
        &self,
        callee: &'p Expression,
        arguments: &'p [Argument],
    ) -> impl Iterator<Item = &'p Expression> {
        let called = match self.mentioned {
            Some(at) => arguments.get(at).map(|argument| &argument.value),
            None => Some(callee),
        };
        [called, self.kept].into_iter().flatten()
    }
}

/// Calls that may be commands. They hold expressions of their own, so they must live as long as the program.
#[derive(Debug, Default)]
pub struct Candidates<'p> {
    /// By scope and the number of the call in it.
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
            let mut add = |candidate| all.by_scope.push((scope_id, index, candidate));
            let outermost = !inner.contains(&std::ptr::from_ref(*call));
            if let Some(whole) = clients.whole.filter(|_| outermost).and_then(|whole| whole(call)) {
                add(Candidate { whole: Some(whole), ..Candidate::default() });
                continue;
            }
            for method in keeping(program, scope_id, callee, &kept) {
                let Form::Attribute(_, name) = &method.form else { continue };
                let words = words_of(clients, name, arguments);
                if !words.is_empty() {
                    add(Candidate { words, kept: Some(method), ..Candidate::default() });
                }
            }
            let mut unknown = false;
            let words = match &callee.form {
                Form::Attribute(base, method) if !grows_list(clients, method, arguments) && !is_rest(scope, base) => {
                    if let [list] = arguments.as_slice()
                        && clients.lists.contains(&method.as_str())
                    {
                        add(Candidate { list: Some(&list.value), ..Candidate::default() });
                    }
                    unknown = method == UNKNOWN_METHOD;
                    let mut words = words_of(clients, method, arguments);
                    words.extend(lock(clients, method, arguments));
                    words
                }
                _ => Vec::new(),
            };
            let script = arguments.iter().any(|argument| argument.name.as_deref() == Some("keys"));
            if !words.is_empty() || script || unknown {
                add(Candidate { words, ..Candidate::default() });
            }
            for (at, argument) in arguments.iter().enumerate() {
                if let Form::Attribute(_, method) = &argument.value.form {
                    let words = words_of(clients, method, arguments.get(at + 1..).unwrap_or_default());
                    if !words.is_empty() {
                        add(Candidate { mentioned: Some(at), words, ..Candidate::default() });
                    }
                }
            }
        }
    }
    all
}

/// Is it what adds an element to a list: `APPEND` takes a key and a value?
fn grows_list(clients: &Clients, method: &str, arguments: &[Argument]) -> bool {
    let appends = |(known, operation): &(&str, Operation)| *known == method && *operation == Operation::Append;
    matches!(arguments, [only] if !only.spread) && clients.methods.iter().any(appends)
}

/// Is it what is left of the arguments, `**options`: a map or a list, whatever it is called with?
fn is_rest(scope: &Scope<'_>, base: &Expression) -> bool {
    let Form::Name(name) = &base.form else { return false };
    !scope.bindings.contains_key(name.as_str())
        && scope.parameters().iter().any(|parameter| parameter.rest && parameter.name == *name)
}

/// The words of a method, by what it is called on.
fn words_of(clients: &Clients, method: &str, arguments: &[Argument]) -> Vec<(Role, Words)> {
    ROLES.iter().filter_map(|role| Some((*role, (clients.command)(*role, method, arguments)?))).collect()
}

/// A lock of the library is a key that is set for a while.
fn lock(clients: &Clients, method: &str, arguments: &[Argument]) -> Option<(Role, Words)> {
    let locks = |(name, gives): &(&str, Gives)| *name == method && *gives == Gives::Object(Role::Lock);
    if !clients.gives.iter().any(locks) {
        return None;
    }
    let key = arguments.first()?;
    let option = arguments.iter().find(|argument| argument.name.as_deref() == Some("timeout"));
    let mut words =
        vec![Word::Literal("SET".to_owned()), Word::Value(key.value.clone()), Word::Literal("lock".to_owned())];
    words.push(Word::Literal("NX".to_owned()));
    words.extend(option.map(|option| Word::Option("EX", option.value.clone())));
    Some((Role::Client, words))
}

/// The call that a method is called on: the next one inwards of a chain.
fn chained(call: &Expression) -> Option<*const Expression> {
    let Form::Call(callee, _) = &call.form else { return None };
    let Form::Attribute(base, _) = &callee.form else { return None };
    matches!(base.form, Form::Call(..)).then(|| std::ptr::from_ref(&**base))
}

/// Methods that are kept under a name of a file, `getAsync = client.get`, or of an object, by that name.
fn kept_methods<'p>(program: &Program<'p>) -> HashMap<&'p str, Vec<&'p Expression>> {
    let mut kept: HashMap<&str, Vec<&Expression>> = HashMap::default();
    let mut keep = |name: &'p str, value: &'p Expression| {
        let Form::Attribute(_, method) = &value.form else { return };
        let same = |known: &&Expression| matches!(&known.form, Form::Attribute(_, known) if known == method);
        if method != name {
            let methods = kept.entry(name).or_default();
            if !methods.iter().any(same) {
                methods.push(value);
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

/// The methods that what is called may be another name for: the one that is bound to it here, else those of all files.
fn keeping<'p>(
    program: &Program<'p>,
    scope: usize,
    callee: &Expression,
    kept: &HashMap<&'p str, Vec<&'p Expression>>,
) -> Vec<&'p Expression> {
    let (name, here) = match &callee.form {
        Form::Name(name) => (name.as_str(), visible(program, scope, name)),
        Form::Attribute(_, name) => (name.as_str(), None),
        _ => return Vec::new(),
    };
    // `drop = self._drop` is a name for what that is.
    let name = match here.map(|method| &method.form) {
        Some(Form::Attribute(_, name)) => name,
        _ => name,
    };
    here.into_iter().chain(kept.get(name).into_iter().flatten().copied()).collect()
}

/// The method that a name stands for where it is seen: `get = r.get`.
pub(super) fn visible<'p>(program: &Program<'p>, scope: usize, name: &str) -> Option<&'p Expression> {
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
