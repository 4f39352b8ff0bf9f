//! Texts of violations and of refused schemas: what they say, and what they never say.

use serde_json::{Value, json};

use super::super::{Schema, Verdict};
use super::check;

/// Pointer, keyword and message of the only violation.
fn only(schema: Value, text: &str) -> (String, String, String) {
    let Verdict::Invalid(mut violations) = check(schema, text) else { panic!("{text} is valid") };
    assert_eq!(violations.len(), 1, "{violations:?}");
    let violation = violations.remove(0);
    (violation.instance_pointer, violation.keyword, violation.message)
}

#[test]
fn messages_tell_what_the_schema_wants() {
    let cases = [
        (json!({"type": "number"}), "\"secret\"", "value must be a number"),
        (json!({"type": ["integer", "null"]}), "\"secret\"", "value must be null or an integer"),
        (json!({"required": ["ts"]}), "{}", "missing required property \"ts\""),
        (json!({"exclusiveMinimum": 0}), "-77", "value must be greater than 0"),
        (json!({"minimum": 0.5}), "-77", "value must be at least 0.5"),
        (json!({"maximum": 3}), "77", "value must be at most 3"),
        (json!({"exclusiveMaximum": 3}), "77", "value must be less than 3"),
        (json!({"multipleOf": 2}), "77", "value must be a multiple of 2"),
        (json!({"minLength": 9}), "\"secret\"", "value must have at least 9 characters"),
        (json!({"maxLength": 1}), "\"secret\"", "value must have at most 1 character"),
        (json!({"pattern": "^x"}), "\"secret\"", "value must match the pattern ^x"),
        (json!({"format": "date-time"}), "\"secret\"", "value must be in format date-time"),
        (json!({"const": "up"}), "\"secret\"", "value must be \"up\""),
        (json!({"enum": ["up", 1]}), "\"secret\"", "value must be one of [\"up\",1]"),
        (json!({"minItems": 2}), "[77]", "array must have at least 2 items"),
        (json!({"maxItems": 0}), "[77]", "array must have at most 0 items"),
        (json!({"prefixItems": [true], "items": false}), "[1, 77]", "no value is allowed here"),
        (json!({"uniqueItems": true}), "[77, 77]", "array must not hold equal items"),
        (json!({"contains": {"const": 1}}), "[77]", "array does not hold the items that `contains` asks for"),
        (json!({"unevaluatedItems": false}), "[77]", "array holds items that are not declared"),
        (json!({"minProperties": 2}), "{\"a\":77}", "object must have at least 2 properties"),
        (json!({"maxProperties": 0}), "{\"a\":77}", "object must have at most 0 properties"),
        (json!({"not": {}}), "77", "value must not match the schema under `not`"),
        (json!(false), "77", "no value is allowed here"),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            "{\"ab\":77}",
            "a property name is not allowed: value must have at most 1 character",
        ),
        (json!({"additionalProperties": false}), "{\"a\":77}", "property \"a\" is not declared"),
        (json!({"unevaluatedProperties": false}), "{\"a\":77,\"b\":77}", "properties \"a\", \"b\" are not declared"),
        (
            json!({"anyOf": [{"type": "null"}, {"type": "array"}]}),
            "77",
            "value matches none of the 2 alternatives; the nearest is number 1: value must be null",
        ),
        (json!({"oneOf": [true, true]}), "77", "value matches more than one of the 2 alternatives"),
    ];
    for (schema, text, message) in cases {
        let shown = format!("{schema} on {text}");
        assert_eq!(only(schema, text).2, message, "{shown}");
    }
}

#[test]
fn pointers_lead_to_the_place() {
    let schema = json!({"properties": {"legs": {"items": {"properties": {"price": {"type": "number"}, "a/b": {"type": "null"}}}}}});
    let (pointer, keyword, _) = only(schema.clone(), r#"{"legs":[{"price":"secret"}]}"#);
    assert_eq!((pointer.as_str(), keyword.as_str()), ("/legs/0/price", "type"));
    assert_eq!(only(schema, r#"{"legs":[{"a/b":"secret"}]}"#).0, "/legs/0/a~1b");
}

#[test]
fn the_nearest_alternative_is_of_the_same_kind() {
    let schema = json!({"oneOf": [
        {"properties": {"kind": {"const": "tick"}}, "required": ["kind"], "additionalProperties": false},
        {"properties": {"kind": {"const": "bar"}, "value": {"type": "number"}}, "required": ["kind", "value"], "additionalProperties": false},
    ]});
    let Verdict::Invalid(violations) = check(schema, r#"{"kind":"bar","value":1,"extra":"secret"}"#) else { panic!() };
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].keyword, "oneOf");
    assert_eq!(
        violations[0].message,
        "value matches none of the 2 alternatives; the nearest is number 2: property \"extra\" is not declared"
    );
    assert_eq!(violations[0].unexpected, ["extra"]);
}

#[test]
fn unexpected_names_are_given_apart_capped_and_without_control_characters() {
    let members: Vec<String> = (0..20).map(|n| format!("\"p{n}\":\"secret\"")).collect();
    let Verdict::Invalid(violations) =
        check(json!({"properties": {"a": true}, "additionalProperties": false}), &format!("{{{}}}", members.join(",")))
    else {
        panic!()
    };
    assert_eq!(violations[0].unexpected, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
    assert!(violations[0].message.ends_with("\"p7\" and 12 more are not declared"), "{}", violations[0].message);
    let text = format!("{{\"\\u001b[31m{}\":1}}", "x".repeat(5000));
    let Verdict::Invalid(violations) = check(json!({"additionalProperties": false}), &text) else { panic!() };
    assert!(violations[0].message.len() < 400 && !violations[0].message.contains('\u{1b}'));
    assert!(violations[0].unexpected[0].starts_with("\\u{1b}[31mxxx"));
    let Verdict::Invalid(violations) = check(json!({"additionalProperties": {"type": "null"}}), &text) else {
        panic!()
    };
    assert!(violations[0].instance_pointer.len() < 400 && !violations[0].instance_pointer.contains('\u{1b}'));
}

#[test]
fn a_refused_member_is_an_undeclared_property_of_its_object() {
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
        let schema = json!({"properties": {"o": {keyword: false}}});
        let Verdict::Invalid(violations) = check(schema, r#"{"o":{"a/b":77}}"#) else { panic!() };
        assert_eq!(violations[0].instance_pointer, "/o");
        assert_eq!(violations[0].keyword, keyword);
        assert_eq!(violations[0].message, "property \"a/b\" is not declared");
        assert_eq!(violations[0].unexpected, ["a/b"]);
    }
}

/// Every keyword fails on documents full of one word, which no text may hold.
#[test]
fn no_text_ever_holds_a_value() {
    let schemas = [
        json!({"type": "null", "enum": [1], "const": 2, "pattern": "^$", "format": "uuid", "maxLength": 1, "not": {}, "minItems": 9}),
        json!({"prefixItems": [{"const": 1}], "items": false, "contains": false, "uniqueItems": true, "maxItems": 1, "unevaluatedItems": false}),
        json!({"unevaluatedItems": {"type": "null"}, "additionalProperties": {"anyOf": [{"type": "null"}, {"unevaluatedItems": false}]}}),
        json!({"oneOf": [{"items": {"enum": [1]}}, {"unevaluatedItems": false}, {"additionalProperties": {"format": "date"}}], "if": true, "then": {"contentEncoding": "base64"}}),
        json!({"contentMediaType": "application/json", "contentEncoding": "base64", "minimum": 1e9, "multipleOf": 7919}),
    ];
    let documents = [
        "\"needle\"",
        "[\"needle\",\"needle\"]",
        "{\"a\":\"needle\",\"b\":[\"needle\"]}",
        "[[\"needle\"],{\"a\":\"needle\"}]",
    ];
    for schema in &schemas {
        for document in documents {
            let verdict = check(schema.clone(), document);
            assert!(!format!("{verdict:?}").contains("needle"), "{verdict:?}");
        }
        let verdict = check(schema.clone(), "[770077, [770077], 0.770077]");
        assert!(!format!("{verdict:?}").contains("770077"), "{verdict:?}");
    }
}

fn refused(schema: Value) -> String {
    format!("{:#}", Schema::compile(&schema).unwrap_err())
}

#[test]
fn unsound_schemas_are_refused_with_a_pointer() {
    for (schema, parts) in [
        (json!({"properties": {"a": {"type": "strin"}}}), vec!["/properties/a/type"]),
        (json!({"properties": {"a": {"minimum": "x"}}}), vec!["/properties/a/minimum"]),
        (json!({"items": {"pattern": "("}}), vec!["/items/pattern", "regex"]),
        (json!({"items": {"pattern": "(?=a)b"}}), vec!["/items/pattern", "look-around"]),
        (json!({"items": {"pattern": "(a)\\1"}}), vec!["/items/pattern", "back-references"]),
        (json!({"patternProperties": {"(a{1000}){1000}": {}}}), vec!["/patternProperties", "1 MiB"]),
        (json!({"items": {"pattern": "((a{100}){100}){100}"}}), vec!["/items/pattern", "1 MiB"]),
        (json!({"$ref": "https://example.com/schema.json"}), vec!["nothing is fetched"]),
        (json!({"properties": {"a": {"$ref": "#/$defs/none"}}}), vec!["/$defs/none"]),
        (json!(5), vec!["the top"]),
    ] {
        let text = refused(schema);
        for part in parts {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn deep_schemas_are_refused_before_they_take_the_stack() {
    let deep = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({"items": inner}));
    let run = move || {
        assert!(Schema::compile(&deep(90)).is_ok());
        assert!(refused(deep(120)).contains("nests deeper"));
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    for schema in [
        json!({"$ref": "#"}),
        json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
    ] {
        if let Ok(schema) = Schema::compile(&schema) {
            schema.check(&mut super::Scratch::default(), b"{\"a\":[1]}");
        }
    }
}

#[test]
fn schemas_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Schema>();
    shared::<super::Scratch>();
}

#[test]
fn patterns_take_linear_time() {
    let text = format!("\"{}!\"", "a".repeat(100_000));
    assert!(matches!(check(json!({"pattern": "^(a+)+$"}), &text), Verdict::Invalid(_)));
}
