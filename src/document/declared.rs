//! The top-level property names that a schema declares while it says nothing of others.
//! Takes a schema as a value; given an object, names the members that nobody declared.

use std::collections::{HashMap, HashSet};

use jsonschema::Validator;
use jsonschema::json::Node as _;
use serde_json::{Value, json};

use super::node::{Flat, Node};
use super::schema::compile_with;
use super::violation::clip;

/// Names given of one document.
const MAX_NAMES: usize = 8;

/// The declared names of a schema that is silent on additional properties.
#[derive(Debug)]
pub(super) struct Declared {
    /// In schema order, which writers tend to keep.
    names: Vec<Box<str>>,
    places: HashMap<Box<str>, usize>,
    /// Holds for names that `patternProperties` declares.
    patterns: Option<Validator<Flat>>,
}

impl Declared {
    /// `None` when the schema says what may come besides (or leaves it open by naming no property at
    /// all), or when what it declares cannot be told.
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let mut found = Found { root: schema, names: Vec::new(), patterns: Vec::new(), visited: HashSet::new() };
        found.collect(schema)?;
        let Found { names, patterns, .. } = found;
        if names.is_empty() && patterns.is_empty() {
            return None;
        }
        let patterns = if patterns.is_empty() {
            None
        } else {
            let any: Vec<Value> = patterns.iter().map(|pattern| json!({ "pattern": pattern })).collect();
            Some(compile_with(&json!({ "anyOf": any })).ok()?)
        };
        let mut declared = Self { names: Vec::new(), places: HashMap::new(), patterns };
        for name in names {
            if declared.places.insert(name.into(), declared.names.len()).is_none() {
                declared.names.push(name.into());
            } else {
                // Keep the place of the first.
                let first = declared.names.iter().position(|known| **known == *name)?;
                declared.places.insert(name.into(), first);
            }
        }
        Some(declared)
    }

    /// Names of members of `root` that are not declared.
    pub(super) fn missing(&self, root: Node<'_>) -> Vec<String> {
        let mut missing = Vec::new();
        let mut next = 0;
        for (name, _) in root.as_object().into_iter().flat_map(|object| object.pairs()) {
            let text = name.text();
            // Usually the name due next, for the price of one comparison.
            if self.names.get(next).is_some_and(|due| **due == *text) {
                next += 1;
            } else if let Some(place) = self.places.get(text) {
                next = place + 1;
            } else if !self.patterns.as_ref().is_some_and(|patterns| patterns.is_valid(name)) {
                missing.push(clip(text));
                if missing.len() == MAX_NAMES {
                    break;
                }
            }
        }
        missing
    }
}

struct Found<'a> {
    root: &'a Value,
    names: Vec<&'a str>,
    patterns: Vec<&'a str>,
    /// References followed.
    visited: HashSet<&'a str>,
}

impl<'a> Found<'a> {
    /// Adds what `schema` declares of the same object. `None`: it allows names that are not listed.
    fn collect(&mut self, schema: &'a Value) -> Option<()> {
        let Value::Object(keywords) = schema else { return Some(()) };
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "additionalProperties" | "unevaluatedProperties" => return None,
                "properties" => self.names.extend(value.as_object()?.keys().map(String::as_str)),
                "patternProperties" => self.patterns.extend(value.as_object()?.keys().map(String::as_str)),
                "allOf" | "anyOf" | "oneOf" => {
                    for branch in value.as_array()? {
                        self.collect(branch)?;
                    }
                }
                "if" | "then" | "else" => self.collect(value)?,
                "dependentSchemas" => {
                    for branch in value.as_object()?.values() {
                        self.collect(branch)?;
                    }
                }
                "$ref" => self.follow(value.as_str()?)?,
                "$dynamicRef" => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn follow(&mut self, reference: &'a str) -> Option<()> {
        if !self.visited.insert(reference) {
            return Some(());
        }
        let fragment = reference.strip_prefix('#').filter(|fragment| !fragment.contains('%'))?;
        self.collect(self.root.pointer(fragment)?)
    }
}
