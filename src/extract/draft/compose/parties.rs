//! Who is a module and who a service: who writes owns, who only reads does not.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::{Access, Certainty, Kind, Mode};
use super::Plan;
use super::group::Group;
use super::names::snake;

/// The parties of all sightings, by the names they have in a registry.
#[derive(Debug)]
pub(super) struct Parties {
    /// Names as origins give them, by the name in the registry.
    written: BTreeMap<String, BTreeSet<String>>,
    fallback: String,
}

impl Parties {
    pub fn new(groups: &[Group], plan: &Plan) -> Self {
        let mut written: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for access in groups.iter().flat_map(|group| &group.accesses).filter(|access| !access.module.is_empty()) {
            written.entry(party(&access.module)).or_default().insert(access.module.clone());
        }
        Self { written, fallback: party(&plan.module) }
    }

    /// The names under which origins know a party.
    pub fn written_as(&self, name: &str) -> impl Iterator<Item = &str> {
        self.written.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Is it one of them?
    pub fn knows(&self, name: &str) -> bool {
        self.written.contains_key(name)
    }

    /// The module that owns an entry: who writes it most surely and most often, else who removes it or sets its expiry.
    pub fn owner(&self, group: &Group) -> String {
        let mut weights: BTreeMap<String, [u64; 4]> = BTreeMap::new();
        for access in group.accesses.iter().filter(|access| owns(access, group.kind) && !access.module.is_empty()) {
            let [makes, sure, calls, places] = weights.entry(party(&access.module)).or_default();
            let fills = matches!(access.mode, Mode::Write | Mode::Publish) && !access.is_taking();
            *makes = (*makes).max(u64::from(fills));
            *sure += u64::from(access.certainty == Certainty::Certain && fills);
            *calls = calls.saturating_add(access.calls.unwrap_or(1));
            *places += 1;
        }
        let best = weights.iter().max_by(|(a_name, a), (b_name, b)| a.cmp(b).then_with(|| b_name.cmp(a_name)));
        best.map_or_else(|| self.fallback.clone(), |(name, _)| name.clone())
    }
}

/// A party's name in a registry: fit for a file and for code.
pub(in super::super) fn party(name: &str) -> String {
    let name = snake(name);
    if name.is_empty() {
        "unnamed".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("m_{name}")
    } else {
        name
    }
}

/// Does the access make its party a possible owner?
pub(super) fn owns(access: &Access, kind: Kind) -> bool {
    match access.mode {
        Mode::Publish => kind == Kind::Channel,
        Mode::Write => true,
        Mode::Delete | Mode::Expire => kind == Kind::Key,
        Mode::Read | Mode::Subscribe => false,
    }
}
