//! Laws of comparing schemas: what is called no wider gives no value that readers of the old schema refuse, what is called no
//! narrower refuses no value of the old one, and every single constraint that is tightened is found.

use keywire::diff::schema::{SchemaChange, schema_changes};
use keywire::testing::strategies;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Schemas of payloads as people write them, two levels deep.
fn schema(depth: u32) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "string" })),
        (0u64..4, 4u64..9).prop_map(|(min, max)| json!({ "type": "string", "minLength": min, "maxLength": max })),
        Just(json!({ "type": "string", "pattern": "^[a-z]{1,5}$" })),
        Just(json!({ "type": "string", "format": "date-time" })),
        Just(json!({ "type": "integer" })),
        (-9i64..0, 1i64..9).prop_map(|(min, max)| json!({ "type": "integer", "minimum": min, "maximum": max })),
        Just(json!({ "type": "number", "exclusiveMinimum": 0 })),
        Just(json!({ "type": ["number", "null"] })),
        Just(json!({ "type": "boolean" })),
        prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..4).prop_map(|words| json!({ "enum": words })),
        Just(json!({ "const": "x" })),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = schema(depth - 1);
    let properties = prop::collection::btree_map(prop::sample::select(vec!["p", "q", "r", "s"]), inner.clone(), 0..4);
    let object = (properties, any::<(u8, bool)>()).prop_map(|(properties, (required, closed))| {
        let names: Vec<&&str> =
            properties.keys().enumerate().filter(|(at, _)| required >> at & 1 == 1).map(|(_, name)| name).collect();
        let mut schema = json!({ "type": "object", "required": names, "properties": properties });
        if closed {
            schema["additionalProperties"] = json!(false);
        }
        schema
    });
    let array = (inner, 0u64..2, 2u64..4)
        .prop_map(|(items, min, max)| json!({ "type": "array", "items": items, "minItems": min, "maxItems": max }));
    prop_oneof![3 => leaf, 3 => object, 1 => array].boxed()
}

/// The places in a schema that hold a schema.
fn places(schema: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        places(inner, &format!("{at}/properties/{name}"), out);
    }
    if let Some(items) = schema.get("items") {
        places(items, &format!("{at}/items"), out);
    }
}

/// One change of one constraint: tightened, or loosened.
fn changed(schema: &mut Map<String, Value>, which: usize) {
    let number = |schema: &Map<String, Value>, name: &str| schema.get(name).and_then(Value::as_i64);
    match which % 14 {
        0 => _ = schema.insert("minLength".into(), json!(number(schema, "minLength").unwrap_or(0) + 1)),
        1 => _ = schema.remove("maxLength"),
        2 => _ = schema.insert("maximum".into(), json!(number(schema, "maximum").unwrap_or(90) - 1)),
        3 => _ = schema.remove("minimum"),
        4 => _ = schema.insert("enum".into(), json!(["a", "b"])),
        5 => _ = schema.remove("enum"),
        6 => _ = schema.insert("type".into(), json!("string")),
        7 => _ = schema.insert("type".into(), json!(["string", "null"])),
        8 => _ = schema.insert("required".into(), json!(["p"])),
        9 => _ = schema.remove("required"),
        10 => _ = schema.insert("additionalProperties".into(), json!(false)),
        11 => _ = schema.remove("additionalProperties"),
        12 => {
            let properties = schema.entry("properties").or_insert_with(|| json!({}));
            properties["s"] = json!({ "type": "integer" });
        }
        _ => {
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.remove("p");
            }
        }
    }
}

fn pair() -> impl Strategy<Value = (Value, Value)> {
    (schema(2), prop::collection::vec(any::<(prop::sample::Index, usize)>(), 0..4)).prop_map(|(old, steps)| {
        let mut new = old.clone();
        for (place, which) in steps {
            let mut all = Vec::new();
            places(&new, "", &mut all);
            if let Some(Value::Object(schema)) = new.pointer_mut(&all[place.index(all.len())]) {
                changed(schema, which);
            }
        }
        (old, new)
    })
}

fn accepts(schema: &Value, value: &Value) -> bool {
    jsonschema(schema).is_valid(value)
}

fn jsonschema(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// Some values of a schema; none where no value fits, or none can be made.
fn values(schema: &Value, runner: &mut proptest::test_runner::TestRunner) -> Vec<Value> {
    let Ok(strategy) = strategies::try_payload(schema) else { return Vec::new() };
    let made = (0..12)
        .filter_map(|_| strategy.new_tree(runner).ok().map(|tree| proptest::strategy::ValueTree::current(&tree)));
    made.filter(|value| accepts(schema, value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_safe_for_readers_gives_them_no_value_that_they_refuse((old, new) in pair()) {
        let changes = schema_changes(&old, &new);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        if !changes.iter().any(|change| change.wider) {
            for value in values(&new, &mut runner) {
                prop_assert!(accepts(&old, &value), "{value} is new\n{old}\n{new}\n{changes:?}");
            }
        }
        if !changes.iter().any(|change| change.narrower) {
            for value in values(&old, &mut runner) {
                prop_assert!(accepts(&new, &value), "{value} is refused\n{old}\n{new}\n{changes:?}");
            }
        }
    }

    #[test]
    fn a_schema_has_not_changed_from_itself(schema in schema(2)) {
        prop_assert_eq!(schema_changes(&schema, &schema), vec![]);
        let wrapped = json!({ "$ref": "#/$defs/It", "$defs": { "It": schema } });
        prop_assert_eq!(schema_changes(&wrapped, &wrapped), vec![]);
    }

    #[test]
    fn there_and_back_are_the_same_changes((old, new) in pair()) {
        let sides = |changes: Vec<SchemaChange>| (changes.iter().any(|change| change.wider), changes.iter().any(|change| change.narrower));
        let (wider, narrower) = sides(schema_changes(&old, &new));
        // A property that is gone from an open schema is told to readers only.
        let (back_wider, back_narrower) = sides(schema_changes(&new, &old));
        prop_assert!(wider || !back_narrower, "{old}\n{new}");
        prop_assert!(back_wider || !narrower, "{old}\n{new}");
    }
}

#[test]
fn every_single_constraint_that_is_tightened_is_found() {
    let cases = [
        (json!({}), json!({ "type": "string" })),
        (json!({ "type": "number" }), json!({ "type": "integer" })),
        (json!({ "type": ["string", "null"] }), json!({ "type": "string" })),
        (json!({ "enum": [1, 2] }), json!({ "enum": [1] })),
        (json!({ "enum": [1, 2] }), json!({ "const": 1 })),
        (json!({}), json!({ "format": "date-time" })),
        (json!({}), json!({ "pattern": "a" })),
        (json!({}), json!({ "minimum": 1 })),
        (json!({ "minimum": 1 }), json!({ "minimum": 2 })),
        (json!({ "maximum": 2 }), json!({ "maximum": 1 })),
        (json!({}), json!({ "exclusiveMinimum": 1 })),
        (json!({}), json!({ "exclusiveMaximum": 1 })),
        (json!({}), json!({ "multipleOf": 2 })),
        (json!({ "minLength": 1 }), json!({ "minLength": 2 })),
        (json!({}), json!({ "maxLength": 2 })),
        (json!({}), json!({ "minItems": 2 })),
        (json!({ "maxItems": 3 }), json!({ "maxItems": 2 })),
        (json!({}), json!({ "uniqueItems": true })),
        (json!({}), json!({ "minProperties": 2 })),
        (json!({}), json!({ "maxProperties": 2 })),
        (json!({}), json!({ "required": ["a"] })),
        (json!({}), json!({ "properties": { "a": { "type": "string" } } })),
        (json!({ "properties": { "a": {} } }), json!({ "properties": { "a": { "type": "string" } } })),
        (json!({}), json!({ "additionalProperties": false })),
        (json!({}), json!({ "additionalProperties": { "type": "string" } })),
        (json!({}), json!({ "items": { "type": "string" } })),
        (json!({ "items": {} }), json!({ "items": { "type": "string" } })),
        (json!({ "anyOf": [{ "const": 1 }, { "const": 2 }] }), json!({ "anyOf": [{ "const": 1 }] })),
        (json!({ "allOf": [{ "minimum": 1 }] }), json!({ "allOf": [{ "minimum": 1 }, { "maximum": 3 }] })),
        (json!({}), json!({ "not": { "const": 1 } })),
        (json!(true), json!(false)),
        (
            json!({ "$ref": "#/$defs/A", "$defs": { "A": { "type": ["string", "null"] } } }),
            json!({ "$ref": "#/$defs/A", "$defs": { "A": { "type": "string" } } }),
        ),
        (
            json!({ "properties": { "a": { "properties": { "b": {} } } } }),
            json!({ "properties": { "a": { "properties": { "b": { "type": "null" } } } } }),
        ),
    ];
    for (loose, tight) in cases {
        let found = schema_changes(&loose, &tight);
        assert!(found.iter().any(|change| change.narrower), "{loose} -> {tight}");
        assert!(found.iter().all(|change| !change.wider), "{loose} -> {tight}: {found:?}");
        let back = schema_changes(&tight, &loose);
        assert!(back.iter().any(|change| change.wider), "{tight} -> {loose}");
        assert!(back.iter().all(|change| !change.narrower), "{tight} -> {loose}: {back:?}");
    }
}

#[test]
fn schemas_that_refer_to_themselves_and_hostile_ones_end() {
    let tree = |kind: &str| json!({ "$ref": "#/$defs/T", "$defs": { "T": { "type": "object", "properties": { "left": { "$ref": "#/$defs/T" }, "value": { "type": kind } } } } });
    let found = schema_changes(&tree("number"), &tree("integer"));
    assert!(found.iter().any(|change| change.narrower && change.path == ["value"]), "{found:?}");
    let mut deep = json!({ "type": "string" });
    for _ in 0..200 {
        deep = json!({ "items": deep });
    }
    assert!(schema_changes(&deep, &json!({})).iter().any(|change| change.wider));
    assert_eq!(schema_changes(&json!({ "$ref": "#/nowhere" }), &json!({ "$ref": "#/nowhere" })), []);
    assert!(!schema_changes(&json!({ "$ref": "#/nowhere" }), &json!({ "type": "string" })).is_empty());
    let loops = json!({ "$ref": "#" });
    assert_eq!(schema_changes(&loops, &loops), []);
    assert!(!schema_changes(&loops, &json!({ "type": "string" })).is_empty());
}
