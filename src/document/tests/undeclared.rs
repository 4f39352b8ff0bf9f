//! Names that a schema, silent on additional properties, does not declare.

use serde_json::{Value, json};

use super::super::{Schema, Scratch, Verdict};

fn undeclared(schema: Value, text: &str) -> Vec<String> {
    let schema = Schema::compile(&schema).unwrap();
    schema.examine(&mut Scratch::default(), text.as_bytes()).undeclared
}

#[test]
fn names_are_compared_with_properties_and_patterns() {
    let schema = json!({"properties": {"a": true, "b": {"properties": {"c": true}}, "d": true}, "patternProperties": {"^x_": true}});
    for (text, names) in [
        (r#"{"a":1,"b":2,"d":3}"#, vec![]),
        (r#"{"d":1,"a":2,"b":3,"x_1":4}"#, vec![]),
        (r#"{"a":1,"e":2,"d":3,"x1":4,"\u0061":5}"#, vec!["e", "x1"]),
        (r#"{"e":1,"e":2}"#, vec!["e"]),
        (r#"{"b":{"other":1}}"#, vec![]),
        (r#"[{"e":1}]"#, vec![]),
        ("5", vec![]),
        ("{", vec![]),
    ] {
        assert_eq!(undeclared(schema.clone(), text), names, "{text}");
    }
}

#[test]
fn variants_and_references_declare_too() {
    let schema = json!({
        "$defs": {"tick": {"properties": {"a": true}}, "bar": {"allOf": [{"$ref": "#/$defs/tick"}, {"properties": {"b": true}}]}},
        "oneOf": [{"$ref": "#/$defs/tick"}, {"$ref": "#/$defs/bar"}],
        "properties": {"a": true, "c": true}
    });
    assert_eq!(undeclared(schema, r#"{"a":1,"b":2,"c":3,"d":4}"#), ["d"]);
}

#[test]
fn schemas_that_say_what_may_come_besides_declare_nothing_here() {
    for schema in [
        json!({"properties": {"a": true}, "additionalProperties": true}),
        json!({"properties": {"a": true}, "additionalProperties": false}),
        json!({"properties": {"a": true}, "unevaluatedProperties": false}),
        json!({"properties": {"a": true}, "allOf": [{"additionalProperties": {"type": "null"}}]}),
        json!({"type": "object"}),
        json!(true),
    ] {
        assert_eq!(undeclared(schema.clone(), r#"{"e":1}"#), Vec::<String>::new(), "{schema}");
    }
}

#[test]
fn one_parse_gives_verdict_names_and_repetition() {
    let schema = Schema::compile(&json!({"properties": {"a": {"type": "integer"}}})).unwrap();
    let examination = schema.examine(&mut Scratch::default(), br#"{"a":"x","z":1,"a":2}"#);
    assert_eq!(examination.verdict, Verdict::Valid);
    assert_eq!(examination.undeclared, ["z"]);
    assert_eq!(examination.duplicate_name.as_deref(), Some("a"));
}

#[test]
fn at_most_eight_names_are_given() {
    let members: Vec<String> = (0..20).map(|n| format!("\"p{n}\":1")).collect();
    let names = undeclared(json!({"properties": {"a": true}}), &format!("{{{}}}", members.join(",")));
    assert_eq!(names, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
}
