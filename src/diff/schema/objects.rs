//! What is inside: properties, items, and variants.

use serde_json::{Map, Value};

use super::Comparison;

/// The keywords of this file.
pub(super) const KEYWORDS: [&str; 10] = [
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "oneOf",
    "anyOf",
    "allOf",
    "patternProperties",
    "not",
];

const ANYTHING: Value = Value::Bool(true);

impl Comparison<'_> {
    pub(super) fn objects(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let required = |keywords: &Map<String, Value>| -> Vec<Value> {
            keywords.get("required").and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let (before, after) = (required(old), required(new));
        for (name, wider) in before
            .iter()
            .filter(|name| !after.contains(name))
            .map(|name| (name, true))
            .chain(after.iter().filter(|name| !before.contains(name)).map(|name| (name, false)))
        {
            self.path.push(name.as_str().unwrap_or_default().to_owned());
            let (was, is) = (Value::Bool(wider), Value::Bool(!wider));
            self.differ("required", (Some(&was), Some(&is)), (wider, !wider));
            self.path.pop();
        }
        // Which property a pattern takes is not worked out.
        let patterns = (old.get("patternProperties"), new.get("patternProperties"));
        if patterns.0 != patterns.1 {
            self.differ("patternProperties", (patterns.0, patterns.1), (true, true));
        }
        let has_patterns = patterns.0.is_some() || patterns.1.is_some();
        let open = |keywords: &Map<String, Value>| keywords.get("additionalProperties").cloned().unwrap_or(ANYTHING);
        let (old_rest, new_rest) = (open(old), open(new));
        let none = Map::new();
        let properties = |keywords: &'_ Map<String, Value>| -> Map<String, Value> {
            keywords.get("properties").and_then(Value::as_object).unwrap_or(&none).clone()
        };
        let (before, after) = (properties(old), properties(new));
        for (name, schema) in &after {
            match before.get(name) {
                Some(known) => self.below(name, known, schema),
                None => self.came_or_went(name, (&old_rest, schema), has_patterns, true),
            }
        }
        for (name, schema) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            self.came_or_went(name, (schema, &new_rest), has_patterns, false);
        }
        self.rest("additionalProperties", old.get("additionalProperties"), new.get("additionalProperties"));
    }

    /// A property that only one side names: the other one's rule for all others holds for it.
    fn came_or_went(&mut self, name: &str, (old, new): (&Value, &Value), has_patterns: bool, came: bool) {
        let keyword = "properties";
        let from = self.changes.len();
        self.below(name, old, new);
        let (mut wider, mut narrower) = (has_patterns, has_patterns);
        for change in self.changes.drain(from..) {
            wider |= change.wider;
            narrower |= change.narrower;
        }
        self.path.push(name.to_owned());
        let values = if came { (None, Some(new)) } else { (Some(old), None) };
        self.differ(keyword, (values.0, values.1), (wider, narrower));
        // A property that is not promised any more may be missed, even where the schema stays open.
        if !wider && !narrower && !came {
            self.differ(keyword, (values.0, values.1), (true, false));
        }
        self.path.pop();
    }

    /// A schema for all that nothing else names; absent, it is `true`.
    fn rest(&mut self, keyword: &'static str, old: Option<&Value>, new: Option<&Value>) {
        let (before, after) = (old.unwrap_or(&ANYTHING), new.unwrap_or(&ANYTHING));
        if before == after {
            return;
        }
        let from = self.changes.len();
        self.below("*", before, after);
        let (mut wider, mut narrower) = (false, false);
        for change in self.changes.drain(from..) {
            wider |= change.wider;
            narrower |= change.narrower;
        }
        self.differ(keyword, (old, new), (wider, narrower));
    }

    pub(super) fn arrays(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (before, after) = (old.get("prefixItems"), new.get("prefixItems"));
        if before != after {
            self.differ("prefixItems", (before, after), (true, true));
            return self.rest("items", old.get("items"), new.get("items"));
        }
        match (old.get("items"), new.get("items")) {
            (Some(before), Some(after)) => self.below("[]", before, after),
            (before, after) => self.rest("items", before, after),
        }
    }

    pub(super) fn variants(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let list = |keywords: &Map<String, Value>| keywords.get(keyword).and_then(Value::as_array).cloned();
            let (before, after) = (list(old), list(new));
            if before == after {
                continue;
            }
            let (was, is) = (old.get(keyword), new.get(keyword));
            let (Some(before), Some(after)) = (&before, &after) else {
                // A list of conditions where there was none takes less.
                self.differ(keyword, (was, is), (before.is_some(), after.is_some()));
                continue;
            };
            let (gone, came) = (missing(before, after), missing(after, before));
            if before.len() == after.len() && gone.len() == 1 && came.len() == 1 && keyword != "oneOf" {
                // One of them was changed: what changed inside says it.
                self.compare(gone[0], came[0]);
                continue;
            }
            let (more, less) = (!came.is_empty(), !gone.is_empty());
            let (wider, narrower) = match keyword {
                "allOf" => (less, more),
                "anyOf" => (more, less),
                // Of oneOf, one more variant may also refuse what then fits two; so may one less take it.
                _ => (true, true),
            };
            self.differ(keyword, (was, is), (wider, narrower));
        }
        let (before, after) = (old.get("not"), new.get("not"));
        if before != after {
            let (wider, narrower) = match (before, after) {
                (None, _) => (false, true),
                (_, None) => (true, false),
                _ => (true, true),
            };
            self.differ("not", (before, after), (wider, narrower));
        }
    }
}

fn missing<'a>(from: &'a [Value], other: &[Value]) -> Vec<&'a Value> {
    from.iter().filter(|item| !other.contains(item)).collect()
}
