//! Documents of a flattened schema: by type, part by part.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::Result;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::flatten::{Flat, Schemas, list, types};
use super::{is_valid, numbers, scalars, text, yields};
use crate::document::Schema;

/// Elements and free members beyond what is asked for.
const MORE: usize = 4;

type Documents = BoxedStrategy<Value>;
type Member = (String, Value);

/// Documents of the whole schema, not yet judged; `None` when there are none.
pub(super) fn documents(schemas: &Schemas) -> Result<Option<Documents>> {
    of_schema(schemas, &schemas.root, &Rc::new(Vec::new()))
}

fn of_schema(schemas: &Schemas, schema: &Value, trail: &Rc<Vec<String>>) -> Result<Option<Documents>> {
    let mut options = Vec::new();
    for flat in schemas.alternatives(schema, trail)? {
        options.extend(of_flat(schemas, &flat)?);
    }
    Ok(union(options))
}

fn union(options: Vec<Documents>) -> Option<Documents> {
    (!options.is_empty()).then(|| Union::new(options).boxed())
}

fn of_flat(schemas: &Schemas, flat: &Flat) -> Result<Option<Documents>> {
    let keywords = &flat.keywords;
    let listed: Option<Vec<Value>> = match keywords.get("const") {
        Some(value) => Some(vec![value.clone()]),
        None => keywords.get("enum").map(|_| list(keywords, "enum").cloned().collect()),
    };
    if let Some(values) = listed {
        let judge = judge(schemas, keywords);
        let values: Vec<Value> = values.into_iter().filter(|value| judge(value)).collect();
        return Ok((!values.is_empty()).then(|| proptest::sample::select(values).boxed()));
    }
    let mut options = Vec::new();
    for name in types_of(keywords) {
        let option = match name {
            "object" => object(schemas, flat)?,
            "array" => array(schemas, flat)?,
            "string" => leaf(schemas, keywords, strings(keywords)),
            "integer" => leaf(schemas, keywords, numbers::integers(keywords).into_iter().collect()),
            "number" => leaf(schemas, keywords, numbers::numbers(keywords).into_iter().collect()),
            "boolean" => Some(any::<bool>().prop_map(Value::Bool).boxed()),
            "null" => Some(Just(Value::Null).boxed()),
            _ => Some(scalars::json_values()),
        };
        options.extend(option);
    }
    Ok(union(options))
}

/// The declared types; without any the one that the other keywords speak of, else `any`.
fn types_of(keywords: &Map<String, Value>) -> Vec<&str> {
    if let Some(declared) = keywords.get("type") {
        return types(declared);
    }
    let speaks = |names: &[&str]| names.iter().any(|name| keywords.contains_key(*name));
    let guess = if speaks(&["properties", "required", "additionalProperties", "patternProperties", "minProperties"]) {
        "object"
    } else if speaks(&["items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"]) {
        "array"
    } else if speaks(&["pattern", "format", "minLength", "maxLength"]) {
        "string"
    } else if speaks(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
        "number"
    } else {
        "any"
    };
    vec![guess]
}

fn strings(keywords: &Map<String, Value>) -> Vec<Documents> {
    text::candidates(keywords).into_iter().map(|texts| texts.prop_map(Value::String).boxed()).collect()
}

/// A judge of one flattened part. What the validator cannot compile by itself is left to the judge of the whole.
fn judge(schemas: &Schemas, keywords: &Map<String, Value>) -> impl Fn(&Value) -> bool + Clone + 'static {
    let mut schema = keywords.clone();
    if let Some(definitions) = schemas.root.get("$defs") {
        schema.insert("$defs".to_owned(), definitions.clone());
    }
    let schema = Schema::compile(&Value::Object(schema)).ok().map(Arc::new);
    move |value| schema.as_ref().is_none_or(|schema| is_valid(schema, value))
}

/// Those candidates that give something valid at all, judged.
fn leaf(schemas: &Schemas, keywords: &Map<String, Value>, candidates: Vec<Documents>) -> Option<Documents> {
    let judge = judge(schemas, keywords);
    let judged = candidates.into_iter().filter(|candidate| yields(candidate, &judge)).map(|candidate| {
        let judge = judge.clone();
        candidate.prop_filter("the keywords of a value", move |value| judge(value)).boxed()
    });
    union(judged.collect())
}

fn size(keywords: &Map<String, Value>, name: &str) -> Option<usize> {
    keywords.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
}

fn array(schemas: &Schemas, flat: &Flat) -> Result<Option<Documents>> {
    let keywords = &flat.keywords;
    let of = |schema: &Value| of_schema(schemas, schema, &flat.trail);
    let mut firsts = Vec::new();
    for schema in list(keywords, "prefixItems") {
        let Some(first) = of(schema)? else { break };
        firsts.push(first);
    }
    let least = size(keywords, "minItems").unwrap_or(0);
    let contained = match keywords.get("contains") {
        Some(schema) => of(schema)?.map(|inside| (inside, size(keywords, "minContains").unwrap_or(1))),
        None => None,
    };
    let wanted = contained.as_ref().map_or(0, |(_, count)| *count);
    let (low, high) = (least.saturating_sub(firsts.len() + wanted), size(keywords, "maxItems"));
    let high = high.map_or(low + MORE, |most| most.saturating_sub(firsts.len() + wanted).min(low + MORE));
    let rest = match keywords.get("items") {
        Some(schema) => of(schema)?,
        None => Some(scalars::json_values()),
    };
    let rest = match rest {
        Some(items) if low <= high => vec(items, low..=high).boxed(),
        _ if low == 0 => Just(Vec::new()).boxed(),
        _ => return Ok(None),
    };
    // Leaving out the end of the declared ones is allowed, as long as nothing follows.
    let whole =
        (firsts, contained.map_or_else(|| Just(Vec::new()).boxed(), |(inside, n)| vec(inside, n).boxed()), rest);
    let unique = keywords.get("uniqueItems") == Some(&json!(true));
    let join = move |(firsts, contained, rest): (Vec<Value>, Vec<Value>, Vec<Value>)| {
        let mut items: Vec<Value> = Vec::new();
        for item in firsts.into_iter().chain(contained).chain(rest) {
            if !(unique && items.contains(&item)) {
                items.push(item);
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    };
    Ok(Some(whole.prop_filter_map("enough distinct elements", join).boxed()))
}

fn object(schemas: &Schemas, flat: &Flat) -> Result<Option<Documents>> {
    let keywords = &flat.keywords;
    let of = |schema: &Value| of_schema(schemas, schema, &flat.trail);
    let nothing = Map::new();
    let declared = keywords.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let required: Vec<&str> = list(keywords, "required").filter_map(Value::as_str).collect();
    let mut members: Vec<BoxedStrategy<Option<Member>>> = Vec::new();
    for (name, schema) in declared {
        let is_required = required.contains(&name.as_str());
        let Some(values) = of(schema)? else {
            if is_required {
                return Ok(None);
            }
            continue;
        };
        let name = name.clone();
        let member = values.prop_map(move |value| (name.clone(), value));
        members.push(if is_required { member.prop_map(Some).boxed() } else { proptest::option::of(member).boxed() });
    }
    let free = keywords.get("additionalProperties");
    for name in required.iter().filter(|name| !declared.contains_key(**name)) {
        let schema = by_pattern(keywords, name).or(free).unwrap_or(&Value::Bool(true));
        let Some(values) = of(schema)? else { return Ok(None) };
        let name = (*name).to_owned();
        members.push(values.prop_map(move |value| Some((name.clone(), value))).boxed());
    }
    let missing = size(keywords, "minProperties").unwrap_or(0).saturating_sub(required.len());
    let more = free_members(schemas, flat, declared, missing)?;
    let join = |(members, more): (Vec<Option<Member>>, BTreeMap<String, Value>)| {
        let mut object: Map<String, Value> = members.into_iter().flatten().collect();
        for (name, value) in more {
            object.entry(name).or_insert(value);
        }
        Value::Object(object)
    };
    Ok(Some((members, more).prop_map(join).boxed()))
}

fn by_pattern<'a>(keywords: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let patterns = keywords.get("patternProperties")?.as_object()?;
    patterns.iter().find(|(pattern, _)| regex::Regex::new(pattern).is_ok_and(|it| it.is_match(name))).map(|(_, it)| it)
}

/// Members that are not named one by one.
fn free_members(
    schemas: &Schemas,
    flat: &Flat,
    declared: &Map<String, Value>,
    missing: usize,
) -> Result<BoxedStrategy<BTreeMap<String, Value>>> {
    let keywords = &flat.keywords;
    let of = |schema: &Value| of_schema(schemas, schema, &flat.trail);
    let mut kinds: Vec<BoxedStrategy<Member>> = Vec::new();
    let patterns = keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
    for (pattern, schema) in patterns {
        if let (Some(names), Some(values)) = (text::of_pattern(pattern), of(schema)?) {
            kinds.push((names, values).prop_map(|member| member).boxed());
        }
    }
    // A schema that names members means those; one that names none, or describes further ones, means any.
    let open = declared.is_empty() && kinds.is_empty() || missing > 0;
    let schema = match keywords.get("additionalProperties") {
        Some(schema @ Value::Object(_)) => Some(schema.clone()),
        Some(Value::Bool(false)) => None,
        _ => open.then_some(Value::Bool(true)),
    };
    let names = match keywords.get("propertyNames") {
        Some(schema) => of(&merged_with_string(schema))?
            .map(|names| names.prop_filter_map("a name", |name| name.as_str().map(str::to_owned)).boxed()),
        None => Some("[a-z][a-z0-9_]{0,8}".boxed()),
    };
    if let (Some(schema), Some(names)) = (schema, names)
        && let Some(values) = of(&schema)?
    {
        let taken: Vec<String> = declared.keys().cloned().collect();
        let names = names.prop_filter("a name of its own", move |name| !taken.contains(name));
        kinds.push((names, values).boxed());
    }
    if kinds.is_empty() {
        return Ok(Just(BTreeMap::new()).boxed());
    }
    let most = size(keywords, "maxProperties").map_or(missing + MORE, |most| most.min(missing + MORE).max(missing));
    let members = vec(Union::new(kinds), missing..=most).prop_map(|members| members.into_iter().collect());
    Ok(members.boxed())
}

fn merged_with_string(schema: &Value) -> Value {
    json!({ "allOf": [schema, { "type": "string" }] })
}
