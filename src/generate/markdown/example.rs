//! One valid example of a payload, made from its schema. What cannot be made valid is not shown.
//!
//! The same schema gives the same example: there is no chance in it, and no clock.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};

use crate::registry::automaton::{Answer, Language, overlap};
use crate::registry::{PayloadId, Registry};

/// The moment that examples speak of.
pub(super) const MOMENT: &str = "2026-01-30T14:30:00Z";
/// The same in seconds since 1970.
pub(super) const MOMENT_S: i64 = 1_769_783_400;
/// Deeper than any payload that people read; ends recursion.
const MAX_DEPTH: usize = 12;

/// An example of a payload, with values given for properties by name where they fit; `None` when the schema is beyond
/// this (or allows nothing).
pub(super) fn example(registry: &Registry, id: PayloadId, given: &BTreeMap<String, String>) -> Option<Value> {
    let schema = registry.bundled_schema(id);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).ok()?;
    // Of alternatives the first is taken; where it does not go with the rest, the next.
    (0..4)
        .map(|choice| Maker { root: &schema, given, choice }.value(&schema, "", 0))
        .find(|value| validator.is_valid(value))
}

struct Maker<'a> {
    root: &'a Value,
    given: &'a BTreeMap<String, String>,
    choice: usize,
}

impl<'a> Maker<'a> {
    fn value(&self, schema: &'a Value, name: &str, depth: usize) -> Value {
        let parts = self.parts(schema, depth);
        let find = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
        if let Some(value) = find("const").or_else(|| find("enum").and_then(|words| words.get(0))) {
            return value.clone();
        }
        if let Some(value) = find("examples").and_then(|values| values.get(0)).or_else(|| find("default"))
            && !self.given.contains_key(name)
        {
            return value.clone();
        }
        let kind = find("type").and_then(|kind| match kind {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            other => other.as_str(),
        });
        match kind {
            Some("string") => self.string(&parts, name),
            Some("integer") => integer(&parts, name),
            Some("number") => number(&parts),
            Some("boolean") => json!(true),
            Some("null") => Value::Null,
            Some("array") => self.array(&parts, name, depth),
            Some("object") => self.object(&parts, depth),
            _ if find("properties").is_some() || find("required").is_some() => self.object(&parts, depth),
            _ if find("items").is_some() || find("prefixItems").is_some() => self.array(&parts, name, depth),
            _ => self.string(&parts, name),
        }
    }

    /// A schema, what it refers to, all of its `allOf` and one of its alternatives, side by side.
    fn parts(&self, schema: &'a Value, depth: usize) -> Vec<&'a Value> {
        let mut parts = vec![schema];
        if depth > MAX_DEPTH {
            return parts;
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|reference| self.target(reference)) {
            parts.extend(self.parts(target, depth + 1));
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            parts.extend(self.parts(part, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(keyword).and_then(Value::as_array).filter(|choices| !choices.is_empty()) {
                parts.extend(self.parts(&choices[self.choice % choices.len()], depth + 1));
            }
        }
        parts
    }

    fn target(&self, reference: &str) -> Option<&'a Value> {
        let pointer = reference.strip_prefix('#')?;
        if pointer.is_empty() { Some(self.root) } else { self.root.pointer(pointer) }
    }

    /// The required properties; all, when none is.
    fn object(&self, parts: &[&'a Value], depth: usize) -> Value {
        let mut object = Map::new();
        if depth > MAX_DEPTH {
            return object.into();
        }
        let lists = |keyword: &'static str| parts.iter().filter_map(move |part| part.get(keyword));
        let required: Vec<&str> =
            lists("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect();
        let schemas: Vec<(&String, &'a Value)> = lists("properties").filter_map(Value::as_object).flatten().collect();
        for (name, schema) in &schemas {
            let wanted = if required.is_empty() { depth == 0 } else { required.contains(&name.as_str()) };
            if wanted && !object.contains_key(*name) {
                // One name may be described by several parts: the first that says what it is.
                let same = schemas.iter().filter(|(other, _)| other == name).map(|(_, schema)| *schema);
                let schema = same.max_by_key(|schema| schema.as_object().map_or(0, Map::len)).unwrap_or(schema);
                object.insert((*name).clone(), self.value(schema, name, depth + 1));
            }
        }
        for name in required.iter().filter(|name| !schemas.iter().any(|(known, _)| known == *name)) {
            object.insert((*name).to_owned(), json!(name));
        }
        object.into()
    }

    fn array(&self, parts: &[&'a Value], name: &str, depth: usize) -> Value {
        let least = bound(parts, "minItems").map_or(0, |least| least as usize);
        let first = parts.iter().find_map(|part| part.get("prefixItems")).and_then(Value::as_array);
        let items = parts.iter().find_map(|part| part.get("items"));
        if depth > MAX_DEPTH {
            return json!([]);
        }
        let singular = name.strip_suffix('s').unwrap_or(name);
        let mut values: Vec<Value> =
            first.into_iter().flatten().map(|item| self.value(item, singular, depth + 1)).collect();
        let most = bound(parts, "maxItems").map_or(usize::MAX, |most| most as usize);
        let wanted = least.max(usize::from(values.is_empty() && items.is_some())).min(most).min(64);
        while values.len() < wanted {
            values.push(items.map_or(json!(1), |item| self.value(item, singular, depth + 1)));
        }
        Value::Array(values)
    }

    fn string(&self, parts: &[&Value], name: &str) -> Value {
        let find = |keyword: &str| parts.iter().find_map(|part| part.get(keyword)).and_then(Value::as_str);
        let expression = find("pattern");
        let matches = expression.and_then(|expression| regex::Regex::new(expression).ok());
        let least = bound(parts, "minLength").map_or(0, |least| least as usize);
        let most = bound(parts, "maxLength").map_or(usize::MAX, |most| most as usize);
        let fits = |text: &str| {
            let length = text.chars().count();
            (least..=most).contains(&length) && matches.as_ref().is_none_or(|expression| expression.is_match(text))
        };
        let format = find("format").and_then(formatted);
        let word = if name.is_empty() { "text" } else { name };
        let padded =
            word.chars().cycle().take(word.chars().count().clamp(least, most.min(1000).max(least))).collect::<String>();
        let given = self.given.get(name).map(String::as_str);
        let candidates = given.into_iter().chain(format).chain([padded.as_str(), "A", "a", "1"]);
        if let Some(text) = candidates.into_iter().find(|text| fits(text)) {
            return json!(text);
        }
        json!(expression.and_then(witness).unwrap_or(padded))
    }
}

/// A short text that an expression finds something in.
fn witness(expression: &str) -> Option<String> {
    let wanted = Language::new(&format!("(?s-u:.*)(?:{expression})(?s-u:.*)")).ok()?;
    ["[A-Za-z0-9]+", "[A-Za-z0-9 ._-]+", "[ -~]+"].into_iter().find_map(|readable| {
        match overlap(&wanted, &Language::new(readable).ok()?) {
            Answer::Witness(name) => String::from_utf8(name).ok(),
            Answer::Empty | Answer::Undecided => None,
        }
    })
}

fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => MOMENT,
        "date" => "2026-01-30",
        "time" => "14:30:00Z",
        "duration" => "PT1M",
        "email" | "idn-email" => "someone@example.org",
        "hostname" | "idn-hostname" => "example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" => "https://example.org/",
        "uuid" => "6f1e9a52-3c0b-4f6e-9d55-0a4f0c5b7e21",
        "json-pointer" => "/a",
        "regex" => "a",
        _ => return None,
    })
}

fn bound(parts: &[&Value], keyword: &str) -> Option<f64> {
    parts.iter().find_map(|part| part.get(keyword)).and_then(Value::as_f64)
}

fn number(parts: &[&Value]) -> Value {
    let value = within(parts, 101.25);
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn integer(parts: &[&Value], name: &str) -> Value {
    // A name that says so holds a time.
    let wanted = if name.contains("epoch") || name.ends_with("_ts") {
        let scale = if name.ends_with("ms") {
            1_000
        } else if name.ends_with("us") {
            1_000_000
        } else if name.ends_with("ns") {
            1_000_000_000
        } else {
            1
        };
        (MOMENT_S * scale) as f64
    } else {
        42.0
    };
    json!(within(parts, wanted).ceil() as i64)
}

/// A number in the range of a schema, near the one wanted.
fn within(parts: &[&Value], wanted: f64) -> f64 {
    let low = bound(parts, "minimum").or_else(|| bound(parts, "exclusiveMinimum"));
    let high = bound(parts, "maximum").or_else(|| bound(parts, "exclusiveMaximum"));
    let inside = match (low, high) {
        (Some(low), Some(high)) if wanted <= low || wanted >= high => f64::midpoint(low, high),
        (Some(low), _) if wanted <= low => low + 1.0,
        (_, Some(high)) if wanted >= high => high - 1.0,
        _ => wanted,
    };
    match bound(parts, "multipleOf") {
        Some(step) if step > 0.0 => (inside / step).ceil() * step,
        _ => inside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::example_registry;

    #[test]
    fn examples_are_valid_or_absent() {
        for schema in [
            "{ type: object, required: [a, b], properties: { a: { type: integer, minimum: 7, maximum: 8 }, b: { type: string, pattern: '^x-[0-9]{3}$' } } }",
            "{ oneOf: [{ type: object, required: [kind], properties: { kind: { const: a } } }, { type: object, required: [kind], properties: { kind: { const: b } } }] }",
            "{ type: array, minItems: 2, items: { type: number, exclusiveMinimum: 0, exclusiveMaximum: 1 } }",
            "{ type: object, required: [child], properties: { child: { anyOf: [{ $ref: P }, { type: 'null' }] } } }",
            "{ type: string, minLength: 12, maxLength: 12 }",
            "{ allOf: [{ type: object, required: [x] }, { properties: { x: { type: integer, multipleOf: 5 } } }] }",
            "true",
        ] {
            let registry = example_registry(&format!("module: app\nbus: main\npayloads:\n  P: {schema}\n")).unwrap();
            let example = example(&registry, PayloadId(0), &BTreeMap::new());
            assert!(example.is_some(), "{schema}");
        }
        let registry = example_registry("module: app\nbus: main\npayloads:\n  P: false\n").unwrap();
        assert_eq!(example(&registry, PayloadId(0), &BTreeMap::new()), None);
    }

    #[test]
    fn the_moment_is_one() {
        let registry = example_registry("module: app\nbus: main\npayloads:\n  P: { properties: { ts_epoch_ms: { type: integer }, ts: { type: string, format: date-time }, symbol: { type: string } } }\n").unwrap();
        let given = BTreeMap::from([("symbol".to_owned(), "SPX".to_owned())]);
        let example = example(&registry, PayloadId(0), &given).unwrap();
        assert_eq!(example, json!({ "ts_epoch_ms": 1_769_783_400_000_i64, "ts": MOMENT, "symbol": "SPX" }));
    }
}
