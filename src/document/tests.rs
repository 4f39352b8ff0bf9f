//! Tests of the document and its schemas against `serde_json` and `jsonschema` over its values.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod agreement;
mod hostile;
mod spelling;
mod undeclared;
mod verdicts;

use jsonschema::JsonType;
use jsonschema::json::{Array as _, JsonNumber as _, Node as _, Object as _};
use serde_json::Value;

use super::{Document, Node, Schema, Scratch, Verdict};

/// The value a node holds, read through the traits that the validator uses.
fn value_of(node: Node<'_>) -> Value {
    match node.json_type() {
        JsonType::Null => Value::Null,
        JsonType::Boolean => Value::Bool(node.as_boolean().unwrap()),
        JsonType::Number | JsonType::Integer => Value::Number(node.as_number().unwrap().to_number().into_owned()),
        JsonType::String => Value::String(node.as_string().unwrap().into_owned()),
        JsonType::Array => {
            let array = node.as_array().unwrap();
            let elements: Vec<Value> = array.elements().map(value_of).collect();
            assert_eq!(array.len(), elements.len());
            Value::Array(elements)
        }
        JsonType::Object => {
            let object = node.as_object().unwrap();
            let mut members = serde_json::Map::new();
            for (name, value) in object.members() {
                assert!(members.insert(name.to_owned(), value_of(value)).is_none(), "a member twice");
            }
            assert_eq!(object.len(), members.len());
            Value::Object(members)
        }
    }
}

/// What the bytes hold, or where and why they are not JSON.
fn read(bytes: &[u8]) -> Result<Value, super::NotJson> {
    Document::parse(bytes, &mut Scratch::default()).map(|document| value_of(document.root()))
}

fn check(schema: Value, text: &str) -> Verdict {
    Schema::compile(&schema).unwrap().check(&mut Scratch::default(), text.as_bytes())
}
