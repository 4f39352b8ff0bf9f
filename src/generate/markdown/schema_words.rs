//! A JSON Schema as rows of a table: each field with its type, constraints and meaning in words.

use serde_json::Value;

use super::text::{code, codes, sentence, text};

/// Deeper fields are left to the schema itself.
pub(super) const MAX_DEPTH: usize = 5;

/// One field of a payload.
#[derive(Debug)]
pub(super) struct Row {
    /// Its path: `a.b`, `legs[].side`.
    pub(super) name: String,
    /// Inline Markdown.
    pub(super) kind: String,
    pub(super) required: bool,
    /// Inline Markdown.
    pub(super) constraints: String,
    /// Inline Markdown.
    pub(super) meaning: String,
}

/// The link to a payload's section, by the name under which a schema refers to it.
pub(super) type Link<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All fields of a schema, nested ones after their parents. `root` is where its references lead.
pub(super) fn rows(root: &Value, schema: &Value, link: Link<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let walk = Walk { root, link };
    walk.fields(schema, "", 0, &mut rows);
    if rows.is_empty() && variants(schema).is_empty() && !is_object(schema) {
        // A payload that is not an object: one row for the value itself.
        walk.row("(value)", schema, true, &mut rows);
        walk.below(schema, "", 0, &mut rows);
    }
    rows
}

/// The alternatives of a schema, with a title each.
pub(super) fn variants(schema: &Value) -> Vec<(String, &Value)> {
    let alternatives = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let title = |(at, variant): (usize, &Value)| {
        let own = variant.get("title").or_else(|| variant.get("description")).and_then(Value::as_str);
        let referenced = variant.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
        match own.or(referenced) {
            Some(own) => format!("Variant {}: {}", at + 1, text(own)),
            None => format!("Variant {}", at + 1),
        }
    };
    alternatives.into_iter().flatten().enumerate().map(|variant| (title(variant), variant.1)).collect()
}

fn is_object(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
}

struct Walk<'a> {
    root: &'a Value,
    link: Link<'a>,
}

impl Walk<'_> {
    fn fields(&self, schema: &Value, prefix: &str, depth: usize, rows: &mut Vec<Row>) {
        if depth > MAX_DEPTH {
            return;
        }
        let schema = self.resolved(schema);
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let path = format!("{prefix}{name}");
            self.row(&path, property, required.contains(&name.as_str()), rows);
            self.below(property, &path, depth + 1, rows);
        }
        if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
            let path = format!("{prefix}*");
            self.row(&path, others, false, rows);
            self.below(others, &path, depth + 1, rows);
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.fields(part, prefix, depth + 1, rows);
        }
    }

    /// What is inside a field: of an object its fields, of an array those of its items.
    fn below(&self, schema: &Value, path: &str, depth: usize, rows: &mut Vec<Row>) {
        let resolved = self.resolved(schema);
        if depth <= MAX_DEPTH {
            // Alternatives that have a section of their own are linked; the others are told here.
            for (_, variant) in variants(resolved).into_iter().filter(|(_, variant)| variant.get("$ref").is_none()) {
                self.below(variant, path, depth + 1, rows);
            }
        }
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        self.fields(resolved, &prefix, depth, rows);
        if depth <= MAX_DEPTH
            && let Some(items) = resolved.get("items").filter(|items| items.is_object())
        {
            self.below(items, &format!("{path}[]"), depth + 1, rows);
        }
    }

    fn row(&self, name: &str, schema: &Value, required: bool, rows: &mut Vec<Row>) {
        let meaning = schema.get("description").or_else(|| schema.get("title")).and_then(Value::as_str);
        rows.push(Row {
            name: name.to_owned(),
            kind: self.kind(schema),
            required,
            constraints: constraints(self.resolved(schema)),
            meaning: meaning.map(sentence).unwrap_or_default(),
        });
    }

    /// A local definition's schema; another payload stays a reference, because it has a section of its own.
    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        match reference.filter(|pointer| !pointer.is_empty()).and_then(|pointer| self.root.pointer(pointer)) {
            Some(target) if target.get("$ref").is_none() => target,
            _ => schema,
        }
    }

    fn kind(&self, schema: &Value) -> String {
        if let Some(name) =
            schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next())
        {
            if let Some(link) = (self.link)(name) {
                return link;
            }
            let target = self.resolved(schema);
            return if std::ptr::eq(target, schema) { text(name) } else { self.kind(target) };
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(keyword).and_then(Value::as_array) {
                let mut kinds: Vec<String> = choices.iter().map(|choice| self.kind(choice)).collect();
                kinds.dedup();
                return kinds.join(" or ");
            }
        }
        let name = match schema.get("type") {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
            _ if schema.get("const").is_some() || schema.get("enum").is_some() => "value".to_owned(),
            _ if schema.get("properties").is_some() => "object".to_owned(),
            _ => "any".to_owned(),
        };
        match (name.as_str(), schema.get("items"), schema.get("format").and_then(Value::as_str)) {
            ("array", Some(items), _) if items.is_object() => format!("array of {}", self.kind(items)),
            (_, _, Some(format)) => format!("{} ({})", text(&name), text(format)),
            _ => text(&name),
        }
    }
}

fn constraints(schema: &Value) -> String {
    let mut words = Vec::new();
    if let Some(value) = schema.get("const") {
        words.push(format!("always {}", code(&plain(value))));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(plain).collect();
        words.push(format!("one of {}", codes(values.iter().map(String::as_str))));
    }
    let limits = [
        ("minimum", "at least"),
        ("exclusiveMinimum", "above"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "below"),
        ("multipleOf", "a multiple of"),
    ];
    words.extend(
        limits.iter().filter_map(|(keyword, words)| Some(format!("{words} {}", text(&plain(schema.get(keyword)?))))),
    );
    for (least, most, unit) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "items"),
        ("minProperties", "maxProperties", "fields"),
    ] {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        match (limit(least), limit(most)) {
            (Some(1), None) => words.push("not empty".to_owned()),
            (Some(least), None) => words.push(format!("at least {least} {unit}")),
            (None, Some(most)) => words.push(format!("at most {most} {unit}")),
            (Some(least), Some(most)) if least == most => words.push(format!("{least} {unit}")),
            (Some(least), Some(most)) => words.push(format!("{least} to {most} {unit}")),
            (None, None) => {}
        }
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        words.push(format!("matches {}", code(pattern)));
    }
    if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
        words.push("no item twice".to_owned());
    }
    if let Some(default) = schema.get("default") {
        words.push(format!("default {}", code(&plain(default))));
    }
    words.join("; ")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
