//! What a language's tables say of names, by the names alone.

use crate::extract::code::languages::{Clients, Gives, Operation, Role};
use crate::extract::code::maps::{HashMap, HashSet};

/// By the last parts of qualified names.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Packages.
    pub(super) modules: &'static [&'static str],
    /// Methods of the standard library.
    pub(super) methods: HashMap<&'static str, Vec<Operation>>,
    /// Functions of it, by their last part.
    pub(super) functions: HashMap<&'static str, Vec<Operation>>,
    /// Methods that give another object of a Redis library, and whether that may be a pipeline.
    pub(super) gives: HashMap<&'static str, bool>,
    /// The last two parts of the names of what makes objects.
    pub(super) makers: HashSet<(&'static str, &'static str)>,
    /// What makes pools and pipelines, by the last part.
    pub(super) pools: HashSet<&'static str>,
}

impl Tables {
    pub(super) fn of(clients: &'static Clients) -> Self {
        let mut tables = Self { modules: clients.modules, ..Self::default() };
        for (name, operation) in clients.methods {
            tables.methods.entry(name).or_default().push(*operation);
        }
        for (name, operation) in clients.functions {
            tables.functions.entry(last(name)).or_default().push(*operation);
        }
        for (name, gives) in clients.gives {
            let is_pipeline =
                matches!(gives, Gives::Object(Role::Pipeline | Role::Pool) | Gives::Callback(_, Role::Pipeline));
            *tables.gives.entry(name).or_default() |= is_pipeline;
        }
        let clients_by = |name: &str| {
            let others = clients.makers.iter().filter(|maker| !chains(maker.gives));
            others.flat_map(|maker| maker.names).any(|other| last(other) == name)
        };
        for maker in clients.makers {
            for name in maker.names {
                tables.makers.insert((before_last(name), last(name)));
                if chains(maker.gives) {
                    tables.pools.insert(if clients_by(last(name)) { before_last(name) } else { last(name) });
                }
            }
        }
        tables.pools.extend(clients.types.iter().filter(|(_, role)| chains(*role)).map(|(name, _)| *name));
        tables
    }
}

/// Does each method of it give such an object again?
const fn chains(role: Role) -> bool {
    matches!(role, Role::Pool | Role::Pipeline)
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.rsplit(['.', '/', ':']).filter(|part| !part.is_empty())
}

pub(super) fn last(name: &str) -> &str {
    parts(name).next().unwrap_or(name)
}

fn before_last(name: &str) -> &str {
    parts(name).nth(1).unwrap_or("")
}
