//! The JSON Schema of the registry format, for editors: made from the same tables that check it.

use serde_json::{Map, Value, json};

use super::{Kind, Leaf, MODULE, Object, REGISTRY};

/// One schema for both kinds of file: a file with `module` is one of `modules/`, any other is `registry.yaml`.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let registry = object(&REGISTRY, &mut definitions);
    let module = object(&MODULE, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:keywire:registry-format:1",
        "title": "keywire registry",
        "description": "A file of a keywire registry: registry.yaml, or one module of modules/, which is known by its field `module`.",
        "type": "object",
        "if": { "required": ["module"] },
        "then": module,
        "else": registry,
        "$defs": definitions,
    })
}

/// Defines the object once and gives a reference to it.
fn object(object: &'static Object, definitions: &mut Map<String, Value>) -> Value {
    let name =
        ["a ", "an ", "the "].iter().find_map(|article| object.name.strip_prefix(article)).unwrap_or(object.name);
    let id = name.replace(' ', "_").to_lowercase();
    if !definitions.contains_key(&id) {
        // Holds the place in the order, and ends the recursion.
        definitions.insert(id.clone(), Value::Null);
        let mut properties = Map::new();
        for field in object.fields {
            let mut schema = kind(&field.kind, definitions);
            if let Value::Object(map) = &mut schema {
                map.insert("description".into(), describe(field.about, &field.kind).into());
            }
            properties.insert(field.name.into(), schema);
        }
        let required: Vec<&str> = object.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        let mut schema = json!({
            "title": name, "description": object.about, "type": "object", "additionalProperties": false,
        });
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema["properties"] = properties.into();
        definitions.insert(id.clone(), schema);
    }
    json!({ "$ref": format!("#/$defs/{id}") })
}

/// What a field is for, and how its value is written.
fn describe(about: &str, kind: &'static Kind) -> String {
    match kind {
        Kind::Leaf(leaf) => format!("{about} Written as {}: {}.", leaf.about, leaf.examples.join(", ")),
        Kind::Short(Kind::Leaf(leaf), _) => {
            format!("{about} Written as {}: {}; or as a mapping.", leaf.about, leaf.examples.join(", "))
        }
        Kind::Word(words) => {
            let words: Vec<String> = words.iter().map(|(word, meaning)| format!("{word}: {meaning}")).collect();
            format!("{about} {}", words.join(" "))
        }
        Kind::Text
        | Kind::Flag
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Object(_)
        | Kind::Short(..)
        | Kind::Schema
        | Kind::Any => about.to_owned(),
    }
}

fn kind(of: &'static Kind, definitions: &mut Map<String, Value>) -> Value {
    match of {
        // A YAML number or flag where text is expected is read as the text that stands there.
        Kind::Text => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({
            "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>(),
            // Not of JSON Schema itself; editors show it beside each word.
            "enumDescriptions": words.iter().map(|(_, meaning)| *meaning).collect::<Vec<_>>(),
        }),
        Kind::Leaf(of) => leaf(of),
        Kind::List(item) => {
            let item = kind(item, definitions);
            json!({ "anyOf": [{ "type": "array", "items": item.clone() }, item] })
        }
        Kind::Map(value) => json!({ "type": "object", "additionalProperties": kind(value, definitions) }),
        Kind::Object(inner) => object(inner, definitions),
        Kind::Short(single, long) => json!({ "anyOf": [kind(single, definitions), kind(long, definitions)] }),
        Kind::Schema => json!({ "$ref": "https://json-schema.org/draft/2020-12/schema" }),
        Kind::Any => json!({}),
    }
}

/// Text of the leaf's syntax, or the same as a YAML number where its syntax allows one.
fn leaf(of: &'static Leaf) -> Value {
    let text = json!({ "type": "string", "pattern": of.pattern });
    let written =
        |number: &str| (of.check)(number).is_ok() && regex::Regex::new(of.pattern).is_ok_and(|r| r.is_match(number));
    let number = match (written("1"), written("2"), written("-1")) {
        (false, ..) => None,
        (true, false, _) => Some(json!({ "const": 1 })),
        (true, true, false) => Some(json!({ "type": "integer", "minimum": 0 })),
        (true, true, true) => Some(json!({ "type": "integer" })),
    };
    let mut schema = match number {
        None => text,
        Some(number) => json!({ "anyOf": [number, text] }),
    };
    schema["examples"] = of.examples.into();
    schema
}
