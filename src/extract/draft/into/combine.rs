//! A drafted tree beside a written one: what is missing is added, what is there stays.

use std::collections::BTreeSet;

use super::super::compose::plain;
use super::super::write::is_spread;
use super::super::{Node, Value};
use super::edit::{Insert, Page, is_empty};
use crate::registry::glob_matches;
use crate::source;

/// Deeper than any declaration; schemas are not entered.
const DEPTH: usize = 24;

/// What becomes of a field that both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Missing fields are added.
    Merge,
    /// Missing items are added, told apart by these.
    Union(Identity),
}

/// What tells items of a list apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    /// Their text, in any case.
    Word,
    /// A glob that covers another one makes it needless.
    Glob,
    /// This field of a mapping, in any style of code.
    Field(&'static str),
}

/// How the fields of each name are put together. Lists that are examples only are left as they are.
const WAYS: &[(&str, Way)] = &[
    ("operations", Way::Union(Identity::Word)),
    ("reads", Way::Union(Identity::Word)),
    ("needs", Way::Union(Identity::Word)),
    ("names", Way::Union(Identity::Word)),
    ("users", Way::Union(Identity::Word)),
    ("groups", Way::Union(Identity::Word)),
    ("owns", Way::Union(Identity::Glob)),
    ("consumers", Way::Union(Identity::Field("name"))),
    ("scenarios", Way::Union(Identity::Field("condition"))),
    ("flow", Way::Union(Identity::Field("stage"))),
];

/// The order of new sections in a file.
const ORDER: [&str; 5] = ["services", "params", "payloads", "keys", "channels"];

/// Additions to one file, as they are found.
#[derive(Debug)]
pub(super) struct Additions<'a> {
    pub page: Page<'a>,
    pub inserts: Vec<Insert>,
    /// What was added, as paths: `keys.spot.consumers: vigil`.
    pub added: Vec<String>,
    /// Where there was something to add and the text is not laid out so that it can be.
    pub refused: Vec<String>,
    /// Entries of sections, which are added together.
    later: Vec<(&'static str, Vec<(String, Node)>)>,
}

impl<'a> Additions<'a> {
    pub fn new(text: &'a str, root: &source::Node) -> Self {
        Self {
            page: Page::new(text, root),
            inserts: Vec::new(),
            added: Vec::new(),
            refused: Vec::new(),
            later: Vec::new(),
        }
    }

    /// Notes entries for a section of the file.
    pub fn later(&mut self, section: &'static str, entries: Vec<(String, Node)>) {
        if entries.is_empty() {
            return;
        }
        match self.later.iter_mut().find(|(known, _)| *known == section) {
            Some((_, known)) => absorb(known, &entries),
            None => self.later.push((section, entries)),
        }
    }

    /// Adds what was noted: to the section where it is written, else as a new one.
    pub fn settle(&mut self, root: &source::Node) {
        let mut later = std::mem::take(&mut self.later);
        later.sort_by_key(|(section, _)| ORDER.iter().position(|known| known == section));
        for (section, mut entries) in later {
            let spread = usize::from(is_spread(section));
            match root.get(section) {
                Some(written) => {
                    entries.retain(|(name, _)| written.get(name).is_none());
                    self.entries(written, &entries, &[section], spread);
                }
                None => self.entries(root, &[(section.to_owned(), Node::map(entries))], &[], 1 + spread),
            }
        }
    }

    /// Adds entries to a mapping that is written.
    pub fn entries(&mut self, map: &source::Node, entries: &[(String, Node)], path: &[&str], spread: usize) {
        if entries.is_empty() {
            return;
        }
        let is_section = path.len() == 1 && spread > 0;
        let apart = (is_section && self.page.is_airy(map).unwrap_or(true)) || (path.is_empty() && spread > 0);
        let told =
            |(name, _): &(String, Node)| path.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(".");
        let told: Vec<String> = entries.iter().map(told).collect();
        match self.page.entries(map, entries, path.len(), spread, apart) {
            Some(inserts) => {
                self.inserts.extend(inserts);
                self.added.extend(told);
            }
            None => self.refused.extend(told),
        }
    }

    /// Adds what a drafted mapping has beyond a written one, except for these names.
    pub fn merge(&mut self, written: &source::Node, draft: &[(String, Node)], path: &[&str], except: &BTreeSet<&str>) {
        let missing: Vec<(String, Node)> = draft
            .iter()
            .filter(|(name, node)| !except.contains(name.as_str()) && !is_empty(node) && written.get(name).is_none())
            .cloned()
            .collect();
        for (name, node) in draft.iter().filter(|(name, _)| !except.contains(name.as_str())) {
            let Some(known) = written.get(name) else { continue };
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            self.field(known, node, &path);
        }
        // Fields are told one by one, but stand in the text in the draft's order.
        let spread = usize::from(path.is_empty());
        if !missing.is_empty() {
            self.entries(written, &missing, path, spread);
        }
    }

    fn field(&mut self, written: &source::Node, draft: &Node, path: &[&str]) {
        let name = path.last().copied().unwrap_or_default();
        // Names that users choose, such as a hash's field called `reads`, are no fields of the format.
        let is_chosen = path.len().checked_sub(2).is_some_and(|at| is_named_by_users(path[at]));
        let way = WAYS.iter().find(|(known, _)| *known == name && !is_chosen).map_or(Way::Merge, |(_, way)| *way);
        let is_schema = path.len() >= 2 && path.first() == Some(&"payloads");
        match (way, &draft.value) {
            _ if is_schema || path.len() > DEPTH => {}
            (Way::Union(identity), Value::List(items)) => self.union(written, (items, &draft.evidence), path, identity),
            (Way::Merge, Value::Map(entries)) if matches!(written.kind, source::NodeKind::Mapping(_)) => {
                self.merge(written, entries, path, &BTreeSet::new());
            }
            (Way::Merge | Way::Union(_), _) => {}
        }
    }

    fn union(
        &mut self,
        written: &source::Node,
        (items, evidence): (&[Node], &[String]),
        path: &[&str],
        identity: Identity,
    ) {
        let one = std::slice::from_ref(written);
        let known: &[source::Node] = match &written.kind {
            source::NodeKind::Sequence(items) => items,
            source::NodeKind::Scalar { .. } => one,
            // Groups with limits stand as a mapping; names alone say nothing more of those that are there.
            source::NodeKind::Mapping(_) => return,
        };
        let mut missing: Vec<Node> = Vec::new();
        for item in items {
            let word = |node: &Node| match &node.value {
                Value::Text(text) | Value::Number(text) => text.clone(),
                _ => String::new(),
            };
            match identity {
                Identity::Field(field) => {
                    let own = item.get(field).map(word).unwrap_or_default();
                    let same = |node: &&source::Node| {
                        node.get(field).and_then(source::Node::text).is_some_and(|text| plain(text) == plain(&own))
                    };
                    match (known.iter().find(same), &item.value) {
                        (Some(known), Value::Map(entries)) => {
                            let path: Vec<&str> = path.iter().copied().chain([own.as_str()]).collect();
                            let except = BTreeSet::from([field]);
                            // What people say of it in words is theirs.
                            self.merge(known, entries, &path, &except);
                        }
                        (Some(_), _) => {}
                        (None, _) => missing.push(item.clone()),
                    }
                }
                Identity::Word => {
                    let own = normal(&word(item));
                    if !known.iter().filter_map(source::Node::text).any(|text| normal(text) == own) {
                        missing.push(item.clone());
                    }
                }
                Identity::Glob => {
                    let own = word(item);
                    let covers = |glob: &str| glob_matches(glob.as_bytes(), own.as_bytes());
                    if !known.iter().filter_map(source::Node::text).any(covers) {
                        missing.push(item.clone());
                    }
                }
            }
        }
        if missing.is_empty() {
            return;
        }
        let told = |item: &Node| match &item.value {
            Value::Text(text) => text.clone(),
            _ => item
                .get("name")
                .map(|node| super::super::write::one_line(node, super::super::scalar::Context::Flow, 0))
                .unwrap_or_default(),
        };
        let told: Vec<String> = missing.iter().map(|item| format!("{}: {}", path.join("."), told(item))).collect();
        // Evidence of a whole list has a line for each command.
        for item in &mut missing {
            let Value::Text(text) = &item.value else { continue };
            let is_of = |line: &&String| line.strip_prefix(text.as_str()).is_some_and(|rest| rest.starts_with(':'));
            item.evidence.extend(evidence.iter().filter(is_of).cloned());
        }
        match self.page.items(written, &missing, path.len()) {
            Some(inserts) => {
                self.inserts.extend(inserts);
                self.added.extend(told);
            }
            None => self.refused.extend(told),
        }
    }
}

/// Commands are one in any case and with any spaces or bars between their words; other words only as they are.
fn normal(word: &str) -> String {
    word.split(|c: char| c == '|' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
}

/// Mappings whose names users choose.
fn is_named_by_users(section: &str) -> bool {
    matches!(
        section,
        "fields" | "entry" | "keys" | "channels" | "params" | "config" | "payloads" | "services" | "buses" | "groups"
    )
}

/// Puts what another draft says of the same into a draft; what is there already stays.
pub(super) fn absorb(into: &mut Vec<(String, Node)>, other: &[(String, Node)]) {
    for (name, node) in other {
        let Some((_, known)) = into.iter_mut().find(|(known, _)| known == name) else {
            into.push((name.clone(), node.clone()));
            continue;
        };
        match (&mut known.value, &node.value) {
            (Value::Map(known), Value::Map(other)) if name != "ttl" => absorb(known, other),
            (Value::List(known), Value::List(other)) => {
                for item in other {
                    let same = |known: &&mut Node| {
                        known.value == item.value
                            || item
                                .get("name")
                                .is_some_and(|name| known.get("name").is_some_and(|known| known.value == name.value))
                    };
                    match (known.iter_mut().find(same), &item.value) {
                        (Some(Node { value: Value::Map(known), .. }), Value::Map(other)) => absorb(known, other),
                        (Some(_), _) => {}
                        (None, _) => known.push(item.clone()),
                    }
                }
            }
            _ => {}
        }
    }
}
