//! Sightings put together into a draft: each name one entry, owned by who writes it, with who reads it.
//!
//! `group` joins what is said of one name, `entry` makes the fields of an entry of it, `retention` how it is bounded,
//! `names` how it is called, `parties` who is a module and who a service. Deterministic, whatever the order of sightings.

mod entry;
mod group;
mod names;
mod params;
mod parties;
mod payloads;
mod registry;
mod retention;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{Kind, Sighting};
use super::{Draft, Node};
pub(super) use names::{free, plain};
pub(super) use params::renamed_in;
pub(super) use payloads::{refer as rename_references, rename as rename_value};

use group::Group;
use parties::Parties;

/// What a draft is to be, where sightings do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Name of the system.
    pub name: String,
    /// The bus of what names none.
    pub bus: String,
    /// The owner of what nobody is known to write.
    pub module: String,
}

/// Puts sightings together. Unknown facts are left out; a sighting whose pattern is none is left out too.
#[must_use]
pub fn compose(sightings: &[Sighting], plan: &Plan) -> Draft {
    let mut groups = group::groups(sightings, plan);
    let parties = Parties::new(&groups, plan);
    publish_by_keys(&mut groups, &parties);
    // Module by module, in the order of names; within it as the patterns sort.
    let mut modules: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for group in groups {
        modules.entry(parties.owner(&group)).or_default().push(group);
    }
    let buses: BTreeMap<String, String> =
        modules.iter().map(|(name, of)| (name.clone(), registry::main_bus(of))).collect();
    let registry = registry::fields(&modules, plan);
    let draft = |(name, groups): (String, Vec<Group>)| {
        let fields = module(&name, groups, &buses, &parties);
        (name, fields)
    };
    Draft { registry, modules: modules.into_iter().map(draft).collect(), unresolved: Vec::new() }
}

/// The fields of a module's file.
fn module(
    name: &str,
    mut groups: Vec<Group>,
    buses: &BTreeMap<String, String>,
    parties: &Parties,
) -> Vec<(String, Node)> {
    let params = params::settle(&mut groups);
    let payloads = payloads::settle(&mut groups);
    let names = names::names(&groups);
    let bus = buses.get(name).cloned().unwrap_or_default();
    let (mut keys, mut channels) = (Vec::new(), Vec::new());
    for (group, entry) in groups.iter().zip(names) {
        let section = if group.kind == Kind::Key { &mut keys } else { &mut channels };
        section.push((entry, entry::entry(group, name, &bus, buses, parties)));
    }
    let mut fields = vec![("module".to_owned(), Node::text(name)), ("bus".to_owned(), Node::text(&bus))];
    let clients: BTreeSet<&str> = parties.written_as(name).filter(|written| *written != name).collect();
    if !clients.is_empty() {
        let names = clients.into_iter().map(glob_escaped);
        fields.push(("clients".to_owned(), Node::map([("names", Node::texts(names))])));
    }
    for (section, entries) in [("params", params), ("payloads", payloads), ("keys", keys), ("channels", channels)] {
        if !entries.is_empty() {
            fields.push((section.to_owned(), Node::map(entries)));
        }
    }
    fields
}

/// A channel that is also a key of the same module is declared by PUBLISH among the key's operations.
fn publish_by_keys(groups: &mut Vec<Group>, parties: &Parties) {
    let is_declared_by = |channel: &Group, key: &Group| {
        parties.owner(key) == parties.owner(channel)
            && channel.accesses.iter().any(|access| access.command == "PUBLISH")
            && channel
                .field("message")
                .is_none_or(|message| key.field("value").is_some_and(|value| value.value == message.value))
    };
    let all = std::mem::take(groups);
    let (channels, mut keys): (Vec<Group>, Vec<Group>) = all.into_iter().partition(|group| group.kind == Kind::Channel);
    let name = |group: &Group| (group.bus.clone(), group.pattern.shape());
    let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, key) in keys.iter().enumerate() {
        by_name.entry(name(key)).or_default().push(at);
    }
    for channel in channels {
        let of = by_name.get(&name(&channel)).into_iter().flatten().copied();
        match of.into_iter().find(|at| is_declared_by(&channel, &keys[*at])) {
            Some(at) => {
                keys[at].accesses.extend(channel.accesses);
                keys[at].evidence.extend(channel.evidence);
            }
            None => keys.push(channel),
        }
    }
    *groups = keys;
}

/// A name as a glob of Redis that matches it alone.
pub(in crate::extract) fn glob_escaped(name: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\' | '^');
    name.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain(Some(c))).collect()
}
