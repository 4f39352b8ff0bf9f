//! Which fields do the values of an entry have, and can a reader rely on them? Follows JSON Schema's `$ref`, `allOf` and
//! variants; for hashes and streams the declared fields come first.

use serde_json::Value as Json;

use super::entries::Entry;
use crate::registry::{Claim, FieldShape, Key, PayloadId, Registry, Scalar, Shape, Value};

/// How deep references and combinators are followed; a schema may refer to itself.
const MAX_DEPTH: usize = 32;

/// Is a field there?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    /// Nothing that is declared allows it.
    Absent,
    /// The declaration leaves it open.
    Unknown,
    /// It may be missing.
    Optional,
    /// It is always there.
    Required,
}
use Presence::{Absent, Optional, Required, Unknown};

/// Is the field `path` (`a.b` for nested ones) in what a reader of the entry gets?
pub(super) fn presence(registry: &Registry, entry: Entry<'_>, path: &str) -> Presence {
    match entry {
        Entry::Channel(channel) => channel.message.as_ref().map_or(Unknown, |value| in_value(registry, value, path)),
        Entry::Key(key) => match &key.shape {
            Shape::Opaque => Unknown,
            Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => in_value(registry, value, path),
            Shape::Scored { .. } if matches!(path, "member" | "score") => Required,
            Shape::Scored { member, .. } => in_value(registry, member, path),
            Shape::Fields(fields) | Shape::Entries(fields) => in_fields(registry, key, fields, path),
        },
    }
}

fn in_fields(registry: &Registry, key: &Key, fields: &[FieldShape], path: &str) -> Presence {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let claims = |field: &&FieldShape| {
        let claim = Claim::new((), &field.name, registry, key.module);
        claim.is_ok_and(|claim| claim.matches(path.as_bytes()) || claim.matches(first.as_bytes()))
    };
    let written = |field: &&FieldShape| field.name.as_str() == path || field.name.as_str() == first;
    if let Some(field) = fields.iter().find(written) {
        // A reader that needs `{sku}` fields reads whichever there are.
        let own = if field.required || !field.name.is_static() { Required } else { Optional };
        return rest.map_or(own, |rest| own.min(in_value(registry, &field.value, rest)));
    }
    if fields.iter().any(|field| claims(&field)) {
        return Optional;
    }
    match fields {
        // One payload is the whole entry: readers speak of its fields.
        [FieldShape { value: value @ Value::Payload(_), .. }] => in_value(registry, value, path),
        [] => Unknown,
        _ => Absent,
    }
}

fn in_value(registry: &Registry, value: &Value, path: &str) -> Presence {
    match value {
        Value::Unknown(_) | Value::Scalar(Scalar::Json) => Unknown,
        Value::Scalar(_) if matches!(path, "value" | "element" | "member") => Required,
        Value::Scalar(_) => Absent,
        Value::Payload(id) => {
            let schema = registry.bundled_schema(*id);
            let path: Vec<&str> = path.split('.').collect();
            Search { root: &schema }.find(&schema, &path, MAX_DEPTH)
        }
    }
}

struct Search<'a> {
    root: &'a Json,
}

impl Search<'_> {
    fn find(&self, schema: &Json, path: &[&str], depth: usize) -> Presence {
        let (Some((first, rest)), Some(depth)) = (path.split_first(), depth.checked_sub(1)) else {
            return if path.is_empty() { Required } else { Unknown };
        };
        let Json::Object(map) = schema else {
            return if schema == &Json::Bool(false) { Absent } else { Unknown };
        };
        // What parts of a schema say adds up: the surest answer holds.
        let mut answers = Vec::new();
        if let Some(target) = reference(self.root, schema) {
            answers.push(self.find(target, path, depth));
        }
        for part in list(schema, "allOf") {
            answers.push(self.find(part, path, depth));
        }
        for name in ["oneOf", "anyOf"] {
            if map.contains_key(name) {
                answers.push(in_all(list(schema, name).map(|variant| self.find(variant, path, depth))));
            }
        }
        for name in ["then", "else"] {
            answers.extend(map.get(name).map(|part| self.find(part, path, depth).min(Optional)));
        }
        if let Some(items) = map.get("items") {
            let rest = if matches!(*first, "[]" | "*") || first.parse::<usize>().is_ok() { rest } else { path };
            answers.push(self.find(items, rest, depth));
        }
        answers.extend(self.own(schema, first, rest, depth));
        let listed = list(schema, "required").any(|name| name.as_str() == Some(first));
        let best = answers.into_iter().max().unwrap_or(Unknown);
        if listed && rest.is_empty() { Required } else { best }
    }

    /// What the schema's own properties say of the field.
    fn own(&self, schema: &Json, first: &str, rest: &[&str], depth: usize) -> Option<Presence> {
        let properties = schema.get("properties").and_then(Json::as_object);
        if let Some(field) = properties.and_then(|properties| properties.get(first)) {
            let listed = list(schema, "required").any(|name| name.as_str() == Some(first));
            let own = if listed { Required } else { Optional };
            return Some(own.min(self.find(field, rest, depth)));
        }
        match schema.get("additionalProperties") {
            Some(Json::Object(_)) => Some(Optional),
            Some(Json::Bool(true)) => Some(Unknown),
            // A name pattern may allow it; saying more would need the regular expression.
            _ if schema.get("patternProperties").is_some() => Some(Optional),
            Some(_) => Some(Absent),
            None => properties.map(|_| Absent),
        }
    }
}

/// A field is there for certain if all variants have it, and not at all if none has.
fn in_all(variants: impl Iterator<Item = Presence>) -> Presence {
    let variants: Vec<Presence> = variants.collect();
    match (variants.iter().min(), variants.iter().max()) {
        (Some(least), Some(most)) if least == most => *least,
        (Some(_), Some(Required | Optional)) => Optional,
        _ => Unknown,
    }
}

fn list<'a>(schema: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    schema.get(name).and_then(Json::as_array).into_iter().flatten()
}

/// The schema that a `$ref` means; only those inside the bundle are followed.
fn reference<'a>(root: &'a Json, schema: &Json) -> Option<&'a Json> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)
}

/// A property of a payload, with its schema.
#[derive(Debug, Clone)]
pub(super) struct Property {
    /// Its name.
    pub(super) name: String,
    /// What its value is, references followed.
    pub(super) schema: Json,
    /// Is it always there, in each variant?
    pub(super) required: bool,
}

/// The properties of a payload at its top level, those of its parts and variants included.
pub(super) fn properties(registry: &Registry, id: PayloadId) -> Vec<Property> {
    let root = registry.bundled_schema(id);
    let mut found = Vec::new();
    collect(&root, &root, MAX_DEPTH, &mut found);
    let search = Search { root: &root };
    for property in &mut found {
        property.required = search.find(&root, &[property.name.as_str()], MAX_DEPTH) == Required;
    }
    found
}

fn collect(root: &Json, schema: &Json, depth: usize, found: &mut Vec<Property>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (name, field) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        if !found.iter().any(|known| known.name == *name) {
            let target = reference(root, field).unwrap_or(field);
            found.push(Property { name: name.clone(), schema: target.clone(), required: false });
        }
    }
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|name| list(schema, name));
    for part in parts.chain(reference(root, schema)) {
        collect(root, part, depth, found);
    }
}

/// The names of the fields that a reader of the entry can rely on or not, for "did you mean".
pub(super) fn names(registry: &Registry, entry: Entry<'_>) -> Vec<String> {
    let mut names: Vec<String> = entry.fields().iter().map(|field| field.name.as_str().to_owned()).collect();
    let payloads = entry.values().into_iter().filter_map(|value| match value {
        Value::Payload(id) => Some(*id),
        Value::Scalar(_) | Value::Unknown(_) => None,
    });
    if names.len() < 2 {
        names.extend(payloads.flat_map(|id| properties(registry, id)).map(|property| property.name));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn find(schema: &Json, path: &str) -> Presence {
        Search { root: schema }.find(schema, &path.split('.').collect::<Vec<_>>(), MAX_DEPTH)
    }

    #[test]
    fn nested_fields_and_references_are_followed() {
        let schema = json!({
            "required": ["a"],
            "properties": {"a": {"$ref": "#/$defs/A"}, "o": {"type": "string"}, "self": {"$ref": "#"}},
            "$defs": {"A": {"required": ["b"], "properties": {"b": {}, "c": {}}}}
        });
        let paths = [("a.b", Required), ("a.c", Optional), ("o", Optional), ("a.x", Absent), ("self.self.a", Optional)];
        for (path, expected) in paths {
            assert_eq!(find(&schema, path), expected, "{path}");
        }
    }

    #[test]
    fn variants_must_agree() {
        let variant = |name: &str| json!({"required": [name, "ts"], "properties": {name: {}, "ts": {}}});
        let schema = json!({"oneOf": [variant("x"), variant("y")]});
        assert_eq!((find(&schema, "ts"), find(&schema, "x"), find(&schema, "z")), (Required, Optional, Absent));
        let based = json!({"required": ["x"], "properties": {"x": {}}, "anyOf": [variant("y"), variant("z")]});
        assert_eq!((find(&based, "x"), find(&based, "y")), (Required, Optional));
        assert_eq!(
            (find(&json!({}), "x"), find(&json!({"type": "array", "items": variant("x")}), "x")),
            (Unknown, Required)
        );
    }
}
