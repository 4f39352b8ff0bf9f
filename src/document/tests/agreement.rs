//! The flat document against `serde_json`, and verdicts against `jsonschema` over its values.

use jsonschema::{Draft, PatternOptions, Validator};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Document, Schema, Scratch, Verdict, Violation};
use super::spelling::{spell, value};
use super::{read, value_of};

/// Schemas that together use every assertion and applicator of 2020-12.
fn schemas() -> Vec<Value> {
    vec![
        json!({"type": "object", "required": ["a", "kind"], "properties": {"a": {"type": "integer"}, "kind": {"type": "string"}}}),
        json!({"type": "object", "properties": {"a": true, "b": true, "kind": false}, "additionalProperties": false}),
        json!({"properties": {"a": {"type": ["number", "null"]}}, "additionalProperties": {"type": "string"}}),
        json!({"patternProperties": {"^x_[0-9]$": {"type": "number"}, "^longer": {"type": "string"}}, "additionalProperties": false}),
        json!({"$defs": {"tree": {"type": "object", "properties": {"a": {"$ref": "#/$defs/tree"}, "b": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}}, "$ref": "#/$defs/tree"}),
        json!({"anyOf": [{"type": "string"}, {"items": {"$ref": "#"}}, {"type": "object", "additionalProperties": {"$ref": "#"}}]}),
        json!({"oneOf": [
            {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "tick"}}},
            {"type": "object", "required": ["kind", "value"], "properties": {"kind": {"const": "bar"}, "value": {"type": "number"}}},
            {"type": "array", "maxItems": 3},
        ]}),
        json!({"oneOf": [{"type": "integer"}, {"minimum": 2}]}),
        json!({"anyOf": [{"type": "integer"}, {"type": "array", "contains": {"const": 3}, "minContains": 2, "maxContains": 3}]}),
        json!({"allOf": [{"required": ["a"]}, {"properties": {"a": {"enum": [1, 2.0, "abc", null, [1, 2], {"a": 1}]}}}]}),
        json!({"enum": [0, 1, -1, 9_007_199_254_740_993_u64, 0.25, "abc", "äöü", null, true, [], {}, [1], {"a": 1}]}),
        json!({"enum": ["tick", "bar", null]}),
        json!({"enum": ["", "a", "abc", "ABC", "tick", "bar", "x", "y", "z", "äöü", "1.5", "q"]}),
        json!({"const": {"a": 1, "b": [1, 2]}}),
        json!({"items": {"const": 3.0}}),
        json!({"type": "array", "uniqueItems": true}),
        json!({"items": {"uniqueItems": true}, "uniqueItems": true}),
        json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 3}),
        json!({"items": {"type": "string", "pattern": "\\d"}}),
        json!({"minLength": 2}),
        json!({"maxLength": 2}),
        json!({"items": {"format": "date-time"}, "additionalProperties": {"format": "date-time"}, "format": "date-time"}),
        json!({"additionalProperties": {"anyOf": [{"format": "uuid"}, {"format": "date"}, {"format": "email"}, {"format": "uri"}]}}),
        json!({"propertyNames": {"pattern": "^[a-z_]*$", "maxLength": 8}}),
        json!({"propertyNames": {"enum": ["a", "b", "kind", "é😀"]}}),
        json!({"minimum": -2, "exclusiveMaximum": 5.5, "items": {"maximum": 10, "exclusiveMinimum": 0}}),
        json!({"maximum": 9_007_199_254_740_992_u64}),
        json!({"items": {"multipleOf": 3}, "multipleOf": 0.25}),
        json!({"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": {"type": "null"}}),
        json!({"type": "array", "minItems": 1, "maxItems": 4, "items": {"type": "integer"}}),
        json!({"minProperties": 1, "maxProperties": 2}),
        json!({"if": {"required": ["kind"]}, "then": {"required": ["value"]}, "else": {"type": "array"}}),
        json!({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"kind": {"required": ["ts"]}}}),
        json!({"not": {"type": "object"}, "type": ["object", "array", "string"]}),
        json!({"allOf": [{"properties": {"a": true}}, {"properties": {"b": true}}], "unevaluatedProperties": false}),
        json!({"allOf": [{"prefixItems": [true, {"type": "integer"}]}], "unevaluatedItems": {"type": "string"}}),
        json!({"properties": {"a": {"properties": {"b": {"type": "integer"}}, "required": ["b"]}, "b": {"items": {"required": ["a"]}}}}),
        json!({"required": ["longer_property_name", "longer_property_nome", "a\u{0}"]}),
        json!(true),
        json!(false),
    ]
}

struct Pair {
    text: String,
    ours: Schema,
    theirs: Validator,
}

fn pairs() -> Vec<Pair> {
    let pair = |schema: &Value| Pair {
        text: schema.to_string(),
        ours: Schema::compile(schema).unwrap(),
        theirs: jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .unwrap(),
    };
    schemas().iter().map(pair).collect()
}

/// Whole numbers of 2^53 and more with a fraction or exponent: a value rounds them before they are
/// divided, while a document still has their digits and divides exactly. The one difference in verdicts.
fn has_rounded_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|value| value.abs() >= 9e15),
        Value::Array(elements) => elements.iter().any(has_rounded_integer),
        _ => false,
    }
}

fn agree(pair: &Pair, scratch: &mut Scratch, text: &str) -> Result<(), TestCaseError> {
    let expected: Value = serde_json::from_str(text).unwrap();
    if pair.text.contains("multipleOf") && has_rounded_integer(&expected) {
        return Ok(());
    }
    let mut wrong: Vec<Violation> =
        pair.theirs.iter_errors(&expected).map(|error| Violation::of(&error, None)).collect();
    match pair.ours.check(scratch, text.as_bytes()) {
        Verdict::Valid => prop_assert!(wrong.is_empty(), "{} accepts {text}: {wrong:?}", pair.text),
        Verdict::Invalid(mut found) if wrong.len() <= 8 => {
            // A repeated name keeps its first place in a map, its last in a document.
            found.sort();
            wrong.sort();
            prop_assert_eq!(found, wrong, "{} on {}", pair.text, text);
        }
        Verdict::Invalid(found) => prop_assert_eq!(found.len(), 8),
        Verdict::NotJson(error) => prop_assert!(false, "{text}: {error:?}"),
    }
    Ok(())
}

#[test]
fn verdicts_are_those_of_jsonschema_over_values() {
    let pairs = pairs();
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(value in value(), choices in prop::collection::vec(any::<u8>(), 1..64))| {
        let text = spell(&value, &choices);
        let mut scratch = Scratch::default();
        for pair in &pairs {
            agree(pair, &mut scratch, &text)?;
        }
    });
}

#[test]
fn documents_hold_what_serde_json_reads() {
    let config = ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(value in value(), choices in prop::collection::vec(any::<u8>(), 1..64))| {
        let text = spell(&value, &choices);
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read(text.as_bytes()).unwrap(), expected, "{}", text);
    });
}

/// One change of a text: at a place (modulo its length), by kind, with a byte.
type Change = (usize, u8, u8);

fn mutate(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    const TELLING: &[u8] = b"\"\\{}[]:,0123456789.-+eEtrufalsn \n\t\x00\x1f\x7f\x80\xc3\xed\xa0\xf4\xff";
    for &(at, kind, byte) in changes {
        let byte = if kind & 8 == 0 { TELLING[usize::from(byte) % TELLING.len()] } else { byte };
        let at = at % (bytes.len() + 1);
        match kind & 7 {
            0 => bytes.truncate(at),
            1 | 2 => bytes.insert(at, byte),
            3 | 4 if at < bytes.len() => bytes[at] = byte,
            5 if at < bytes.len() => drop(bytes.remove(at)),
            6 => {
                let tail = bytes.split_off(at);
                bytes.extend_from_within(at / 2..);
                bytes.extend(tail);
            }
            _ => {}
        }
    }
    bytes
}

/// The only text that we take and `serde_json` does not: a number beyond the range of `f64`. It is
/// JSON by RFC 8259, and bounds of the schema can still judge it.
fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

#[test]
fn texts_are_accepted_as_serde_json_does() {
    let config = ProptestConfig { cases: 8000, failure_persistence: None, ..ProptestConfig::default() };
    let change = (any::<usize>(), 0_u8..16, any::<u8>());
    let input = (value(), prop::collection::vec(any::<u8>(), 1..32), prop::collection::vec(change, 0..4));
    proptest!(config, |((value, choices, changes) in input)| {
        let bytes = mutate(spell(&value, &choices).into_bytes(), &changes);
        let shown = String::from_utf8_lossy(&bytes);
        match (read(&bytes), serde_json::from_slice::<Value>(&bytes)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{}", shown),
            (Ok(_), Err(error)) => prop_assert!(is_out_of_range(&error), "{shown}: {error}"),
            (Err(error), Ok(_)) => prop_assert!(false, "{shown}: {error:?}"),
            (Err(error), Err(_)) => prop_assert!(error.offset <= bytes.len()),
        }
    });
}

#[test]
fn floats_are_read_exactly() {
    let config = ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(text in "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?")| {
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read(text.as_bytes()).unwrap(), expected, "{}", text);
    });
}

#[test]
fn the_scratch_is_as_good_as_new_after_any_document() {
    let mut scratch = Scratch::default();
    for text in ["[1,{\"\\u0061\":[2]}]", "[1,", "{\"a\":", "\"\\ud800\"", "{\"b\":{\"c\":[null]}}"] {
        let again = Document::parse(text.as_bytes(), &mut scratch).map(|document| value_of(document.root()));
        assert_eq!(again, read(text.as_bytes()), "{text}");
    }
}
