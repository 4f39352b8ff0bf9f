//! Payloads of generated docs: rows of fields, and what rows cannot say, back to JSON Schemas.

use serde_json::{Map, Value as Json, json};

use super::tables::Sheet;
use super::walk::Walk;
use crate::extract::import::page::{Inline, Row};

/// A payload's section begins: its name is the heading.
pub(super) fn begin(walk: &mut Walk<'_>, heading: &Inline) {
    let name = heading.plain();
    if name != "What each key holds" && !name.starts_with("Fields of ") && !name.starts_with("Entry fields of ") {
        walk.payload = Some((name.clone(), json!({})));
    }
}

/// The payload's section ends.
pub(super) fn end(walk: &mut Walk<'_>) {
    let Some((name, schema)) = walk.payload.take() else { return };
    let shared = std::mem::take(&mut walk.shared_payload);
    let all = if shared { &mut walk.collected.payloads } else { &mut walk.module().payloads };
    match all.iter_mut().find(|(known, _)| *known == name) {
        Some((_, old)) => *old = schema,
        None => all.push((name, schema)),
    }
}

/// The first paragraph: what the payload is, whether modules share it, and who holds it.
pub(super) fn intro(walk: &mut Walk<'_>, inline: &Inline) {
    let text = inline.plain();
    let Some((_, schema)) = &mut walk.payload else { return };
    if text == "No other fields are allowed." {
        set(schema, "additionalProperties", json!(false));
        return;
    }
    if ["The smallest valid example:", "An example:", "Any JSON value.", "What the fields do not say:"]
        .contains(&text.as_str())
        || walk.intro_read
    {
        return;
    }
    walk.intro_read = true;
    let ends = ["Shared by all modules.", "Held by ", "Part of "].iter().filter_map(|words| text.find(words)).min();
    let about = text.get(..ends.unwrap_or(text.len())).unwrap_or_default().trim();
    walk.shared_payload = text.contains("Shared by all modules.");
    if !about.is_empty() {
        set(schema, "description", json!(about));
    }
}

fn set(schema: &mut Json, keyword: &str, value: Json) {
    if let Some(map) = schema.as_object_mut() {
        map.insert(keyword.to_owned(), value);
    }
}

/// `Field | Type | Required | Constraints | Meaning`.
pub(super) fn rows(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    // The alternatives of a payload stand in the table of what the fields do not say.
    if walk.heading().is_some_and(|heading| heading.plain().starts_with("Variant ")) {
        return;
    }
    let rows: Vec<(String, Json, bool)> = sheet.table.rows.iter().map(|row| one(walk, sheet, row)).collect();
    let Some((_, schema)) = &mut walk.payload else { return };
    for (path, field, required) in rows {
        place(schema, &path, field, required);
    }
}

fn one(walk: &mut Walk<'_>, sheet: &Sheet<'_>, row: &Row) -> (String, Json, bool) {
    let path = sheet.codes(row, "field").into_iter().next().unwrap_or_else(|| sheet.text(row, "field"));
    let kind = sheet.text(row, "type");
    let mut field = kind_schema(&kind);
    let constraints = sheet.cell(row, "constraints").cloned().unwrap_or_default();
    for unknown in constrain(&mut field, &constraints) {
        walk.unresolved(
            row.line,
            &unknown,
            "this constraint is not known; write those of generated docs, such as `at least 1`",
        );
    }
    let meaning = sheet.text(row, "meaning");
    if !meaning.is_empty() {
        set(&mut field, "description", json!(meaning));
    }
    (path, field, sheet.text(row, "required") == "yes")
}

/// `array of Contract`, `string (date-time)`, `string or null`.
fn kind_schema(kind: &str) -> Json {
    let mut arrays = 0_usize;
    let mut rest = kind.trim();
    while let Some(items) = rest.strip_prefix("array of ").filter(|_| arrays < 16) {
        arrays += 1;
        rest = items;
    }
    let (names, format) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((names, format)) => (names, Some(format)),
        None => (rest, None),
    };
    let names: Vec<&str> = names.split(" or ").collect();
    let is_type =
        |name: &&str| matches!(*name, "string" | "number" | "integer" | "boolean" | "object" | "array" | "null");
    let mut schema = match names.as_slice() {
        ["any" | "value" | ""] => json!({}),
        [only] if is_type(only) => json!({ "type": only }),
        [only] => json!({ "$ref": only }),
        all if all.iter().all(is_type) => json!({ "type": all }),
        _ => json!({}),
    };
    if let Some(format) = format {
        set(&mut schema, "format", json!(format));
    }
    (0..arrays).fold(schema, |items, _| json!({ "type": "array", "items": items }))
}

/// Reads constraints into a schema; gives those that are not known.
fn constrain(field: &mut Json, cell: &Inline) -> Vec<String> {
    let mut unknown = Vec::new();
    let mut part = Inline::default();
    let mut parts = Vec::new();
    for piece in &cell.pieces {
        if piece.kind == crate::extract::import::page::PieceKind::Code {
            part.push(piece.kind, &piece.text);
            continue;
        }
        for (at, words) in piece.text.split("; ").enumerate() {
            if at > 0 {
                parts.push(std::mem::take(&mut part));
            }
            part.push(piece.kind, words);
        }
    }
    parts.push(part);
    for part in parts.into_iter().map(Inline::trimmed).filter(|part| !part.is_empty()) {
        if !constraint(field, &part) {
            unknown.push(part.plain());
        }
    }
    unknown
}

fn constraint(field: &mut Json, part: &Inline) -> bool {
    let text = part.plain();
    let codes: Vec<Json> = part.codes().map(|code| typed(field, code)).collect();
    let raw: Vec<&str> = part.codes().collect();
    let number = |words: &str| serde_json::from_str::<serde_json::Number>(words.trim()).ok().map(Json::Number);
    let count = |words: &str| words.trim().parse::<u64>().ok().map(|count| json!(count));
    if text.starts_with("always ")
        && let Some(value) = codes.first()
    {
        set(field, "const", value.clone());
    } else if text.starts_with("one of ") {
        set(field, "enum", Json::Array(codes));
    } else if text.starts_with("matches ")
        && let Some(pattern) = raw.first()
    {
        set(field, "pattern", json!(pattern));
    } else if text.starts_with("default ")
        && let Some(value) = codes.first()
    {
        set(field, "default", value.clone());
    } else if text == "no item twice" {
        set(field, "uniqueItems", json!(true));
    } else if text == "not empty" {
        let least = sized(field).0;
        set(field, least, json!(1));
    } else if let Some(value) = text.strip_prefix("above ").and_then(number) {
        set(field, "exclusiveMinimum", value);
    } else if let Some(value) = text.strip_prefix("below ").and_then(number) {
        set(field, "exclusiveMaximum", value);
    } else if let Some(value) = text.strip_prefix("a multiple of ").and_then(number) {
        set(field, "multipleOf", value);
    } else if let Some(value) = text.strip_prefix("at least ").and_then(number) {
        set(field, "minimum", value);
    } else if let Some(value) = text.strip_prefix("at most ").and_then(number) {
        set(field, "maximum", value);
    } else if let Some((amount, unit)) = text.rsplit_once(' ') {
        let (least, most) = match unit {
            "characters" => ("minLength", "maxLength"),
            "items" => ("minItems", "maxItems"),
            "fields" => ("minProperties", "maxProperties"),
            _ => return false,
        };
        let (low, high) = match amount.split_once(" to ") {
            Some((low, high)) => (count(low), count(high)),
            None if amount.starts_with("at least ") => (count(&amount[9..]), None),
            None if amount.starts_with("at most ") => (None, count(&amount[8..])),
            None => (count(amount), count(amount)),
        };
        if low.is_none() && high.is_none() {
            return false;
        }
        if let Some(low) = low {
            set(field, least, low);
        }
        if let Some(high) = high {
            set(field, most, high);
        }
    } else {
        return false;
    }
    true
}

/// The keywords that bound the size of a value of this type.
fn sized(field: &Json) -> (&'static str, &'static str) {
    match field.get("type").and_then(Json::as_str) {
        Some("array") => ("minItems", "maxItems"),
        Some("object") => ("minProperties", "maxProperties"),
        _ => ("minLength", "maxLength"),
    }
}

/// A value that is shown as text, by the type of its field.
fn typed(field: &Json, code: &str) -> Json {
    match field.get("type").and_then(Json::as_str) {
        Some("string") => json!(code),
        _ => serde_json::from_str(code).unwrap_or_else(|_| json!(code)),
    }
}

/// Puts a field at its path: `a.b`, `legs[].side`, `*`, `(value)`.
fn place(root: &mut Json, path: &str, field: Json, required: bool) {
    if path == "(value)" {
        if let (Some(root), Json::Object(field)) = (root.as_object_mut(), field) {
            let about = root.remove("description");
            root.extend(field);
            if let Some(about) = about {
                root.entry("description").or_insert(about);
            }
        }
        return;
    }
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(parent) = at(root, parent) else { return };
    if name == "*" {
        parent.entry("type").or_insert_with(|| json!("object"));
        parent.insert("additionalProperties".to_owned(), field);
        return;
    }
    parent.entry("type").or_insert_with(|| json!("object"));
    if required && let Some(names) = parent.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        names.push(json!(name));
    }
    if let Some(properties) = parent.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
        properties.insert(name.to_owned(), field);
    }
}

/// The schema at a path, made where it is not there yet.
fn at<'a>(root: &'a mut Json, path: &str) -> Option<&'a mut Map<String, Json>> {
    let mut here = root;
    for part in path.split('.').filter(|part| !part.is_empty()).take(64) {
        let name = part.trim_end_matches("[]");
        let arrays = (part.len() - name.len()) / 2;
        if !name.is_empty() {
            let map = here.as_object_mut()?;
            here = if name == "*" {
                map.entry("additionalProperties").or_insert_with(|| json!({}))
            } else {
                map.entry("properties")
                    .or_insert_with(|| json!({}))
                    .as_object_mut()?
                    .entry(name)
                    .or_insert_with(|| json!({}))
            };
        }
        for _ in 0..arrays.min(16) {
            here = here.as_object_mut()?.entry("items").or_insert_with(|| json!({}));
        }
    }
    here.as_object_mut()
}

/// `Where | Keyword | Value`: what the rows of fields do not say.
pub(super) fn beyond(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let path = sheet.codes(row, "where").into_iter().next().unwrap_or_default();
        let keyword = sheet.codes(row, "keyword").into_iter().next().unwrap_or_else(|| sheet.text(row, "keyword"));
        let written = sheet.codes(row, "value").into_iter().next().unwrap_or_default();
        let Ok(value) = serde_json::from_str::<Json>(&written) else {
            walk.unresolved(row.line, &written, "this is no JSON value");
            continue;
        };
        let Some((_, schema)) = &mut walk.payload else { continue };
        let Some(here) = at(schema, &path) else { continue };
        if keyword == "(all)" {
            if let Json::Object(map) = value {
                *here = map;
            } else if let Some(whole) = whole(schema, &path) {
                *whole = value;
            }
            continue;
        }
        if keyword == "title"
            && here.get("description").and_then(Json::as_str).map(|about| about.trim_end_matches('.'))
                == value.as_str().map(|title| title.trim_end_matches('.'))
        {
            here.remove("description");
        }
        here.insert(keyword, value);
    }
}

/// The place of a schema that is `true` or `false`.
fn whole<'a>(root: &'a mut Json, path: &str) -> Option<&'a mut Json> {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let name = name.trim_end_matches("[]");
    at(root, parent)?.get_mut("properties")?.get_mut(name)
}
