//! JSON of a schema: values that keep it, and the same with one thing changed. Covers the keywords of the fixtures.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

/// Values that the schema allows (nearly: what patterns and bounds together refuse is left to the caller's filter).
pub fn values(root: &Json, schema: &Json, depth: u32) -> BoxedStrategy<Json> {
    let list = |name: &str| schema.get(name).and_then(Json::as_array).cloned();
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let target = if reference == "#" { root } else { root.pointer(&reference[1..]).unwrap() };
        return values(root, target, depth + 1);
    }
    if let Some(value) = schema.get("const") {
        return Just(value.clone()).boxed();
    }
    if let Some(members) = list("enum") {
        return prop::sample::select(members).boxed();
    }
    if let Some(members) = list("oneOf").or_else(|| list("anyOf")) {
        let all: Vec<_> = members.iter().map(|member| values(root, member, depth + 1)).collect();
        return prop::strategy::Union::new(all).boxed();
    }
    match schema.get("type") {
        Some(Json::Array(kinds)) => {
            let of = |kind: &Json| {
                let mut schema = schema.clone();
                schema["type"] = kind.clone();
                values(root, &schema, depth)
            };
            prop::strategy::Union::new(kinds.iter().map(of).collect::<Vec<_>>()).boxed()
        }
        Some(kind) => match kind.as_str().unwrap() {
            "null" => Just(Json::Null).boxed(),
            "boolean" => any::<bool>().prop_map(Json::from).boxed(),
            "integer" => integers(schema),
            "number" => numbers(schema),
            "string" => texts(schema),
            "array" => arrays(root, schema, depth),
            _ => objects(root, schema, depth),
        },
        None => anything(),
    }
}

fn limit(schema: &Json, names: [&str; 2], otherwise: f64) -> f64 {
    names.iter().find_map(|name| schema.get(*name)?.as_f64()).unwrap_or(otherwise)
}

#[allow(clippy::cast_possible_truncation)]
fn integers(schema: &Json) -> BoxedStrategy<Json> {
    let step = limit(schema, ["multipleOf", ""], 1.0) as i64;
    let low = limit(schema, ["minimum", ""], -1e6).ceil() as i64;
    let high = limit(schema, ["maximum", "exclusiveMaximum"], 1e6).ceil() as i64;
    // The same number may be written as 5 or 5.0.
    #[allow(clippy::cast_precision_loss)]
    let write = move |(n, whole): (i64, bool)| if whole { json!(n * step) } else { json!((n * step) as f64) };
    (low.div_euclid(step)..=high / step, any::<bool>()).prop_map(write).boxed()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn numbers(schema: &Json) -> BoxedStrategy<Json> {
    let low = limit(schema, ["minimum", "exclusiveMinimum"], -1e12);
    let high = limit(schema, ["maximum", "exclusiveMaximum"], 1e12);
    let cents = ((low * 100.0) as i64..=(high * 100.0) as i64).prop_map(|n| json!(n as f64 / 100.0));
    let whole = (low as i64..=high as i64).prop_map(Json::from);
    if schema.get("multipleOf").is_some() {
        return prop_oneof![cents, whole].boxed();
    }
    prop_oneof![cents, whole, (low..=high).prop_map(Json::from)].boxed()
}

fn texts(schema: &Json) -> BoxedStrategy<Json> {
    let pattern = schema.get("pattern").and_then(Json::as_str);
    let generator = match (schema.get("format").and_then(Json::as_str), pattern) {
        (Some("date-time"), _) => {
            "20[0-9]{2}-0[1-9]-[12][0-9][Tt][01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|\\+01:00)"
        }
        (Some("date"), _) => "20[0-9]{2}-0[1-9]-[0-3][0-9]",
        (Some("time"), _) => "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z",
        (Some("uuid"), _) => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        (Some("ipv4"), _) => "[0-9]{1,3}\\.[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}",
        (Some("ipv6"), _) => "[0-9a-f]{1,4}::[0-9a-f]{1,4}",
        (Some("email"), _) => "[a-z]{1,5}@[a-z]{1,5}\\.org",
        (_, Some(pattern)) => pattern.trim_start_matches('^').trim_end_matches('$'),
        _ => "\\PC{0,6}",
    };
    proptest::string::string_regex(generator).unwrap().prop_map(Json::from).boxed()
}

fn arrays(root: &Json, schema: &Json, depth: u32) -> BoxedStrategy<Json> {
    let length = |name: &str, otherwise| schema.get(name).and_then(Json::as_u64).map_or(otherwise, |n| n as usize);
    let most = length("maxItems", 3).min(if depth > 3 { 1 } else { 4 });
    let least = length("minItems", 0);
    let items = schema.get("items").cloned().unwrap_or(json!(true));
    if most == 0 || depth > 6 {
        return Just(json!([])).boxed();
    }
    prop::collection::vec(values(root, &items, depth + 1), least..=most.max(least)).prop_map(Json::from).boxed()
}

fn objects(root: &Json, schema: &Json, depth: u32) -> BoxedStrategy<Json> {
    let mut all = vec![schema.clone()];
    for member in schema.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        let target = member.get("$ref").and_then(Json::as_str).and_then(|text| root.pointer(&text[1..]));
        all.push(target.unwrap_or(member).clone());
    }
    let mut object = Just(Map::new()).boxed();
    for schema in &all {
        let required = schema.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
        let properties = schema.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
        for (name, property) in properties {
            let needed = required.contains(&json!(name));
            if !needed && depth > 3 {
                continue;
            }
            let value = values(root, &property, depth + 1);
            let there = if needed { Just(true).boxed() } else { prop::bool::weighted(0.4).boxed() };
            object = (object, value, there)
                .prop_map(move |(mut object, value, there)| {
                    if there {
                        object.insert(name.clone(), value);
                    }
                    object
                })
                .boxed();
        }
    }
    let others = match schema.get("additionalProperties") {
        Some(Json::Bool(false)) => return object.prop_map(Json::Object).boxed(),
        Some(others) => values(root, others, depth + 1),
        None => anything(),
    };
    let most = if depth > 3 { 0 } else { 2 };
    (object, prop::collection::btree_map("[a-z~/]{1,3}x", others, 0..=most))
        .prop_map(|(mut object, others)| {
            object.extend(others);
            Json::Object(object)
        })
        .boxed()
}

/// Any small value.
pub fn anything() -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-9_i64..9).prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        (-1e3..1e3).prop_map(Json::from),
        "[a-zA-Z0-9:Z-]{0,8}|é{0,3}".prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Changes one place of a value: another value, nothing, or something more.
pub fn mutate(value: &mut Json, path: &[prop::sample::Index], other: Json) {
    let Some((at, rest)) = path.split_first() else {
        *value = other;
        return;
    };
    match value {
        Json::Object(map) if !map.is_empty() => {
            let name = map.keys().nth(at.index(map.len())).unwrap().clone();
            if rest.is_empty() && other.is_null() {
                map.remove(&name);
            } else if rest.is_empty() && other == json!(true) {
                map.insert("addedx".to_owned(), other);
            } else {
                mutate(&mut map[&name], rest, other);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let at = at.index(items.len());
            if rest.is_empty() && other.is_boolean() {
                items.push(items[at].clone());
            } else {
                mutate(&mut items[at], rest, other);
            }
        }
        _ => *value = other,
    }
}
