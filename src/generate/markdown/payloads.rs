//! `## Payloads`: what the keys hold, field by field, with an example that is valid.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::beyond;
use super::example;
use super::keys::other_bus;
use super::operations::{self, value_words};
use super::readings::{self, Entry};
use super::schema_words::{Row, rows, variants};
use super::text::{Table, anchor, blocks, code, codes, enumerate, fence, section, sentence, text};
use crate::registry::{FieldShape, Key, ModuleId, PayloadId, Registry, Shape, Value, format};

/// `## Payloads`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    let payloads = used(registry, id).into_iter().map(|payload| one(registry, id, payload));
    let fields = registry.keys_of(id).map(|key| field_table(registry, key));
    section(
        2,
        "Payloads",
        &blocks([section(3, "What each key holds", &holdings(registry, id))].into_iter().chain(payloads).chain(fields)),
    )
}

/// The payloads that a module's entries hold, with those that these refer to, then those it only declares.
fn used(registry: &Registry, id: ModuleId) -> Vec<PayloadId> {
    let mut used: Vec<PayloadId> = Vec::new();
    let values = readings::entries(registry, id).into_iter().flat_map(entry_values);
    let direct = values.filter_map(|value| if let Value::Payload(payload) = value { Some(*payload) } else { None });
    let declared = registry
        .payloads
        .iter()
        .enumerate()
        .filter(|(_, payload)| payload.module == Some(id))
        .map(|(at, _)| PayloadId(at));
    for payload in direct.chain(declared) {
        let referenced = registry.payload(payload).references.iter().map(|(_, target)| *target);
        for payload in std::iter::once(payload).chain(referenced) {
            if !used.contains(&payload) {
                used.push(payload);
            }
        }
    }
    used
}

fn entry_values(entry: Entry<'_>) -> Vec<&Value> {
    match entry {
        Entry::Key(key) => key.values().collect(),
        Entry::Channel(channel) => channel.message.iter().collect(),
    }
}

fn holdings(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "Name in code", "Holds"]);
    for key in registry.keys_of(id) {
        table.row([name_of(registry, key), code(&key.name), holding(registry, key)]);
    }
    table.render()
}

/// A key's name, with its bus where that is not the module's.
pub(super) fn name_of(registry: &Registry, key: &Key) -> String {
    code(key.pattern.as_str()) + &other_bus(registry, Entry::Key(key))
}

fn holding(registry: &Registry, key: &Key) -> String {
    let value = |value: &Value| linked(registry, value);
    match &key.shape {
        Shape::Opaque => "not described".to_owned(),
        Shape::Single(single) => value(single),
        Shape::Elements(element) => format!("elements: {}", value(element)),
        Shape::Members(member) => format!("members: {}", value(member)),
        Shape::Scored { member, .. } if key.redis_type.is_some_and(|redis_type| redis_type.name == "geo") => {
            format!("members: {}, each with its position", value(member))
        }
        Shape::Scored { member, score } => {
            format!("members: {}; score: {}", value(member), scalar_words(registry, score))
        }
        Shape::Fields(fields) => {
            format!("fields {}", enumerate(&fields.iter().map(|field| code(field.name.as_str())).collect::<Vec<_>>()))
        }
        Shape::Entries(fields) => {
            let field = |field: &FieldShape| format!("{}: {}", code(field.name.as_str()), value(&field.value));
            format!("entries with {}", enumerate(&fields.iter().map(field).collect::<Vec<_>>()))
        }
    }
}

/// A scalar with its meaning.
fn scalar_words(registry: &Registry, value: &Value) -> String {
    let name = registry.value_name(value);
    match format::SCALARS.iter().find(|(scalar, _)| *scalar == name) {
        Some((_, meaning)) => format!("{}, {meaning}", text(name)),
        None => text(name),
    }
}

/// A value's name; a payload's leads to its section.
fn linked(registry: &Registry, value: &Value) -> String {
    match value {
        Value::Payload(id) => format!("{} as JSON", payload_link(registry, *id)),
        Value::Scalar(_) | Value::Unknown(_) => value_words(registry, value),
    }
}

fn payload_link(registry: &Registry, id: PayloadId) -> String {
    let name = &registry.payload(id).name;
    format!("[{}](#{})", text(name), anchor(name))
}

fn one(registry: &Registry, module: ModuleId, id: PayloadId) -> String {
    let payload = registry.payload(id);
    let about = payload.schema.get("description").and_then(Json::as_str).map(sentence).unwrap_or_default();
    let holders = readings::entries(registry, module)
        .into_iter()
        .filter(|entry| entry_values(*entry).contains(&&Value::Payload(id)));
    let mut holders: Vec<String> = holders
        .map(|entry| {
            format!("{}{}", if entry.is_channel() { "the channel " } else { "" }, code(entry.pattern().as_str()))
        })
        .collect();
    holders.dedup();
    let held =
        if holders.is_empty() { part_of(registry, module, id) } else { format!("Held by {}.", enumerate(&holders)) };
    let shared = if payload.module.is_none() { "Shared by all modules." } else { "" };
    let intro =
        [about, shared.to_owned(), held].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let link = |name: &str| registry.referenced_payload(id, name).map(|target| payload_link(registry, target));
    let mut tables = vec![field_rows(&rows(&payload.schema, &payload.schema, &link))];
    for (title, variant) in variants(&payload.schema) {
        tables.push(section(4, &title, &field_rows(&rows(&payload.schema, variant, &link))));
    }
    let closed = payload.schema.get("additionalProperties") == Some(&Json::Bool(false));
    let closed = if closed { "No other fields are allowed.".to_owned() } else { String::new() };
    let example = example::example(registry, id, &given(registry, module))
        .and_then(|example| serde_json::to_string_pretty(&example).ok())
        .map(|example| {
            format!(
                "{} example:\n\n{}",
                if has_required(&payload.schema) { "The smallest valid" } else { "An" },
                fence("json", &example)
            )
        });
    let beyond = beyond::table(registry, id);
    let body = blocks([intro].into_iter().chain(tables).chain([closed, beyond]).chain(example));
    section(3, &text(&payload.name), if body.is_empty() { "Any JSON value." } else { &body })
}

/// The payloads that refer to one that no entry holds by itself.
fn part_of(registry: &Registry, module: ModuleId, id: PayloadId) -> String {
    let refers =
        |other: &PayloadId| *other != id && registry.payload(*other).references.iter().any(|(_, target)| *target == id);
    let whole: Vec<String> =
        used(registry, module).into_iter().filter(refers).map(|other| payload_link(registry, other)).collect();
    if whole.is_empty() { String::new() } else { format!("Part of {}.", enumerate(&whole)) }
}

fn has_required(schema: &Json) -> bool {
    schema.get("required").and_then(Json::as_array).is_some_and(|names| !names.is_empty())
}

/// Values for properties that are called like a param: what the names of the keys say, the payloads say too.
pub(super) fn given(registry: &Registry, module: ModuleId) -> BTreeMap<String, String> {
    let names = registry.module(module).params.keys();
    names.filter_map(|name| Some((name.clone(), registry.param_examples(module, name).into_iter().next()?))).collect()
}

fn field_rows(rows: &[Row]) -> String {
    let mut table = Table::new(&["Field", "Type", "Required", "Constraints", "Meaning"]);
    for row in rows {
        let required = if row.required { "yes" } else { "no" };
        table.row([
            code(&row.name),
            row.kind.clone(),
            required.to_owned(),
            row.constraints.clone(),
            row.meaning.clone(),
        ]);
    }
    table.render()
}

/// The fields of a hash, or of a stream's entries when there is more to say than their payload.
fn field_table(registry: &Registry, key: &Key) -> String {
    let (fields, what) = match &key.shape {
        Shape::Fields(fields) => (fields, "Fields of"),
        Shape::Entries(fields) => (fields, "Entry fields of"),
        Shape::Opaque | Shape::Single(_) | Shape::Elements(_) | Shape::Members(_) | Shape::Scored { .. } => {
            return String::new();
        }
    };
    // A stream's one field says nothing that is not said above.
    let plain = |only: &FieldShape| only.purpose.is_none() && only.operations.is_empty();
    if matches!(fields.as_slice(), [only] if plain(only) && only.required == only.name.is_static() && what.starts_with("Entry"))
    {
        return String::new();
    }
    let mut table = Table::new(&["Field", "Holds", "Always there", "Written by", "Meaning"]);
    for field in fields {
        let writers = key.operations.iter().filter(|operation| operations::role(operation) == operations::Role::Write);
        let writers = if field.operations.is_empty() {
            let fitting = writers.filter(|operation| operations::writes_field(operation, field));
            codes(fitting.map(|operation| operation.name.as_str()))
        } else {
            codes(field.operations.iter().map(String::as_str))
        };
        let meaning = field.purpose.as_deref().map(sentence).unwrap_or_default();
        let required = if field.required { "yes" } else { "no" };
        table.row([code(field.name.as_str()), linked(registry, &field.value), required.to_owned(), writers, meaning]);
    }
    section(3, &format!("{what} {}", name_of(registry, key)), &table.render())
}
