//! Whose connection is it? Clients in, modules and services of the registry out.

use std::collections::HashMap;
use std::sync::Arc;

use crate::observe::traffic::Client;
use crate::registry::{ModuleId, Party, Registry, glob_matches};

/// Connections whose party is remembered; with more, all are found anew.
const REMEMBERED: usize = 10_000;

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller<'a> {
    /// The party, where the connection can be told to be its own.
    pub party: Option<Party>,
    /// Its name, for messages.
    pub name: &'a str,
}

impl Caller<'_> {
    /// Is it this module?
    #[must_use]
    pub fn is_module(&self, module: ModuleId) -> bool {
        self.party == Some(Party::Module(module))
    }

    /// Is it this party?
    #[must_use]
    pub fn is(&self, party: Party) -> bool {
        self.party == Some(party)
    }
}

/// What a client is called that is no party of the registry.
const STRANGER: Caller<'static> = Caller { party: None, name: "an unknown client" };

/// The parties of a registry, and the connections that are theirs.
pub(super) struct Parties<'r> {
    registry: &'r Registry,
    all_are: Option<Party>,
    known: HashMap<u64, (Arc<Client>, Caller<'r>)>,
}

impl<'r> Parties<'r> {
    /// With `all_are`, all connections are that party's.
    pub(super) fn new(registry: &'r Registry, all_are: Option<Party>) -> Self {
        Self { registry, all_are, known: HashMap::new() }
    }

    /// Who is at the other end of a connection. What is known of a client may change; it is another [`Arc`] then.
    pub(super) fn caller(&mut self, connection: u64, client: &Arc<Client>) -> Caller<'r> {
        if let Some((known, caller)) = self.known.get(&connection)
            && Arc::ptr_eq(known, client)
        {
            return *caller;
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let caller = self.of(client);
        self.known.insert(connection, (client.clone(), caller));
        caller
    }
}

impl<'r> Parties<'r> {
    /// The party that a client is.
    ///
    /// What the listener says goes first, then the ACL user, then the name. A module may say which are its own; by
    /// default it is the one called like itself, and so for services.
    pub(super) fn of(&self, client: &Client) -> Caller<'r> {
        let registry = self.registry;
        let caller = |party| Caller { party: Some(party), name: registry.party_name(party) };
        if let Some(party) = self.all_are {
            return caller(party);
        }
        of_client(registry, client).map_or(STRANGER, caller)
    }
}

/// The party of the registry that a client is.
#[must_use]
pub fn of_client(registry: &Registry, client: &Client) -> Option<Party> {
    if let Some(name) = &client.module {
        return named(registry, name);
    }
    let user = client.user.as_deref().filter(|user| *user != "default");
    let by_user = user.and_then(|user| of_module(registry, user, true).or_else(|| service(registry, user)));
    let by_name = || {
        let name = client.name.as_deref().filter(|name| !name.is_empty())?;
        of_module(registry, name, false).or_else(|| service(registry, name))
    };
    by_user.or_else(by_name)
}

/// The module or service of a name.
#[must_use]
pub fn named(registry: &Registry, name: &str) -> Option<Party> {
    registry.module_named(name).map(Party::Module).or_else(|| service(registry, name))
}

fn of_module(registry: &Registry, name: &str, is_user: bool) -> Option<Party> {
    let is_its = |at: &usize| {
        let module = &registry.modules[*at];
        let globs = if is_user { &module.client_users } else { &module.client_names };
        if globs.is_empty() {
            return module.name == name;
        }
        globs.iter().any(|glob| glob_matches(glob.as_bytes(), name.as_bytes()))
    };
    (0..registry.modules.len()).find(is_its).map(|at| Party::Module(ModuleId(at)))
}

fn service(registry: &Registry, name: &str) -> Option<Party> {
    registry.services.iter().position(|service| service.name == name).map(Party::Service)
}
