//! Strategies against a corpus of schemas: what they make is valid, varied, and broken where it says so.

use std::collections::BTreeSet;

use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::*;
use crate::registry::{ParamKind, Scalar};

fn runner() -> TestRunner {
    let config = Config { max_local_rejects: 1_000_000, ..Config::default() };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
}

fn sample<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, count: usize) -> Vec<T> {
    let mut runner = runner();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Schemas with the keywords that their broken documents must show.
#[allow(clippy::too_many_lines, reason = "a table")]
fn corpus() -> Vec<(Value, &'static [&'static str])> {
    vec![
        (json!({ "type": "string" }), &["type"]),
        (json!({ "type": ["string", "null"], "minLength": 3, "maxLength": 5 }), &["minLength", "maxLength"]),
        (json!({ "type": "string", "pattern": "^(?:I:)?[A-Z][A-Z.]{0,9}$" }), &["pattern", "type"]),
        (json!({ "type": "string", "pattern": "[0-9]{3}" }), &["pattern"]),
        (json!({ "type": "string", "pattern": "^\\d{4}-\\w+$", "maxLength": 12 }), &["pattern"]),
        (json!({ "type": "string", "format": "date-time", "pattern": "Z$" }), &["pattern", "type"]),
        (json!({ "type": "string", "format": "date" }), &["format"]),
        (json!({ "type": "string", "format": "time" }), &["format"]),
        (json!({ "type": "string", "format": "duration" }), &["format"]),
        (json!({ "type": "string", "format": "uuid" }), &["format"]),
        (json!({ "type": "string", "format": "email" }), &["format"]),
        (json!({ "type": "string", "format": "hostname" }), &["format"]),
        (json!({ "type": "string", "format": "ipv4" }), &["format"]),
        (json!({ "type": "string", "format": "ipv6" }), &["format"]),
        (json!({ "type": "string", "format": "uri" }), &["format"]),
        (json!({ "type": "string", "format": "json-pointer" }), &["format"]),
        (json!({ "type": "string", "format": "no-such-format" }), &["type"]),
        (json!({ "type": "integer", "minimum": 5, "maximum": 9 }), &["minimum", "maximum", "type"]),
        (
            json!({ "type": "integer", "exclusiveMinimum": -1, "exclusiveMaximum": 1 }),
            &["exclusiveMinimum", "exclusiveMaximum"],
        ),
        (json!({ "type": "integer", "multipleOf": 7, "minimum": 1 }), &["multipleOf", "minimum"]),
        (json!({ "type": "number", "multipleOf": 0.01, "minimum": 0 }), &["multipleOf"]),
        (json!({ "type": "number", "exclusiveMinimum": 0 }), &["exclusiveMinimum"]),
        (json!({ "type": "boolean" }), &["type"]),
        (json!({ "type": "null" }), &["type"]),
        (json!({ "enum": ["a", 1, null] }), &["enum"]),
        (json!({ "const": { "a": [1] } }), &["const"]),
        (
            json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 3 }),
            &["minItems", "maxItems", "type"],
        ),
        (
            json!({ "type": "array", "items": { "enum": [1, 2, 3] }, "uniqueItems": true, "minItems": 1 }),
            &["uniqueItems", "enum"],
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "number" }], "items": false, "minItems": 2 }),
            &["type", "minItems"],
        ),
        (json!({ "type": "array", "contains": { "const": 5 }, "items": { "type": "integer" } }), &["type"]),
        (object(), &["required", "additionalProperties", "type", "minimum"]),
        (
            json!({ "type": "object", "additionalProperties": { "type": "integer" }, "minProperties": 1, "maxProperties": 3 }),
            &["minProperties", "maxProperties", "type"],
        ),
        (
            json!({ "type": "object", "patternProperties": { "^x_[a-z]+$": { "type": "boolean" } }, "additionalProperties": false }),
            &["additionalProperties"],
        ),
        (
            json!({ "type": "object", "propertyNames": { "pattern": "^[a-z]{2}$" }, "additionalProperties": true }),
            &["type"],
        ),
        (
            json!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "a" } } }] }),
            &["oneOf"],
        ),
        (
            json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^n/a$" }] }),
            &["anyOf"],
        ),
        (
            json!({ "allOf": [object(), { "properties": { "n": { "maximum": 5 } }, "required": ["n"] }] }),
            &["required", "maximum"],
        ),
        (json!({ "type": "integer", "not": { "multipleOf": 2 }, "minimum": 0, "maximum": 100 }), &["minimum"]),
        (
            json!({ "type": "object", "properties": { "k": { "enum": ["a", "b"] }, "v": { "type": "integer" } }, "required": ["k"], "if": { "properties": { "k": { "const": "a" } } }, "then": { "required": ["v"] } }),
            &["enum"],
        ),
        (tree(), &["type", "required"]),
        (
            json!({ "$ref": "#/$defs/Money", "$defs": { "Money": { "type": "object", "required": ["cents"], "properties": { "cents": { "type": "integer", "minimum": 0 } } } } }),
            &["minimum", "required"],
        ),
    ]
}

fn object() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["id"],
        "properties": { "id": { "type": "string", "minLength": 1 }, "n": { "type": "integer", "minimum": 0 }, "inner": {
            "type": "object", "required": ["a/b"], "properties": { "a/b": { "type": "boolean" } } } }
    })
}

fn tree() -> Value {
    json!({
        "$ref": "#/$defs/Node",
        "$defs": { "Node": { "type": "object", "required": ["name", "children"], "additionalProperties": false, "properties": {
            "name": { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#/$defs/Node" } } } } }
    })
}

#[test]
fn documents_are_valid_and_differ() {
    for (schema, _) in corpus() {
        let validator = Schema::compile(&schema).unwrap();
        let documents = sample(&try_payload(&schema).unwrap_or_else(|error| panic!("{schema}: {error:#}")), 60);
        assert!(documents.iter().all(|document| is_valid(&validator, document)), "{schema}");
        let distinct: BTreeSet<String> = documents.iter().map(Value::to_string).collect();
        let few = ["null", "boolean", "enum", "const"]
            .iter()
            .any(|word| schema["type"] == *word || schema.get(word).is_some());
        assert!(
            few || distinct.len() > 1
                || schema["maximum"].is_null() && distinct.len() == 1 && schema["exclusiveMaximum"] == 1,
            "{schema}: {distinct:?}"
        );
    }
}

#[test]
fn broken_documents_break_the_keyword_they_name() {
    for (schema, expected) in corpus() {
        let validator = Schema::compile(&schema).unwrap();
        let broken = sample(&try_broken(&schema).unwrap_or_else(|error| panic!("{schema}: {error:#}")), 80);
        for one in &broken {
            let verdict = validator.check(&mut Scratch::default(), one.value.to_string().as_bytes());
            assert!(
                matches!(&verdict, Verdict::Invalid(violations) if violations.len() == 1),
                "{schema}: {one:?}: {verdict:?}"
            );
        }
        let keywords: BTreeSet<&str> = broken.iter().map(|one| one.keyword.as_str()).collect();
        assert!(
            expected.iter().all(|keyword| keywords.contains(keyword)),
            "{schema}: {keywords:?}, not all of {expected:?}"
        );
    }
}

#[test]
fn a_document_that_recurses_ends() {
    let documents = sample(&payload(&tree()), 200);
    assert!(documents.iter().any(|document| document["children"] != json!([])));
}

#[test]
fn what_cannot_be_made_is_said() {
    let endless = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#/$defs/A" } } } } });
    for (schema, part) in [
        (json!(false), "allows nothing"),
        (endless, "no end"),
        (json!({ "type": "integer", "minimum": 5, "maximum": 4 }), "allows nothing"),
        (json!({ "type": "no-such-type" }), "not a sound JSON Schema"),
        (json!({ "not": {} }), "break the schema"),
    ] {
        let error = format!("{:#}", try_payload(&schema).unwrap_err());
        assert!(error.contains(part), "{schema}: {error}");
    }
    assert!(format!("{:#}", try_broken(&json!({})).unwrap_err()).contains("allows everything"));
}

#[test]
fn scalars_are_what_the_check_takes() {
    for kind in Scalar::ALL {
        for value in sample(&scalar(kind), 200) {
            assert_eq!(crate::check::scalar_fault(kind, &value), None, "{kind:?}: {}", String::from_utf8_lossy(&value));
        }
        for value in sample(&scalar_json(kind), 100) {
            let text = value.as_str().filter(|_| kind != Scalar::Json).map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(crate::check::scalar_fault(kind, text.as_bytes()), None, "{kind:?}: {text}");
        }
    }
}

#[test]
fn params_keep_their_own_expression() {
    let kinds = [
        ParamKind::String { pattern: None },
        ParamKind::String { pattern: Some("(?:I:)?[A-Z][A-Z.]{0,9}".into()) },
        ParamKind::Integer { min: 50, max: 60 },
        ParamKind::Integer { min: i64::MIN, max: -5 },
        ParamKind::Uuid,
        ParamKind::Hex { length: Some(32) },
        ParamKind::Hex { length: None },
        ParamKind::Date,
        ParamKind::EpochMs,
        ParamKind::Enum(vec!["a.b".into(), "c".into()]),
        ParamKind::Rest,
    ];
    for kind in kinds {
        let whole = regex::bytes::Regex::new(&format!("^(?:{})$", kind.regex())).unwrap();
        for value in sample(&param(&kind), 200) {
            assert!(whole.is_match(value.as_bytes()) && kind.accepts(value.as_bytes()), "{kind:?}: {value:?}");
        }
    }
}
