//! What documents say, before it is a draft: modules with their entries, buses, services, payloads.
//!
//! All readers of documents write here; `compose` makes the draft of it. Knows nothing of how a document looks.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::extract::draft::{Node, Value};
use crate::extract::{Kind, Place, Unresolved};

/// Fields of an object of the registry format, each once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields(pub(super) Vec<(String, Node)>);

impl Fields {
    /// Sets a field, whatever it was.
    pub(super) fn set(&mut self, name: &str, node: Node) {
        let node = counted(name, node);
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = node,
            None => self.0.push((name.to_owned(), node)),
        }
    }

    /// Sets a text; an empty one says nothing.
    pub(super) fn text(&mut self, name: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.set(name, Node::text(text));
        }
    }

    /// Sets a field that is not there yet.
    pub(super) fn fill(&mut self, name: &str, node: Node) {
        if self.get(name).is_none() {
            self.0.push((name.to_owned(), counted(name, node)));
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }

    /// The text of a field.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Counts are written as numbers.
fn counted(name: &str, node: Node) -> Node {
    let counts =
        ["cardinality", "max_entries", "max_length", "max_lag", "max_pending", "max_consumers"].contains(&name);
    match node.value {
        Value::Text(text) if counts && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Node { value: Value::Number(text), evidence: node.evidence }
        }
        value => Node { value, evidence: node.evidence },
    }
}

/// Named objects in their order, each once.
pub(super) type Named = Vec<(String, Fields)>;

/// The object of a name, made when it is not there.
pub(super) fn named<'a>(all: &'a mut Named, name: &str) -> &'a mut Fields {
    let at = all.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        all.push((name.to_owned(), Fields::default()));
        all.len() - 1
    });
    &mut all[at].1
}

/// All that the documents of one import say.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) name: Option<String>,
    pub(super) about: Option<String>,
    pub(super) buses: Named,
    pub(super) services: Named,
    /// Payloads that all modules share.
    pub(super) payloads: Vec<(String, Json)>,
    pub(super) modules: Vec<Module>,
    pub(super) unresolved: Vec<Unresolved>,
    /// Names of keys in prose, which some table should declare.
    pub(super) mentions: Vec<Unresolved>,
    /// What a module reads from another, by that one's name.
    pub(super) upstream: Vec<(String, Unresolved)>,
}

/// A module.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) name: Option<String>,
    /// The fields of its file but those below.
    pub(super) fields: Fields,
    pub(super) config: Named,
    pub(super) params: Named,
    pub(super) payloads: Vec<(String, Json)>,
    pub(super) entries: Vec<Entry>,
}

/// A key or channel.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) pattern: String,
    /// Its name in the registry, where the document says it.
    pub(super) name: Option<String>,
    pub(super) fields: Fields,
    pub(super) operations: Vec<String>,
    pub(super) consumers: Vec<Consumer>,
    /// Commands among the operations that read it: the module's own reads.
    pub(super) reads: Vec<String>,
    /// The fields of a hash, or of a stream's entries.
    pub(super) parts: Named,
    /// Where it stands.
    pub(super) place: String,
    /// Others that write it.
    pub(super) writers: Vec<String>,
}

/// A party that reads an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Consumer {
    pub(super) name: String,
    pub(super) reads: Vec<String>,
    pub(super) purpose: Option<String>,
    pub(super) needs: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) via: Option<String>,
    pub(super) bus: Option<String>,
    pub(super) potential: bool,
    /// Its group of the connectivity graph.
    pub(super) scope: Option<&'static str>,
}

impl Module {
    /// Does it say nothing at all?
    pub(super) fn is_empty(&self) -> bool {
        self.fields.0.is_empty() && self.entries.is_empty() && self.config.is_empty() && self.payloads.is_empty()
    }

    /// The entry of a pattern on a bus; on the module's own where none is named.
    pub(super) fn find(&mut self, kind: Kind, pattern: &str, bus: Option<&str>) -> Option<&mut Entry> {
        let own = self.fields.word("bus").map(str::to_owned);
        let bus = bus.map(str::to_owned).or_else(|| own.clone());
        let fits = |entry: &Entry| {
            entry.kind == kind
                && entry.pattern == pattern
                && entry.fields.word("bus").map(str::to_owned).or_else(|| own.clone()) == bus
        };
        self.entries.iter_mut().find(|entry| fits(entry))
    }
}

impl Entry {
    /// Adds what is known of a consumer to it: the same name is the same consumer.
    pub(super) fn consume(&mut self, consumer: Consumer) {
        let Some(known) = self.consumers.iter_mut().find(|known| known.name == consumer.name) else {
            self.consumers.push(consumer);
            return;
        };
        known.purpose = known.purpose.take().or(consumer.purpose);
        known.via = known.via.take().or(consumer.via);
        known.bus = known.bus.take().or(consumer.bus);
        known.scope = known.scope.or(consumer.scope);
        known.potential &= consumer.potential;
        for (mine, more) in [
            (&mut known.reads, consumer.reads),
            (&mut known.needs, consumer.needs),
            (&mut known.examples, consumer.examples),
        ] {
            for one in more {
                if !mine.contains(&one) {
                    mine.push(one);
                }
            }
        }
    }
}

/// A document, for places.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) path: PathBuf,
}

impl Origin {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// `wiring.md:12`.
    pub(super) fn at(&self, line: u32) -> String {
        format!("{}:{line}", self.path.display())
    }

    /// What could not be understood, cut to a line.
    pub(super) fn unresolved(&self, line: u32, text: &str, why: impl Into<String>) -> Unresolved {
        let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() > 160 {
            words = words.chars().take(159).chain(['…']).collect();
        }
        Unresolved { place: Place { file: self.path.clone(), line }, text: words, why: why.into() }
    }
}
