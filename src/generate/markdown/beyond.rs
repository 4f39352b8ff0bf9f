//! What the tables of a payload's fields cannot say: titles, alternatives, keywords without a column.
//!
//! Together the tables say all of a schema, so that whoever reads the page loses nothing; `import` reads them back.

use serde_json::{Map, Value as Json, json};

use super::schema_words::MAX_DEPTH;
use super::text::{Table, blocks, code};
use crate::registry::{PayloadId, Registry};

/// Keywords of a field that its row shows.
const SHOWN: &[&str] = &[
    "type",
    "format",
    "description",
    "properties",
    "required",
    "items",
    "const",
    "enum",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "pattern",
    "default",
];

/// Keywords that change what a schema is, so that rows cannot say it.
const WHOLE: &[&str] = &["oneOf", "anyOf", "allOf", "not", "if", "then", "else", "$dynamicRef", "prefixItems"];

struct Rest {
    /// Where, which keyword, which value.
    rows: Vec<(String, String, Json)>,
}

/// The table, or nothing where the rows of fields say all.
pub(super) fn table(registry: &Registry, id: PayloadId) -> String {
    let payload = registry.payload(id);
    let known = |name: &str| registry.referenced_payload(id, name).is_some();
    let mut rest = Rest { rows: Vec::new() };
    let is_object = payload.schema.get("properties").and_then(Json::as_object).is_some_and(|fields| !fields.is_empty())
        || payload.schema.get("additionalProperties").is_some_and(Json::is_object);
    if is_object {
        rest.object(&payload.schema, "", 0, &known);
    } else if payload.schema.get("type") == Some(&json!("object")) || payload.schema.get("type").is_none() {
        // No row stands for a value without fields.
        let variants = ["oneOf", "anyOf"].iter().any(|keyword| payload.schema.get(keyword).is_some());
        let bare = payload.schema.get("type").is_none() && !variants;
        if bare { rest.field(&payload.schema, "", 0, &known) } else { rest.whole("", &payload.schema) }
    } else {
        rest.field(&payload.schema, "", 0, &known);
    }
    let mut table = Table::new(&["Where", "Keyword", "Value"]);
    for (path, keyword, value) in rest.rows {
        let place = if path.is_empty() { "the whole".to_owned() } else { code(&path) };
        table.row([place, code(&keyword), code(&value.to_string())]);
    }
    let table = table.render();
    if table.is_empty() { table } else { blocks(["What the fields do not say:".to_owned(), table]) }
}

type Known<'a> = &'a dyn Fn(&str) -> bool;

impl Rest {
    fn whole(&mut self, path: &str, schema: &Json) {
        self.rows.push((path.to_owned(), "(all)".to_owned(), unlinked(schema)));
    }

    /// The root, which has no row of its own.
    fn object(&mut self, schema: &Json, path: &str, depth: usize, known: Known<'_>) {
        let Some(map) = schema.as_object() else { return self.whole(path, schema) };
        let names = map.get("properties").and_then(Json::as_object);
        let odd_name = names.is_some_and(|fields| fields.keys().any(|name| !is_plain(name)));
        let typed = map.get("type") == Some(&json!("object"));
        if !typed || odd_name || WHOLE.iter().any(|keyword| map.contains_key(*keyword)) || map.contains_key("$ref") {
            return self.whole(path, schema);
        }
        for (keyword, value) in map {
            let shown = match keyword.as_str() {
                "type" | "properties" => true,
                "required" => shows_required(map),
                "description" => value.as_str().is_some_and(is_one_line),
                "additionalProperties" => value.is_object() || *value == json!(false),
                _ => false,
            };
            if !shown {
                self.rows.push((path.to_owned(), keyword.clone(), unlinked(value)));
            }
        }
        self.below(map, path, depth, known);
    }

    fn below(&mut self, map: &Map<String, Json>, path: &str, depth: usize, known: Known<'_>) {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        for (name, field) in map.get("properties").and_then(Json::as_object).into_iter().flatten() {
            self.field(field, &format!("{prefix}{name}"), depth + 1, known);
        }
        if let Some(others) = map.get("additionalProperties").filter(|others| others.is_object()) {
            self.field(others, &format!("{prefix}*"), depth + 1, known);
        }
    }

    fn field(&mut self, schema: &Json, path: &str, depth: usize, known: Known<'_>) {
        let Some(map) = schema.as_object() else { return self.whole(path, schema) };
        if !is_told(map, known) || (depth > MAX_DEPTH && (map.contains_key("properties") || map.contains_key("items")))
        {
            return self.whole(path, schema);
        }
        for (keyword, value) in map {
            let shown = match keyword.as_str() {
                "$ref" => true,
                "required" => shows_required(map),
                "uniqueItems" => *value == json!(true),
                "description" | "pattern" => value.as_str().is_some_and(is_one_line),
                "additionalProperties" => value.is_object(),
                _ => SHOWN.contains(&keyword.as_str()),
            };
            if !shown {
                self.rows.push((path.to_owned(), keyword.clone(), unlinked(value)));
            }
        }
        self.below(map, path, depth, known);
        if let Some(items) = map.get("items") {
            self.items(items, &format!("{path}[]"), depth + 1, known);
        }
    }

    /// What is in an array has no row of its own: its type stands in the array's row, its fields in rows.
    fn items(&mut self, schema: &Json, path: &str, depth: usize, known: Known<'_>) {
        let Some(map) = schema.as_object() else { return };
        if !is_told(map, known) || (depth > MAX_DEPTH && (map.contains_key("properties") || map.contains_key("items")))
        {
            return self.whole(path, schema);
        }
        for (keyword, value) in map {
            let shown = match keyword.as_str() {
                "type" | "format" | "properties" | "items" | "$ref" => true,
                "required" => shows_required(map),
                "additionalProperties" => value.is_object(),
                _ => false,
            };
            if !shown {
                self.rows.push((path.to_owned(), keyword.clone(), unlinked(value)));
            }
        }
        self.below(map, path, depth, known);
        if let Some(items) = map.get("items") {
            self.items(items, &format!("{path}[]"), depth + 1, known);
        }
    }
}

/// Can rows say what kind of schema this is?
fn is_told(map: &Map<String, Json>, known: Known<'_>) -> bool {
    if WHOLE.iter().any(|keyword| map.contains_key(*keyword)) {
        return false;
    }
    if let Some(reference) = map.get("$ref").and_then(Json::as_str) {
        let payload = reference.strip_prefix("#/$defs/").is_some_and(|name| known(name) && !TYPES.contains(&name));
        return payload && map.keys().all(|keyword| matches!(keyword.as_str(), "$ref" | "description" | "title"));
    }
    let types: Vec<&str> = match map.get("type") {
        Some(Json::String(name)) => vec![name.as_str()],
        Some(Json::Array(names)) if names.len() > 1 => names.iter().filter_map(Json::as_str).collect(),
        None => Vec::new(),
        Some(_) => return false,
    };
    let is_array = types == ["array"];
    let parts = map.contains_key("properties") || map.get("additionalProperties").is_some_and(Json::is_object);
    let odd_name =
        map.get("properties").and_then(Json::as_object).is_some_and(|fields| fields.keys().any(|name| !is_plain(name)));
    let values = map
        .get("enum")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .chain(map.get("const"))
        .chain(map.get("default"));
    let told = |value: &Json| match value {
        Json::String(text) => {
            is_one_line(text)
                && !text.is_empty()
                && (types == ["string"] || serde_json::from_str::<Json>(text).is_err())
        }
        _ => types != ["string"],
    };
    !odd_name
        && types.iter().all(|name| TYPES.contains(name))
        && !(parts && types != ["object"])
        && (is_array || !map.contains_key("items"))
        && map.get("items").is_none_or(Json::is_object)
        && !(map.contains_key("format") && (is_array || !map.contains_key("type")))
        && values.into_iter().all(told)
        && is_sized(map, &types)
}

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array", "null"];

/// Is a lower bound of one, which reads `not empty`, of the type's own kind?
fn is_sized(map: &Map<String, Json>, types: &[&str]) -> bool {
    [("minLength", "string"), ("minItems", "array"), ("minProperties", "object")]
        .iter()
        .all(|(keyword, kind)| map.get(*keyword) != Some(&json!(1)) || types == [*kind])
}

/// Are all names that are required fields, in the fields' order?
fn shows_required(map: &Map<String, Json>) -> bool {
    let required = map.get("required").and_then(Json::as_array);
    let fields = map.get("properties").and_then(Json::as_object);
    required.is_some_and(|required| {
        !required.is_empty()
            && required
                .iter()
                .all(|name| name.as_str().is_some_and(|name| fields.is_some_and(|fields| fields.contains_key(name))))
    })
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['.', '[', ']', '*', '`', '(']) && is_one_line(name)
}

fn is_one_line(text: &str) -> bool {
    super::text::one_line(text) == text
}

/// References to payloads as the registry writes them.
fn unlinked(schema: &Json) -> Json {
    match schema {
        Json::Object(map) => map
            .iter()
            .map(|(keyword, value)| match value.as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
                Some(name) if keyword == "$ref" => (keyword.clone(), json!(name)),
                _ => (keyword.clone(), unlinked(value)),
            })
            .collect::<Map<String, Json>>()
            .into(),
        Json::Array(items) => items.iter().map(unlinked).collect(),
        other => other.clone(),
    }
}
