//! A draft put into a hand-written registry: texts are edited in place, and what contradicts is told, never changed.
//!
//! `recognise` says which declared entry a drafted one is, `combine` what is missing in it, `conflict` what speaks against
//! it, `fresh` makes new entries fit, `edit` puts text into text, `settle` sees that what comes out is a registry.

pub mod agree;
mod combine;
mod conflict;
mod edit;
mod fresh;
mod recognise;
mod rules;
mod settle;

pub use rules::RULES;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::compose::plain;
use super::write::{self, document};
use super::{Draft, Node, Value};
use crate::extract::Kind;
use crate::finding::Finding;
use crate::registry::{LoadError, Registry, load_texts};
use crate::source;
use combine::Additions;
use recognise::{Entry, Relation};

/// A registry with a draft in it.
#[derive(Debug)]
pub struct Merged {
    /// Files that are new or changed, with their whole texts.
    pub texts: Vec<(PathBuf, String)>,
    /// What was added, by file, as paths within it.
    pub added: Vec<(PathBuf, Vec<String>)>,
    /// What contradicts what is written, and was left as it is.
    pub findings: Vec<Finding>,
    /// The registry as it was, in which findings have their places.
    pub registry: Registry,
}

/// Puts a draft into the texts of a registry, in the order of [`load_texts`]: registry.yaml first.
///
/// # Errors
/// When the texts are no registry, or the draft would not be one.
pub fn merge(texts: &[(PathBuf, String)], draft: &Draft) -> Result<Merged, LoadError> {
    let registry = load_texts(texts.iter().cloned())?;
    let found = load_texts(write::write(&whole(draft)))?;
    let mut work = Work::new(texts, &registry, &found);
    work.entries(draft);
    work.registry_file(draft);
    let (changed, added, findings) = settle::texts(work);
    let mut merged = Merged { texts: changed, added, findings, registry };
    settle::leave_what_breaks(texts, &mut merged);
    Ok(merged)
}

/// The draft with a registry.yaml, so that it can be read by itself.
fn whole(draft: &Draft) -> Draft {
    if !draft.registry.is_empty() {
        return draft.clone();
    }
    let text = |node: Option<&Node>| match node.map(|node| &node.value) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let mut buses = BTreeSet::new();
    for (_, fields) in &draft.modules {
        buses.extend(text(fields.iter().find(|(name, _)| name == "bus").map(|(_, node)| node)));
        for (_, node) in fields.iter().filter(|(name, _)| name == "keys" || name == "channels") {
            let Value::Map(entries) = &node.value else { continue };
            buses.extend(entries.iter().filter_map(|(_, node)| text(node.get("bus"))));
        }
    }
    let buses = Node::map(buses.into_iter().map(|name| (name, Node::map::<String>([]))));
    let registry = vec![
        ("keywire".to_owned(), Node::new(Value::Number("1".to_owned()))),
        ("name".to_owned(), Node::text("draft")),
        ("buses".to_owned(), buses),
    ];
    Draft { registry, ..draft.clone() }
}

/// What drafted entries say of one declared entry, and of params and payloads that it needs.
#[derive(Debug, Default)]
struct Known {
    entry: Vec<(String, Node)>,
    params: Vec<(String, Node)>,
    payloads: Vec<(String, Node)>,
}

struct Work<'a> {
    texts: &'a [(PathBuf, String)],
    registry: &'a Registry,
    found: &'a Registry,
    declared: Vec<Entry<'a>>,
    drafted: Vec<Entry<'a>>,
    additions: Vec<Additions<'a>>,
    findings: Vec<Finding>,
    new_files: Vec<(PathBuf, String, Vec<String>)>,
    /// Parties that rows name and that are neither module nor service yet.
    parties: BTreeSet<String>,
}

impl<'a> Work<'a> {
    fn new(texts: &'a [(PathBuf, String)], registry: &'a Registry, found: &'a Registry) -> Self {
        let additions = texts.iter().zip(&registry.trees).map(|((_, text), tree)| Additions::new(text, tree)).collect();
        Self {
            texts,
            registry,
            found,
            declared: recognise::entries(registry),
            drafted: recognise::entries(found),
            additions,
            findings: Vec::new(),
            new_files: Vec::new(),
            parties: BTreeSet::new(),
        }
    }

    /// The declared module that a drafted one is.
    fn module(&self, name: &str) -> Option<crate::registry::ModuleId> {
        let exact = self.registry.module_named(name);
        exact.or_else(|| {
            let at = self.registry.modules.iter().position(|module| plain(&module.name) == plain(name));
            at.map(crate::registry::ModuleId)
        })
    }

    fn entries(&mut self, draft: &Draft) {
        let mut known: BTreeMap<usize, Known> = BTreeMap::new();
        for (name, fields) in &draft.modules {
            let mut fresh: Vec<(Kind, String, Node)> = Vec::new();
            for (section, kind) in [("keys", Kind::Key), ("channels", Kind::Channel)] {
                let Some((_, node)) = fields.iter().find(|(known, _)| known == section) else { continue };
                let Value::Map(entries) = &node.value else { continue };
                for (entry, node) in entries {
                    if !self.recognise((name, fields), kind, (entry, node), &mut known) {
                        fresh.push((kind, entry.clone(), node.clone()));
                    }
                }
            }
            self.parties_of(fresh.iter().map(|(.., node)| node));
            match self.module(name) {
                Some(id) => self.known_module(id, name, fields, fresh),
                None => self.new_module(name, fields, &fresh),
            }
        }
        for (at, known) in known {
            self.complete(at, known);
        }
    }

    /// Notes what a drafted entry says of the declared one that it is. `false` when it is none.
    fn recognise(
        &mut self,
        module: (&str, &[(String, Node)]),
        kind: Kind,
        (name, node): (&str, &Node),
        known: &mut BTreeMap<usize, Known>,
    ) -> bool {
        let (module, fields) = module;
        let is_it = |entry: &&Entry<'_>| {
            entry.kind == kind && entry.name == name && self.found.module(entry.module).name == module
        };
        let (Some(drafted), Value::Map(entry)) = (self.drafted.iter().find(is_it), &node.value) else { return false };
        let owns = |entry: &Entry<'_>| plain(&self.registry.module(entry.module).name) == plain(module);
        let mut entry = fresh::with_parties(entry, self.registry);
        let (at, is_same) = match recognise::relation(drafted, &self.declared, owns) {
            Relation::New => match self.implied_by(drafted) {
                // The channel of a key that publishes: only its readers have a place, among those of the key.
                Some(at) => {
                    entry = fresh::subscribers(&entry);
                    (at, true)
                }
                None => return false,
            },
            Relation::Same(at) => (at, true),
            Relation::Inside(at) => (at, false),
            Relation::Crossing(at) => {
                self.findings.push(conflict::crossing(self.registry, &self.declared[at], drafted));
                return true;
            }
        };
        let declared = &self.declared[at];
        let is_owner = owns(declared);
        let both = ((self.registry, declared), (self.found, drafted));
        let found = conflict::between(both.0, both.1, is_owner, is_same, node);
        self.findings.extend(found.findings);
        entry.retain(|(name, _)| match name.as_str() {
            "key" | "channel" | "bus" => false,
            // Who owns it is written; another one's commands are not the owner's.
            "operations" => is_owner && !found.refused.contains(&"operations"),
            "consumers" => !found.refused.contains(&"consumers"),
            // Facts of some of the names are not facts of all.
            name => is_same && !found.refused.contains(&name),
        });
        if kind == Kind::Key
            && self.declared.iter().any(|other| {
                other.kind == Kind::Channel
                    && other.bus == declared.bus
                    && other.pattern.shape() == declared.pattern.shape()
            })
        {
            // The channel of that name has an entry of its own.
            fresh::without_channel(&mut entry);
        }
        let written = at_path(&self.registry.trees[declared.address.tree], &declared.address.path);
        let (payloads, renamed) = fresh::payloads(fields, &entry, written, self.registry, declared.module);
        fresh::rename_payloads(&mut entry, &renamed);
        let params = if is_same {
            fresh::params(fields, (drafted.pattern, &entry), declared, self.registry)
        } else {
            Vec::new()
        };
        let of = known.entry(at).or_default();
        combine::absorb(&mut of.entry, &entry);
        combine::absorb(&mut of.payloads, &payloads);
        combine::absorb(&mut of.params, &params);
        true
    }

    /// The declared key whose PUBLISH declares a drafted channel.
    fn implied_by(&self, drafted: &Entry<'_>) -> Option<usize> {
        let mut implied = self.registry.channels.iter().filter(|channel| {
            let bus = channel.bus.map_or("", |bus| self.registry.bus(bus).name.as_str());
            drafted.kind == Kind::Channel && bus == drafted.bus && channel.pattern.shape() == drafted.pattern.shape()
        });
        let key = self.registry.key(implied.find_map(|channel| channel.from_key)?);
        self.declared.iter().position(|entry| entry.kind == Kind::Key && *entry.address == key.address)
    }

    /// Adds to a declared entry what is missing in it.
    fn complete(&mut self, at: usize, known: Known) {
        let declared = &self.declared[at];
        let tree = declared.address.tree;
        let Some(written) = at_path(&self.registry.trees[tree], &declared.address.path) else { return };
        let section = if declared.kind == Kind::Key { "keys" } else { "channels" };
        self.additions[tree].merge(written, &known.entry, &[section, declared.name], &BTreeSet::new());
        self.additions[tree].later("params", known.params);
        self.additions[tree].later("payloads", known.payloads);
        let node = Node::map(known.entry);
        self.parties_of(std::iter::once(&node));
    }

    fn parties_of<'n>(&mut self, entries: impl Iterator<Item = &'n Node>) {
        for node in entries {
            let Some(Node { value: Value::List(rows), .. }) = node.get("consumers") else { continue };
            for row in rows {
                if let Some(Node { value: Value::Text(name), .. }) = row.get("name") {
                    self.parties.insert(name.clone());
                }
            }
        }
    }

    fn known_module(
        &mut self,
        id: crate::registry::ModuleId,
        name: &str,
        fields: &[(String, Node)],
        new: Vec<(Kind, String, Node)>,
    ) {
        let tree = self.registry.module(id).address.tree;
        let root = &self.registry.trees[tree];
        let fitted = fresh::fit(fields, new, (self.registry, id), (self.found, name));
        // What the draft says of the module itself, besides what follows from entries.
        let except = BTreeSet::from(["module", "bus", "keys", "channels", "params", "payloads"]);
        let mut sections: Vec<(String, Node)> =
            fields.iter().filter(|(name, _)| !except.contains(name.as_str())).cloned().collect();
        sections.retain(|(_, node)| !edit::is_empty(node));
        self.additions[tree].merge(root, &sections, &[], &BTreeSet::new());
        for (section, entries) in [
            ("params", fitted.params),
            ("payloads", fitted.payloads),
            ("keys", fitted.keys),
            ("channels", fitted.channels),
        ] {
            self.additions[tree].later(section, entries);
        }
    }

    fn new_module(&mut self, name: &str, fields: &[(String, Node)], new: &[(Kind, String, Node)]) {
        let had_entries = fields.iter().any(|(name, _)| name == "keys" || name == "channels");
        if new.is_empty() && had_entries {
            // It owns nothing that is not declared of another one: it is known by its rows, if at all.
            return;
        }
        let fields = fresh::module(fields, new, self.registry);
        let folder = self.texts.first().and_then(|(path, _)| path.parent()).unwrap_or(Path::new(""));
        let path = folder.join("modules").join(format!("{name}.yaml"));
        let told = new.iter().map(|(_, entry, _)| entry.clone()).collect();
        self.new_files.push((path, document(&fields), told));
    }

    /// Buses and services that are new, and what else a draft says for all modules.
    fn registry_file(&mut self, draft: &Draft) {
        let root = &self.registry.trees[0];
        let is_known = |name: &str| {
            let modules = self.registry.modules.iter().map(|module| &module.name);
            let services = self.registry.services.iter().map(|service| &service.name);
            modules.chain(services).any(|known| plain(known) == plain(name))
        };
        let new_modules: BTreeSet<String> = self
            .new_files
            .iter()
            .filter_map(|(path, ..)| Some(path.file_stem()?.to_string_lossy().into_owned()))
            .collect();
        let mut services: Vec<(String, Node)> = Vec::new();
        let mut others: Vec<(String, Node)> = Vec::new();
        for (name, node) in &draft.registry {
            match (name.as_str(), &node.value) {
                ("keywire" | "name", _) => {}
                ("services", Value::Map(entries)) => {
                    services.extend(
                        entries.iter().filter(|(name, _)| is_named(root, "services", name) || !is_known(name)).cloned(),
                    );
                }
                ("buses", Value::Map(entries)) => {
                    let of = |(name, node): &(String, Node)| (name.clone(), fresh::bus(node, root, name));
                    others.push((name.clone(), Node::map(entries.iter().map(of))));
                }
                _ => others.push((name.clone(), node.clone())),
            }
        }
        for party in &self.parties {
            if !is_known(party)
                && !new_modules.contains(party)
                && !services.iter().any(|(name, _)| plain(name) == plain(party))
            {
                services.push((party.clone(), Node::map::<String>([])));
            }
        }
        services.retain(|(name, _)| !new_modules.contains(name));
        self.additions[0].merge(root, &others, &[], &BTreeSet::new());
        // A service that nothing but its name is known of is worth a line as well.
        let (known, new): (Vec<_>, Vec<_>) =
            services.into_iter().partition(|(name, _)| is_named(root, "services", name));
        self.additions[0].merge(root, &[("services".to_owned(), Node::map(known))], &[], &BTreeSet::new());
        self.additions[0].later("services", new);
    }
}

fn is_named(root: &source::Node, section: &str, name: &str) -> bool {
    root.get(section).is_some_and(|node| node.get(name).is_some())
}

/// The node at the end of a path of names.
fn at_path<'n>(root: &'n source::Node, path: &[String]) -> Option<&'n source::Node> {
    path.iter().try_fold(root, |node, name| node.get(name))
}
