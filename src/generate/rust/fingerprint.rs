//! The fingerprint of what a module's part of the registry means: names, types, operations, retention, values. It does not
//! change with places, order of files, or what is written for people.

use std::fmt::Write as _;

use crate::registry::{FieldShape, ModuleId, Registry, Shape, Value};

/// Sixteen hexadecimal digits.
pub(super) fn of(registry: &Registry, module: ModuleId) -> String {
    format!("{:016x}", fnv1a(meaning(registry, module).as_bytes()))
}

/// FNV-1a, 64 bits: stable across versions of Rust and of keywire.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn meaning(registry: &Registry, module: ModuleId) -> String {
    let mut lines = Vec::new();
    for key in registry.keys_of(module) {
        let mut line = format!("key {} {} {:?}", key.name, key.pattern, key.bus.map(|bus| &registry.bus(bus).name));
        let operations: Vec<&str> = key.operations.iter().map(|operation| operation.name.as_str()).collect();
        let redis_type = key.redis_type.map_or("", |redis_type| redis_type.name);
        let _ = write!(line, " {redis_type} {} {operations:?}", shape(registry, &key.shape));
        let _ = write!(line, " {:?} {} {:?}", key.retention, key.required, key.cardinality);
        lines.push(line);
    }
    for channel in registry.channels_of(module) {
        let message = channel.message.as_ref().map(|value| value_text(registry, value));
        lines.push(format!("channel {} {} {message:?}", channel.name, channel.pattern));
    }
    for (name, param) in &registry.module(module).params {
        lines.push(format!("param {name} {:?}", param.kind));
    }
    lines.sort();
    lines.join("\n")
}

fn shape(registry: &Registry, shape: &Shape) -> String {
    let fields = |fields: &[FieldShape]| {
        let field = |field: &FieldShape| {
            let value = value_text(registry, &field.value);
            format!("{} {value} {} {:?}", field.name, field.required, field.operations)
        };
        fields.iter().map(field).collect::<Vec<_>>().join(", ")
    };
    match shape {
        Shape::Opaque => String::new(),
        Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => value_text(registry, value),
        Shape::Fields(shapes) | Shape::Entries(shapes) => fields(shapes),
        Shape::Scored { member, score } => {
            format!("{} by {}", value_text(registry, member), value_text(registry, score))
        }
    }
}

fn value_text(registry: &Registry, value: &Value) -> String {
    match value {
        Value::Payload(id) => without_prose(&registry.bundled_schema(*id)).to_string(),
        Value::Scalar(_) | Value::Unknown(_) => registry.value_name(value).to_owned(),
    }
}

/// A schema without what is for people, names in order.
fn without_prose(schema: &serde_json::Value) -> serde_json::Value {
    match schema {
        serde_json::Value::Object(object) => {
            let prose = |name: &str, value: &serde_json::Value| {
                matches!(name, "title" | "description" | "$comment") && value.is_string()
            };
            let mut entries: Vec<_> = object.iter().filter(|(name, value)| !prose(name, value)).collect();
            entries.sort_by_key(|(name, _)| *name);
            entries.into_iter().map(|(name, value)| (name.clone(), without_prose(value))).collect()
        }
        serde_json::Value::Array(items) => items.iter().map(without_prose).collect(),
        plain => plain.clone(),
    }
}
