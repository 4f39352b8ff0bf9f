//! `type`, `enum`, `const`, `format`, `pattern`: what a value is.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Comparison;

/// The keywords of this file.
pub(super) const KEYWORDS: [&str; 5] = ["type", "enum", "const", "format", "pattern"];
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

impl Comparison<'_> {
    pub(super) fn types(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (types(old.get("type")), types(new.get("type")));
        let within = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| {
            a.iter().all(|name| b.contains(name) || *name == "integer" && b.contains("number"))
        };
        let (wider, narrower) = (!within(&after, &before), !within(&before, &after));
        self.differ("type", (old.get("type"), new.get("type")), (wider, narrower));
    }

    pub(super) fn words(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (words(old), words(new));
        let within = |a: &Option<Vec<Value>>, b: &Option<Vec<Value>>| match (a, b) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.iter().all(|word| b.contains(word)),
        };
        let keyword = if old.contains_key("const") || new.contains_key("const") { "const" } else { "enum" };
        let value = |keywords: &Map<String, Value>| keywords.get("const").or_else(|| keywords.get("enum")).cloned();
        let (wider, narrower) = (!within(&after, &before), !within(&before, &after));
        self.differ(keyword, (value(old).as_ref(), value(new).as_ref()), (wider, narrower));
        for keyword in ["format", "pattern"] {
            let (before, after) = (old.get(keyword), new.get(keyword));
            if before != after {
                self.differ(keyword, (before, after), (before.is_some(), after.is_some()));
            }
        }
    }
}

fn types(keyword: Option<&Value>) -> BTreeSet<&str> {
    match keyword {
        Some(Value::String(name)) => [name.as_str()].into(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => TYPES.into(),
    }
}

/// The words that are allowed; `None` where all are.
fn words(keywords: &Map<String, Value>) -> Option<Vec<Value>> {
    let listed = keywords.get("enum").and_then(Value::as_array).cloned();
    match (keywords.get("const"), listed) {
        (Some(word), Some(listed)) if !listed.contains(word) => Some(Vec::new()),
        (Some(word), _) => Some(vec![word.clone()]),
        (None, listed) => listed,
    }
}
