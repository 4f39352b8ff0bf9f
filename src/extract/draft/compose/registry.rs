//! The fields of registry.yaml: buses with the names they own, and services.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Node, Value};
use super::group::Group;
use super::parties::party;
use super::{Plan, glob_escaped};

/// Characters that end the part of a name by which a system's names are told from others'.
const SEPARATORS: [char; 4] = [':', '/', '|', '.'];
/// More prefixes than that are no prefixes, but a list of names.
const PREFIXES: usize = 24;

pub(super) fn fields(modules: &BTreeMap<String, Vec<Group>>, plan: &Plan) -> Vec<(String, Node)> {
    let mut by_bus: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
    for group in modules.values().flatten() {
        by_bus.entry(&group.bus).or_default().push(group);
    }
    if by_bus.is_empty() {
        by_bus.insert(&plan.bus, Vec::new());
    }
    let bus = |(name, groups): (&str, Vec<&Group>)| {
        let owns = owns(&groups);
        let fields = (!owns.is_empty()).then(|| ("owns", Node::texts(owns)));
        (name.to_owned(), Node::map(fields))
    };
    let buses: Vec<(String, Node)> = by_bus.into_iter().map(bus).collect();
    let mut fields = vec![
        ("keywire".to_owned(), Node::new(Value::Number("1".to_owned()))),
        ("name".to_owned(), Node::text(&plan.name)),
        ("buses".to_owned(), Node::map(buses)),
    ];
    let services: Vec<(String, Node)> =
        readers(modules).into_iter().map(|name| (name, Node::map::<String>([]))).collect();
    if !services.is_empty() {
        fields.push(("services".to_owned(), Node::map(services)));
    }
    fields
}

/// The bus on which most of a module's entries are.
pub(super) fn main_bus(groups: &[Group]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups {
        *counts.entry(&group.bus).or_default() += 1;
    }
    let best = counts.iter().max_by(|(a_name, a), (b_name, b)| a.cmp(b).then_with(|| b_name.cmp(a_name)));
    best.map(|(name, _)| (*name).to_owned()).unwrap_or_default()
}

/// Parties that own nothing and read something.
fn readers(modules: &BTreeMap<String, Vec<Group>>) -> BTreeSet<String> {
    let accesses = modules.values().flatten().flat_map(|group| &group.accesses);
    let reading = accesses.filter(|access| access.is_reading() && !access.module.is_empty());
    reading.map(|access| party(&access.module)).filter(|name| !modules.contains_key(name)).collect()
}

/// Globs for the names of a bus. None where a pattern begins with a param: then any name may be one of ours.
fn owns(groups: &[&Group]) -> Vec<String> {
    let mut globs = BTreeSet::new();
    for group in groups {
        let prefix = group.pattern.literal_prefix();
        if prefix.is_empty() {
            return Vec::new();
        }
        let glob = match prefix.find(SEPARATORS) {
            Some(0) => format!("{}*", glob_escaped(prefix)),
            Some(at) => format!("{}*", glob_escaped(prefix.get(..=at).unwrap_or(prefix))),
            None if group.pattern.is_static() => glob_escaped(prefix),
            None => format!("{}*", glob_escaped(prefix)),
        };
        globs.insert(glob);
    }
    // A glob that another one covers says nothing.
    let covered = |glob: &String| {
        let mut shorter = glob.char_indices().map(|(at, _)| format!("{}*", &glob[..at]));
        shorter.any(|other| other != *glob && globs.contains(&other))
    };
    let kept: Vec<String> = globs.iter().filter(|glob| !covered(glob)).cloned().collect();
    if kept.len() > PREFIXES { Vec::new() } else { kept }
}
