//! Where a document can be broken, and how: schema and document walked side by side, keyword by keyword.

use std::rc::Rc;

use serde_json::{Map, Number, Value, json};

use super::flatten::{Flat, Schemas, list, types};
use super::is_valid;
use crate::document::Schema;

/// A value to put at a place of the document, and the keyword that this is to break there.
pub(super) struct Change {
    pub keyword: &'static str,
    pub pointer: String,
    pub value: Value,
}

/// All changes that come to mind; not all of them break what they should.
pub(super) fn changes(schemas: &Schemas, document: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(schemas, (&schemas.root, &Rc::new(Vec::new())), document, "", &mut changes);
    changes
}

fn walk(
    schemas: &Schemas,
    (schema, trail): (&Value, &Rc<Vec<String>>),
    value: &Value,
    pointer: &str,
    changes: &mut Vec<Change>,
) {
    let Ok(flats) = schemas.alternatives(schema, trail) else { return };
    // With several alternatives, the one that the value keeps.
    let Some(flat) = (match flats.as_slice() {
        [only] => Some(only),
        several => several.iter().find(|flat| keeps(schemas, flat, value)),
    }) else {
        return;
    };
    let mut push = |keyword, value| changes.push(Change { keyword, pointer: pointer.to_owned(), value });
    of_any(&flat.keywords, value, &mut push);
    match value {
        Value::String(text) => of_text(&flat.keywords, text, &mut push),
        Value::Number(number) => of_number(&flat.keywords, number, &mut push),
        Value::Array(items) => of_array(&flat.keywords, items, &mut push),
        Value::Object(members) => of_object(&flat.keywords, members, &mut push),
        Value::Null | Value::Bool(_) => {}
    }
    for (name, schema, part) in parts(&flat.keywords, value) {
        let name = name.replace('~', "~0").replace('/', "~1");
        walk(schemas, (schema, &flat.trail), part, &format!("{pointer}/{name}"), changes);
    }
}

fn keeps(schemas: &Schemas, flat: &Flat, value: &Value) -> bool {
    let mut schema = flat.keywords.clone();
    if let Some(definitions) = schemas.root.get("$defs") {
        schema.insert("$defs".to_owned(), definitions.clone());
    }
    Schema::compile(&Value::Object(schema)).is_ok_and(|schema| is_valid(&schema, value))
}

/// The parts of a container, each with its name and its schema.
fn parts<'a>(keywords: &'a Map<String, Value>, value: &'a Value) -> Vec<(String, &'a Value, &'a Value)> {
    match value {
        Value::Array(items) => {
            let firsts: Vec<&Value> = list(keywords, "prefixItems").collect();
            let schema = |at: usize| firsts.get(at).copied().or_else(|| keywords.get("items"));
            items.iter().enumerate().filter_map(|(at, item)| Some((at.to_string(), schema(at)?, item))).collect()
        }
        Value::Object(members) => {
            let declared = keywords.get("properties").and_then(Value::as_object);
            let schema = |name: &String| {
                declared.and_then(|declared| declared.get(name)).or_else(|| keywords.get("additionalProperties"))
            };
            members.iter().filter_map(|(name, value)| Some((name.clone(), schema(name)?, value))).collect()
        }
        _ => Vec::new(),
    }
}

fn of_any(keywords: &Map<String, Value>, value: &Value, push: &mut impl FnMut(&'static str, Value)) {
    if keywords.contains_key("type") {
        let names = types(&keywords["type"]);
        let others = [
            ("null", Value::Null),
            ("boolean", json!(true)),
            ("string", json!("text")),
            ("number", json!(0.5)),
            ("array", json!([])),
            ("object", json!({})),
        ];
        let is_other = |name: &str| !names.contains(&name);
        others.into_iter().filter(|(name, _)| is_other(name)).for_each(|(_, other)| push("type", other));
    }
    for keyword in ["enum", "const"] {
        if keywords.contains_key(keyword) {
            let other = match value {
                Value::String(text) => json!(format!("{text}?")),
                Value::Number(number) => json!(number.as_f64().unwrap_or(0.0) + 1.0),
                Value::Bool(yes) => json!(!yes),
                _ => json!("something else"),
            };
            push(if keyword == "enum" { "enum" } else { "const" }, other);
            if let Some(whole) = value.as_i64() {
                push(if keyword == "enum" { "enum" } else { "const" }, json!(whole.wrapping_add(1_000_003)));
            }
        }
    }
}

fn of_text(keywords: &Map<String, Value>, text: &str, push: &mut impl FnMut(&'static str, Value)) {
    let texts =
        ["", "?", "\u{1}", "not this one", "0", "Z", "zZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "2026-02-30T25:61:61Z", "é"];
    let spoiled = [
        format!("{text}\n"),
        format!(" {text}"),
        text.to_lowercase(),
        text.chars().rev().collect(),
        text.replace('Z', "+00:00"),
    ];
    for keyword in ["pattern", "format"] {
        if keywords.contains_key(keyword) {
            let keyword = if keyword == "pattern" { "pattern" } else { "format" };
            texts.iter().for_each(|text| push(keyword, json!(text)));
            spoiled.iter().for_each(|text| push(keyword, json!(text)));
        }
    }
    let length = |name: &str| keywords.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    if let Some(least) = length("minLength").filter(|least| *least > 0) {
        push("minLength", json!(text.chars().take(least - 1).collect::<String>()));
    }
    if let Some(most) = length("maxLength") {
        let last = text.chars().last().unwrap_or('x');
        let more = (most + 1).saturating_sub(text.chars().count());
        push("maxLength", json!(text.chars().chain(std::iter::repeat_n(last, more)).collect::<String>()));
    }
}

fn of_number(keywords: &Map<String, Value>, number: &Number, push: &mut impl FnMut(&'static str, Value)) {
    let whole = types(keywords.get("type").unwrap_or(&Value::Null)) == ["integer"];
    let mut beyond = |keyword: &'static str, by: i64| {
        let Some(bound) = keywords.get(keyword) else { return };
        #[allow(clippy::cast_precision_loss, reason = "-1, 0 or 1")]
        let decimal = |by: i64| json!(bound.as_f64().unwrap_or(0.0) + by as f64);
        match bound.as_i64() {
            Some(bound) if whole => push(keyword, json!(bound.saturating_add(by))),
            _ => push(keyword, decimal(by)),
        }
    };
    beyond("minimum", -1);
    beyond("maximum", 1);
    beyond("exclusiveMinimum", 0);
    beyond("exclusiveMaximum", 0);
    if let Some(step) = keywords.get("multipleOf") {
        match (number.as_i64(), step.as_i64()) {
            (Some(number), Some(_)) if whole => push("multipleOf", json!(number.saturating_add(1))),
            _ => push("multipleOf", json!(number.as_f64().unwrap_or(0.0) + step.as_f64().unwrap_or(1.0) / 2.0)),
        }
    }
}

fn of_array(keywords: &Map<String, Value>, items: &[Value], push: &mut impl FnMut(&'static str, Value)) {
    let size = |name: &str| keywords.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    if let Some(least) = size("minItems").filter(|least| *least > 0 && *least <= items.len()) {
        push("minItems", json!(items[..least - 1]));
    }
    let Some(last) = items.last() else { return };
    if let Some(most) = size("maxItems").filter(|most| *most < 10_000) {
        let more = (most + 1).saturating_sub(items.len());
        push("maxItems", json!(items.iter().chain(std::iter::repeat_n(last, more)).collect::<Vec<_>>()));
    }
    if keywords.get("uniqueItems") == Some(&json!(true)) {
        push("uniqueItems", json!(items.iter().chain([last]).collect::<Vec<_>>()));
    }
}

fn of_object(keywords: &Map<String, Value>, members: &Map<String, Value>, push: &mut impl FnMut(&'static str, Value)) {
    let without = |names: &[&String]| {
        let kept = members.iter().filter(|(name, _)| !names.contains(name));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    for name in list(keywords, "required").filter_map(Value::as_str) {
        push("required", without(&[&name.to_owned()]));
    }
    let with = |count: usize, value: &Value| {
        let more = (0..count).map(|at| (format!("undeclared_{at}"), value.clone()));
        Value::Object(members.clone().into_iter().chain(more).collect())
    };
    for value in [json!(1), json!("text")] {
        if keywords.get("additionalProperties") == Some(&json!(false)) {
            push("additionalProperties", with(1, &value));
        }
        if keywords.get("unevaluatedProperties") == Some(&json!(false)) {
            push("unevaluatedProperties", with(1, &value));
        }
    }
    let size = |name: &str| keywords.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    if let Some(least) = size("minProperties").filter(|least| *least > 0) {
        let names: Vec<&String> = members.keys().skip(least - 1).collect();
        push("minProperties", without(&names));
    }
    if let (Some(most), Some(value)) = (size("maxProperties").filter(|most| *most < 1000), members.values().next()) {
        push("maxProperties", with((most + 1).saturating_sub(members.len()), value));
    }
}
