//! Schemas as alternatives without references and combinators: what a document of each must be, in one set of keywords.
//!
//! A schema in, [`Flat`] alternatives out. They are a guide to making documents, not a proof: whoever makes one from them
//! has it judged by the validator.

use std::rc::Rc;

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

/// Alternatives of one schema that are followed up: more would cost time and add little.
const MOST: usize = 24;
/// How often one reference may lead into itself.
const TURNS: usize = 2;
/// References on the way from the top.
const DEEPEST: usize = 24;

/// One way to keep a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Flat {
    /// Keywords, without references and combinators.
    pub keywords: Map<String, Value>,
    /// References that led here, from the top.
    pub trail: Rc<Vec<String>>,
}

/// A whole schema, to which its references lead.
#[derive(Debug, Clone)]
pub(super) struct Schemas {
    pub root: Value,
}

impl Schemas {
    /// The alternatives of a part of the schema; none where only an endless document would keep it.
    pub(super) fn alternatives(&self, schema: &Value, trail: &Rc<Vec<String>>) -> Result<Vec<Flat>> {
        let object = match schema {
            Value::Bool(false) => return Ok(Vec::new()),
            Value::Object(object) => object,
            _ => return Ok(vec![Flat { trail: Rc::clone(trail), ..Flat::default() }]),
        };
        let plain =
            |name: &str| !matches!(name, "$ref" | "allOf" | "anyOf" | "oneOf" | "if" | "then" | "else" | "$defs");
        let keywords = object.iter().filter(|(name, _)| plain(name)).map(|(name, value)| (name.clone(), value.clone()));
        let mut flats = vec![Flat { keywords: keywords.collect(), trail: Rc::clone(trail) }];
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            let turns = trail.iter().filter(|before| *before == reference).count();
            if turns >= TURNS || trail.len() >= DEEPEST {
                return Ok(Vec::new());
            }
            let mut trail = trail.as_ref().clone();
            trail.push(reference.to_owned());
            flats = both(&flats, &self.alternatives(self.target(reference)?, &Rc::new(trail))?);
        }
        for part in list(object, "allOf") {
            flats = both(&flats, &self.alternatives(part, trail)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            if object.contains_key(keyword) {
                let mut options = Vec::new();
                for part in list(object, keyword) {
                    options.extend(self.alternatives(part, trail)?);
                }
                flats = both(&flats, &options);
            }
        }
        if let Some(condition) = object.get("if") {
            let anything = Value::Bool(true);
            let then = object.get("then").unwrap_or(&anything);
            let mut options = both(&self.alternatives(condition, trail)?, &self.alternatives(then, trail)?);
            options.extend(self.alternatives(object.get("else").unwrap_or(&anything), trail)?);
            flats = both(&flats, &options);
        }
        Ok(flats)
    }

    fn target(&self, reference: &str) -> Result<&Value> {
        if let Some(pointer) = reference.strip_prefix('#')
            && (pointer.is_empty() || pointer.starts_with('/'))
            && let Some(target) = self.root.pointer(pointer)
        {
            return Ok(target);
        }
        let anchor = reference.trim_start_matches('#');
        let anchored = || anchor_in(&self.root, anchor);
        match anchored() {
            Some(target) => Ok(target),
            None => bail!("no documents can be made for a reference to `{reference}`: it leads nowhere in this schema"),
        }
    }
}

fn anchor_in<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    match schema {
        Value::Object(object) if object.get("$anchor").and_then(Value::as_str) == Some(name) => Some(schema),
        Value::Object(object) => object.values().find_map(|part| anchor_in(part, name)),
        Value::Array(parts) => parts.iter().find_map(|part| anchor_in(part, name)),
        _ => None,
    }
}

pub(super) fn list<'a>(object: &'a Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'a Value> {
    object.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// What keeps one of `a` and one of `b`.
fn both(a: &[Flat], b: &[Flat]) -> Vec<Flat> {
    let merged = |(a, b): (&Flat, &Flat)| merge(a, b);
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    if a.len() * b.len() <= MOST {
        return a.iter().flat_map(|a| b.iter().map(move |b| (a, b))).filter_map(merged).collect();
    }
    // Each of both stands in some pair.
    let pairs = (0..a.len().max(b.len()).min(MOST)).map(|at| (&a[at % a.len()], &b[at % b.len()]));
    pairs.filter_map(merged).collect()
}

/// Both at once; `None` where that is plainly impossible.
fn merge(a: &Flat, b: &Flat) -> Option<Flat> {
    let longer = if a.trail.len() >= b.trail.len() { a } else { b };
    let mut merged = Flat { keywords: a.keywords.clone(), trail: Rc::clone(&longer.trail) };
    for (name, theirs) in &b.keywords {
        let value = match merged.keywords.get(name) {
            Some(ours) if ours != theirs => merge_keyword(name, ours, theirs)?,
            _ => theirs.clone(),
        };
        merged.keywords.insert(name.clone(), value);
    }
    Some(merged)
}

fn merge_keyword(name: &str, a: &Value, b: &Value) -> Option<Value> {
    let extreme = |larger: bool| {
        let (x, y) = (a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(0.0));
        Some(if (x > y) == larger { a.clone() } else { b.clone() })
    };
    match name {
        "type" => {
            let (a, b) = (types(a), types(b));
            let shared = |name: &&str| b.contains(name) || (**name == *"integer" && b.contains(&"number"));
            let mut types: Vec<&str> = a.iter().copied().filter(|name| shared(name)).collect();
            if a.contains(&"number") && !b.contains(&"number") && b.contains(&"integer") {
                types.push("integer");
            }
            (!types.is_empty()).then(|| json!(types))
        }
        "enum" => {
            let shared: Vec<&Value> =
                a.as_array()?.iter().filter(|value| b.as_array().is_some_and(|b| b.contains(value))).collect();
            (!shared.is_empty()).then(|| json!(shared))
        }
        "const" => None,
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" | "minContains" | "multipleOf" => {
            extreme(true)
        }
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" | "maxContains" => extreme(false),
        "uniqueItems" => Some(json!(a == &json!(true) || b == &json!(true))),
        "required" => {
            let mut names = a.as_array()?.clone();
            names.extend(b.as_array()?.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
            Some(json!(names))
        }
        "properties" | "patternProperties" => {
            let mut members = a.as_object()?.clone();
            for (name, theirs) in b.as_object()? {
                let value = members.get(name).map_or_else(|| theirs.clone(), |ours| json!({ "allOf": [ours, theirs] }));
                members.insert(name.clone(), value);
            }
            Some(json!(members))
        }
        "items" | "additionalProperties" | "propertyNames" | "contains" => match (a, b) {
            (Value::Bool(false), _) | (_, Value::Bool(false)) => Some(json!(false)),
            (Value::Bool(true), other) | (other, Value::Bool(true)) => Some(other.clone()),
            _ => Some(json!({ "allOf": [a, b] })),
        },
        "not" => Some(json!({ "anyOf": [a, b] })),
        // The validator has the last word on what cannot be said of both at once.
        _ => Some(a.clone()),
    }
}

/// The type names of a `type` keyword.
pub(super) fn types(value: &Value) -> Vec<&str> {
    match value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
