//! What makes a name a client where nothing else is known of it: the name itself, together with an import of a Redis library, or
//! with a method that only Redis has.

use crate::extract::code::evaluate::value::{Bus, tidy};
use crate::extract::code::index::{Bound, Program, last_name};
use crate::extract::code::languages::Role;
use crate::extract::code::maps::{HashMap, HashSet};
use crate::extract::code::program::{Expression, Form};

/// Facts of all files.
pub(super) struct Evidence<'p> {
    /// Files that import a Redis library.
    speaks: HashSet<usize>,
    /// Names that are called a telling method, by file.
    telling: HashMap<usize, HashSet<&'p str>>,
}

impl<'p> Evidence<'p> {
    pub(super) fn new(program: &Program<'p>) -> Self {
        let mut evidence = Self { speaks: HashSet::default(), telling: HashMap::default() };
        for (unit, source) in program.sources.iter().enumerate() {
            let clients = source.language.clients;
            let of_redis = |from: &str| {
                clients
                    .modules
                    .iter()
                    .any(|module| from == *module || crate::extract::code::evaluate::inside(from, module))
            };
            if source.unit.imports.iter().any(|import| of_redis(&import.from)) {
                evidence.speaks.insert(unit);
            }
        }
        for scope in &program.scopes {
            let clients = program.sources[scope.unit].language.clients;
            for call in &scope.calls {
                if let Form::Call(callee, _) = &call.form
                    && let Form::Attribute(base, method) = &callee.form
                    && clients.telling.contains(&method.as_str())
                    && let Some(name) = last_name(base)
                {
                    evidence.telling.entry(scope.unit).or_default().insert(name);
                }
            }
        }
        evidence
    }

    /// Does a file import a Redis library?
    pub(super) fn speaks(&self, unit: usize) -> bool {
        self.speaks.contains(&unit)
    }

    /// Whether an expression of which nothing is known is a client by its name; the flag says that it is by little more.
    pub(super) fn by_name(
        &self,
        program: &Program<'p>,
        scope: usize,
        base: &Expression,
        method: &str,
    ) -> Option<(Role, Bus, bool)> {
        let unit = program.scopes[scope].unit;
        let clients = program.sources[unit].language.clients;
        let name = match &base.form {
            Form::Call(callee, _) => last_name(callee)?,
            _ => last_name(base)?,
        };
        if other_type(program, scope, base) || is_element(program, scope, base) {
            return None;
        }
        let tidied = tidy(name);
        let plain = tidied.strip_prefix("get_").unwrap_or(&tidied);
        let says = plain.split('_').any(|part| matches!(part, "redis" | "valkey" | "rds"))
            || plain.ends_with("redis")
            || plain.starts_with("redis");
        let is_client = says || clients.names.contains(&plain);
        if !is_client {
            return None;
        }
        let telling = clients.telling.contains(&method);
        let told = self.telling.get(&unit).is_some_and(|names| names.contains(name));
        if !(says || telling || told || self.speaks.contains(&unit)) {
            return None;
        }
        let role = if plain.contains("pipe") {
            Role::Pipeline
        } else if plain.contains("pubsub") || (plain.starts_with("sub") && method.ends_with("subscribe")) {
            Role::PubSub
        } else {
            Role::Client
        };
        let weak = !(says || telling || told);
        let bus = Bus { name: (says && plain.contains('_')).then(|| plain.into()), ..Bus::default() };
        Some((role, bus, weak))
    }
}

/// Is it what a loop gives, over something of which nothing is known: `for client in r.client_list()`?
fn is_element(program: &Program<'_>, scope: usize, base: &Expression) -> bool {
    let Form::Name(name) = &base.form else { return false };
    let bindings = program.scopes[scope].bindings.get(name.as_str());
    bindings.is_some_and(|all| !all.is_empty() && all.iter().all(|one| matches!(one.bound, Bound::Element(_))))
}

/// Has it a type that is written, and not that of a client?
fn other_type(program: &Program<'_>, scope: usize, base: &Expression) -> bool {
    let Form::Name(name) = &base.form else { return false };
    let mut at = Some(scope);
    while let Some(scope) = at {
        let scope = &program.scopes[scope];
        if let Some(parameter) = scope.parameters().iter().find(|parameter| parameter.name == *name) {
            let open = |kind: &str| {
                let kind = kind.to_lowercase();
                ["any", "object", "redis", "valkey", "unknown", "interface"].iter().any(|known| kind.contains(known))
            };
            return parameter.annotation.as_deref().is_some_and(|kind| !open(kind));
        }
        at = scope.parent;
    }
    false
}
