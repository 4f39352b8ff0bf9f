//! From checked trees to the model: names become ids, shorthand becomes the full form.
//!
//! The trees conform to the format already, so that reading them cannot fail; what remains to be refused here are values
//! that only make sense together (a regular expression that does not compile, a name used twice).

mod entry;
mod module;
mod payload;
mod read;

use super::format::Fault;
use super::model::{Address, Bus, Registry, Scope, Service, Topology};
use crate::source::{Node, Sources};
use read::{list, text, word};

/// Makes the model; the first tree is registry.yaml, the others are modules.
pub(super) fn resolve(sources: Sources, trees: Vec<Node>) -> Result<Registry, (Sources, Vec<Fault>)> {
    let mut registry = Registry {
        name: text(&trees[0], "name").unwrap_or_default(),
        about: text(&trees[0], "about"),
        buses: buses(&trees[0]),
        services: services(&trees[0]),
        modules: Vec::new(),
        keys: Vec::new(),
        channels: Vec::new(),
        payloads: Vec::new(),
        sources,
        trees,
    };
    let mut faults = Vec::new();
    let trees = std::mem::take(&mut registry.trees);
    let shared = module::Shared::read(&trees[0], &mut faults);
    payload::read(None, 0, &trees[0], &mut registry.payloads);
    for (at, tree) in trees.iter().enumerate().skip(1) {
        module::read(at, tree, &shared, &mut registry, &mut faults);
    }
    payload::link(&mut registry.payloads);
    for (at, tree) in trees.iter().enumerate().skip(1) {
        entry::read(super::ModuleId(at - 1), at, tree, &mut registry, &mut faults);
    }
    registry.trees = trees;
    if faults.is_empty() { Ok(registry) } else { Err((registry.sources, faults)) }
}

fn address(tree: usize, path: &[&str]) -> Address {
    Address { tree, path: path.iter().map(|part| (*part).to_owned()).collect() }
}

fn buses(root: &Node) -> Vec<Bus> {
    let Some(buses) = root.get("buses") else { return Vec::new() };
    buses
        .entries()
        .iter()
        .map(|entry| Bus {
            name: entry.name.clone(),
            about: text(&entry.value, "about"),
            env: text(&entry.value, "env"),
            default: text(&entry.value, "default"),
            owns: list(&entry.value, "owns"),
            topology: match word(&entry.value, "topology") {
                Some("cluster") => Topology::Cluster,
                Some("sentinel") => Topology::Sentinel,
                _ => Topology::Standalone,
            },
            config_path: text(&entry.value, "config_path"),
            address: address(0, &["buses", &entry.name]),
        })
        .collect()
}

fn services(root: &Node) -> Vec<Service> {
    let Some(services) = root.get("services") else { return Vec::new() };
    services
        .entries()
        .iter()
        .map(|entry| Service {
            name: entry.name.clone(),
            role: text(&entry.value, "role"),
            bus: text(&entry.value, "bus"),
            scope: match word(&entry.value, "scope") {
                Some("internal") => Scope::Internal,
                Some("admin") => Scope::Admin,
                _ => Scope::External,
            },
            owner: text(&entry.value, "owner"),
            notes: text(&entry.value, "notes"),
            address: address(0, &["services", &entry.name]),
        })
        .collect()
}
