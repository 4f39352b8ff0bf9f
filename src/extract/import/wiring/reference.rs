//! Tables of config variables, params and scenarios.

use super::tables::Sheet;
use super::walk::Walk;
use super::{amounts, words};
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::Row;
use crate::extract::import::record::{Fields, named};

/// `Variable | Type | Default | Allowed | What it decides`.
pub(super) fn config(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let name = sheet.one_of(row, &["variable", "env var", "environment variable", "setting"]);
        let name = name.trim_matches('`');
        if name.is_empty() || name.contains(' ') {
            walk.unresolved(row.line, name, "no config variable was found in it");
            continue;
        }
        let fields = variable(sheet, row);
        let own = named(&mut walk.module().config, name);
        *own = fields;
    }
}

fn variable(sheet: &Sheet<'_>, row: &Row) -> Fields {
    let mut fields = Fields::default();
    let written = sheet.text(row, "type").to_lowercase();
    let default = sheet.one_of(row, &["default", "default value"]);
    let kind = match written.as_str() {
        "integer" | "int" => "integer",
        "number" | "float" | "decimal" => "number",
        "true or false" | "boolean" | "bool" => "boolean",
        "list, with commas" | "list" => "list",
        "seconds" | "duration" | "secs" => "seconds",
        "milliseconds" | "ms" => "milliseconds",
        "url" => "url",
        "path" => "path",
        "word" | "enum" => "enum",
        "" => guessed(&default),
        _ => "string",
    };
    fields.text("type", kind);
    let values = sheet.codes(row, "allowed");
    if kind == "enum" {
        fields.set("values", Node::texts(values));
    }
    let has_code = !sheet.codes(row, "default").is_empty();
    match default.as_str() {
        "secret" if !has_code => fields.set("secret", flag()),
        "secret; may stay unset" if !has_code => {
            fields.set("secret", flag());
            fields.set("optional", flag());
        }
        "may stay unset" if !has_code => fields.set("optional", flag()),
        "must be set" if !has_code => {}
        "empty" if !has_code => {
            fields.set("default", if kind == "list" { Node::texts(Vec::<String>::new()) } else { Node::text("") })
        }
        _ if words::is_nothing(&default) && !has_code => {
            if written.is_empty() {
                fields.set("optional", flag());
            }
        }
        text => fields.set("default", Node::new(default_value(kind, text))),
    }
    fields.text("about", sheet.one_of(row, &["what it decides", "description", "purpose", "meaning", "about"]));
    let allowed = sheet.text(row, "allowed");
    if kind != "enum" {
        limits(&allowed, &mut fields);
    }
    fields
}

fn flag() -> Node {
    Node::new(Value::Flag(true))
}

fn guessed(default: &str) -> &'static str {
    if default.parse::<i64>().is_ok() {
        "integer"
    } else if default.parse::<f64>().is_ok() {
        "number"
    } else if matches!(default, "true" | "false") {
        "boolean"
    } else if amounts::duration(default).is_some_and(|(_, start, end)| start == 0 && end == default.len()) {
        "seconds"
    } else {
        "string"
    }
}

fn default_value(kind: &str, text: &str) -> Value {
    let millis = || crate::registry::duration(text).ok().map(|time| time.as_millis());
    match kind {
        "list" => Value::List(text.split(',').map(|item| Node::text(item.trim())).collect()),
        "boolean" if matches!(text, "true" | "false") => Value::Flag(text == "true"),
        "seconds" => match millis() {
            Some(millis) if millis % 1000 == 0 => Value::Number((millis / 1000).to_string()),
            Some(millis) => {
                Value::Number(format!("{}.{:03}", millis / 1000, millis % 1000).trim_end_matches('0').to_owned())
            }
            None => number_or_text(text),
        },
        "milliseconds" => millis().map_or_else(|| number_or_text(text), |millis| Value::Number(millis.to_string())),
        "integer" | "number" => number_or_text(text),
        _ => Value::Text(text.to_owned()),
    }
}

fn number_or_text(text: &str) -> Value {
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        Value::Number(text.to_owned())
    } else {
        Value::Text(text.to_owned())
    }
}

/// `at least 1`, `at most 5`, `1 to 100`.
fn limits(allowed: &str, fields: &mut Fields) {
    let number = |text: &str| number_or_text(text.trim());
    let mut set = |name: &str, text: &str| {
        if let value @ Value::Number(_) = number(text) {
            fields.set(name, Node::new(value));
        }
    };
    if let Some(min) = allowed.strip_prefix("at least ") {
        set("min", min);
    } else if let Some(max) = allowed.strip_prefix("at most ") {
        set("max", max);
    } else if let Some((min, max)) = allowed.split_once(" to ") {
        set("min", min);
        set("max", max);
    }
}

/// `Param | What it stands for | Allowed values | Values come from | By default | Examples`.
pub(super) fn params(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let written = sheet.one_of(row, &["param", "parameter", "placeholder"]);
        let name = written.trim_matches(['`', '{', '}', '<', '>', '[', ']', ':', '$', ' ']).to_owned();
        let name = if walk.own { name } else { words::snake(&name) };
        if name.is_empty() {
            walk.unresolved(row.line, &written, "no name of a placeholder was found in it");
            continue;
        }
        let allowed = sheet.one_of(row, &["allowed values", "allowed", "type", "values", "format"]);
        let codes = sheet.codes(row, "allowed values");
        let mut fields = Fields::default();
        if !kind(&allowed, &codes, &mut fields) && !allowed.is_empty() && walk.own {
            walk.unresolved(row.line, &allowed, "this says nothing that a param can be held to");
        }
        let from = sheet.codes(row, "values come from");
        if !from.is_empty() {
            fields.set("from", Node::texts(from));
        }
        let mut examples = sheet.codes(row, "examples");
        if examples.is_empty() {
            examples =
                words::by_commas(&sheet.one_of(row, &["examples", "example"])).into_iter().map(str::to_owned).collect();
        }
        if !examples.is_empty() {
            fields.set("examples", Node::texts(examples));
        }
        fields.text("about", sheet.one_of(row, &["what it stands for", "meaning", "description", "about", "purpose"]));
        let own = named(&mut walk.module().params, &name);
        fields.0.into_iter().for_each(|(name, node)| own.set(&name, node));
    }
}

/// What the values of a param look like, in the words of generated docs.
fn kind(words: &str, codes: &[String], fields: &mut Fields) -> bool {
    let number = |text: &str| Node::new(Value::Number(text.trim().to_owned()));
    match words {
        "text without :" => fields.text("type", "string"),
        "a UUID with hyphens" | "uuid" | "UUID" => fields.text("type", "uuid"),
        "hexadecimal digits" | "hex" => fields.text("type", "hex"),
        "a date, YYYY-MM-DD" | "date" | "YYYY-MM-DD" => fields.text("type", "date"),
        "milliseconds since 1970" => fields.text("type", "epoch_ms"),
        "any text, : too" => fields.text("type", "rest"),
        "a whole number" | "integer" | "int" => fields.text("type", "integer"),
        _ => {
            if words.starts_with("text like ")
                && let Some(pattern) = codes.first()
            {
                fields.text("type", "string");
                fields.text("pattern", pattern);
            } else if let Some(digits) = words.strip_suffix(" hexadecimal digits") {
                fields.text("type", "hex");
                fields.set("length", number(digits));
            } else if let Some(range) = words.strip_prefix("a whole number from ") {
                fields.text("type", "integer");
                let (min, max) = range.split_once(" to ").map_or((range, None), |(min, max)| (min, Some(max)));
                fields.set("min", number(min));
                if let Some(max) = max {
                    fields.set("max", number(max));
                }
            } else if let Some(max) = words.strip_prefix("a whole number up to ") {
                fields.text("type", "integer");
                fields.set("max", number(max));
            } else if !codes.is_empty() {
                fields.text("type", "enum");
                fields.set("values", Node::texts(codes.iter().map(String::as_str)));
            } else {
                return false;
            }
        }
    }
    true
}

/// `Condition | Impact on keys | Handling | Action`.
pub(super) fn scenarios(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    let scenario = |row: &Row| {
        let cells =
            [("condition", "condition"), ("impact", "impact on keys"), ("handling", "handling"), ("action", "action")];
        Node::map(cells.map(|(field, head)| (field, Node::text(sheet.text(row, head)))))
    };
    let scenarios: Vec<Node> = sheet.table.rows.iter().map(scenario).collect();
    walk.module().fields.set("scenarios", Node::new(Value::List(scenarios)));
}
