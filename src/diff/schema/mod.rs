//! Two JSON Schemas -> where the new one takes more, or less, than the old one.
//!
//! It never says less than there is: what it cannot decide counts as both. So if no change is wider, every value of the new schema is
//! one of the old, and if none is narrower, every value of the old is one of the new (proptest holds it to that).

mod limits;
mod objects;
mod types;

use serde_json::{Map, Value};

/// One place where two schemas differ.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaChange {
    /// Names of properties that lead there; `[]` stands for the items of an array.
    pub path: Vec<String>,
    /// The keyword, in JSON Schema's words.
    pub keyword: &'static str,
    /// Does the new schema take values that the old one refuses?
    pub wider: bool,
    /// Does it refuse values that the old one takes?
    pub narrower: bool,
    /// What the keyword held; nothing where it was not there.
    pub old: Option<Value>,
    /// What it holds.
    pub new: Option<Value>,
}

/// Keywords that say nothing of which values are taken.
const ANNOTATIONS: [&str; 14] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "$vocabulary",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];
const NOTHING: Value = Value::Bool(false);
/// Deeper than any payload that people read.
const MAX_DEPTH: usize = 64;

/// All differences of two schemas, each complete in itself.
#[must_use]
pub fn schema_changes(old: &Value, new: &Value) -> Vec<SchemaChange> {
    let mut comparison =
        Comparison { old_root: old, new_root: new, path: Vec::new(), visited: Vec::new(), changes: Vec::new() };
    comparison.compare(old, new);
    comparison.changes
}

/// What a keyword held, and what it holds.
type Sides<'a> = (Option<&'a Value>, Option<&'a Value>);

/// A comparison under way.
struct Comparison<'a> {
    old_root: &'a Value,
    new_root: &'a Value,
    path: Vec<String>,
    /// Pairs of references that are being compared, and how deep: schemas may refer to themselves.
    visited: Vec<((String, String), usize)>,
    changes: Vec<SchemaChange>,
}

/// The keywords of a schema: of `true` none.
fn keywords(schema: &Value) -> Map<String, Value> {
    match schema {
        Value::Object(keywords) => keywords.clone(),
        Value::Bool(false) => [("not".to_owned(), Value::Object(Map::new()))].into_iter().collect(),
        _ => Map::new(),
    }
}

/// Where a reference within a document leads.
fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer))
}

impl Comparison<'_> {
    fn compare(&mut self, old: &Value, new: &Value) {
        if self.path.len() > MAX_DEPTH {
            return self.differ("$ref", (Some(old), Some(new)), (true, true));
        }
        if old == new && self.old_root == self.new_root {
            return;
        }
        // What takes nothing takes less than anything else; and what is no schema is compared as a text.
        let is_schema = |schema: &Value| schema.is_object() || schema.is_boolean();
        match (old == &NOTHING, new == &NOTHING) {
            _ if !is_schema(old) || !is_schema(new) => {
                return self.differ("other", (Some(old), Some(new)), (old != new, old != new));
            }
            (true, true) => return,
            (true, false) => return self.differ("not", (Some(old), Some(new)), (true, false)),
            (false, true) => return self.differ("not", (Some(old), Some(new)), (false, true)),
            (false, false) => {}
        }
        let reference = |schema: &Value| schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let (old_reference, new_reference) = (reference(old), reference(new));
        if old_reference.is_none() && new_reference.is_none() {
            return self.keywords(&keywords(old), &keywords(new));
        }
        let pair = (old_reference.clone().unwrap_or_default(), new_reference.clone().unwrap_or_default());
        if let Some((_, depth)) = self.visited.iter().find(|(known, _)| *known == pair) {
            // A reference that leads back to itself and to nothing else says nothing that could be compared.
            if *depth == self.path.len() && old != new {
                self.differ("$ref", (Some(old), Some(new)), (true, true));
            }
            return;
        }
        let (old_root, new_root) = (self.old_root, self.new_root);
        let follow = |schema: &Value, reference: &Option<String>, root| match reference {
            None => Some(keywords(schema)),
            Some(reference) => with_siblings(schema, resolve(root, reference)?),
        };
        let both = (follow(old, &old_reference, old_root), follow(new, &new_reference, new_root));
        let (Some(before), Some(after)) = both else {
            if old != new {
                self.differ("$ref", (Some(old), Some(new)), (true, true));
            }
            return;
        };
        self.visited.push((pair, self.path.len()));
        self.compare(&Value::Object(before), &Value::Object(after));
        self.visited.pop();
    }

    fn keywords(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        self.types(old, new);
        self.words(old, new);
        self.limits(old, new);
        self.objects(old, new);
        self.arrays(old, new);
        self.variants(old, new);
        let told = |name: &str| {
            ANNOTATIONS.contains(&name)
                || types::KEYWORDS.contains(&name)
                || limits::is_limit(name)
                || objects::KEYWORDS.contains(&name)
        };
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        for name in names.filter(|name| !told(name)) {
            let (before, after) = (old.get(name), new.get(name));
            if before != after {
                self.differ("other", (before, after), (true, true));
            }
        }
    }

    fn differ(&mut self, keyword: &'static str, (old, new): Sides<'_>, (wider, narrower): (bool, bool)) {
        if wider || narrower {
            let path = self.path.clone();
            self.changes.push(SchemaChange { path, keyword, wider, narrower, old: old.cloned(), new: new.cloned() });
        }
    }

    fn below(&mut self, name: &str, old: &Value, new: &Value) {
        self.path.push(name.to_owned());
        self.compare(old, new);
        self.path.pop();
    }
}

/// What a reference leads to, with the keywords beside the reference; `None` where both say the same keyword differently.
fn with_siblings(schema: &Value, target: &Value) -> Option<Map<String, Value>> {
    let mut merged = keywords(target);
    for (name, value) in
        keywords(schema).into_iter().filter(|(name, _)| name != "$ref" && !ANNOTATIONS.contains(&name.as_str()))
    {
        if merged.get(&name).is_some_and(|known| *known != value)
            || objects::KEYWORDS.contains(&name.as_str()) && merged.contains_key(&name)
        {
            return None;
        }
        merged.insert(name, value);
    }
    Some(merged)
}
