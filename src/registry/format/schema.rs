//! The JSON Schema of the registry format, for editors: made from the same tables that check it.

use serde_json::{Map, Value, json};

use super::{Kind, MODULE, Object, REGISTRY};

/// One schema for both kinds of file: `registry.yaml` and `modules/*.yaml` are told apart by their required fields.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let registry = object(&REGISTRY, &mut definitions);
    let module = object(&MODULE, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:keywire:registry-format:1",
        "title": "keywire registry",
        "description": "registry.yaml, or one file of modules/.",
        "if": { "required": ["module"] },
        "then": module,
        "else": registry,
        "$defs": definitions,
    })
}

/// Defines the object once and gives a reference to it.
fn object(object: &'static Object, definitions: &mut Map<String, Value>) -> Value {
    let id = object.name.rsplit(' ').next().unwrap_or(object.name).to_lowercase();
    let id = if object.name == "a TTL range" { "ttl_range".to_owned() } else { id };
    if !definitions.contains_key(&id) {
        definitions.insert(id.clone(), Value::Null);
        let mut properties = Map::new();
        for field in object.fields {
            let mut schema = kind(&field.kind, definitions);
            if let Value::Object(map) = &mut schema {
                map.insert("description".into(), field.about.into());
            }
            properties.insert(field.name.into(), schema);
        }
        let required: Vec<&str> = object.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        let mut schema = json!({
            "type": "object", "description": object.about, "additionalProperties": false, "properties": properties,
        });
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        definitions.insert(id.clone(), schema);
    }
    json!({ "$ref": format!("#/$defs/{id}") })
}

fn kind(of: &'static Kind, definitions: &mut Map<String, Value>) -> Value {
    match of {
        // A YAML number or flag where text is expected is read as the text that stands there.
        Kind::Text => json!({ "type": ["string", "number", "boolean"] }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() }),
        Kind::Leaf(leaf) => {
            json!({ "type": ["string", "integer"], "pattern": leaf.pattern, "examples": leaf.examples })
        }
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
