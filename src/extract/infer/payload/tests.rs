//! The laws of summaries and schemas, and what schemas look like.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::document::{Schema, Scratch, Verdict};
use crate::extract::draft::{Node, Value};

const PLAIN: Rendering<'static> = Rendering { enums: true, show: false, is_id: &|_| false };

fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => serde_json::from_str(number).unwrap(),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => Json::Object(entries.iter().map(|(name, node)| (name.clone(), to_json(node))).collect()),
    }
}

fn summary(values: &[Json]) -> Summary {
    let mut all = Summary::default();
    values.iter().for_each(|value| all.merge(Summary::of(value)));
    all
}

fn schema_of(values: &[Json]) -> Json {
    to_json(&schema(&summary(values), &PLAIN))
}

/// Any JSON, of a few names and words so that they meet.
fn json_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (0..3_i64).prop_map(|at| json!(1_767_225_600_000_i64 + at)),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| json!(number)),
        "(created|deleted|a@b.de|2026-01-31|2026-01-31T00:00:00Z|127.0.0.1|::1|http://x.y/z|[a-z]{0,3})"
            .prop_map(Json::from),
        ".{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map("(type|kind|a|b|c|d|[0-9]{1,3})", inner, 0..5)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

/// Objects of one or another variant.
fn variant() -> impl Strategy<Value = Json> {
    prop_oneof![
        (any::<i32>(), any::<Option<bool>>()).prop_map(|(id, flag)| json!({"type": "created", "id": id, "flag": flag})),
        ".{0,3}".prop_map(|why| json!({"type": "failed", "why": why})),
        any::<i32>().prop_map(|code| json!({"error": {"code": code}})),
        any::<f32>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| json!({"symbol": "S", "price": n, "at": 1})),
    ]
}

proptest! {
    #[test]
    fn the_schema_accepts_each_value(values in proptest::collection::vec(prop_oneof![json_value(), variant()], 1..12)) {
        let schema = schema_of(&values);
        let compiled = Schema::compile(&schema).unwrap();
        for value in &values {
            let verdict = compiled.check(&mut Scratch::default(), value.to_string().as_bytes());
            prop_assert_eq!(verdict, Verdict::Valid, "{} by {}", value, schema);
        }
    }

    #[test]
    fn merging_is_commutative_and_associative(
        one in proptest::collection::vec(json_value(), 0..5),
        two in proptest::collection::vec(json_value(), 0..5),
        three in proptest::collection::vec(json_value(), 0..5),
    ) {
        let (a, b, c) = (summary(&one), summary(&two), summary(&three));
        let merged = |mut x: Summary, y: &Summary| { x.merge(y.clone()); x };
        prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
        prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b.clone(), &c)));
    }
}

fn many(count: usize, value: impl Fn(usize) -> Json) -> Vec<Json> {
    (0..count).map(value).collect()
}

#[test]
fn a_structure_is_told_by_its_members() {
    let values = many(40, |at| {
        json!({
            "id": at, "ratio": at as f64 / 3.0, "at": "2026-01-31T09:30:00Z", "day": "2026-01-31", "note": at.is_multiple_of(4).then_some("x y"),
            "state": (["open", "closed"][at % 2]), "tags": ["a"], "user": {"mail": "a@b.de"}
        })
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&schema_of(&values)).unwrap());
}

#[test]
fn enums_are_closed_sets_of_words_seen_often() {
    let of = |values: &[Json]| schema_of(values).get("enum").cloned();
    assert_eq!(of(&many(16, |at| json!((["on", "off"])[at % 2]))), Some(json!(["off", "on"])));
    assert_eq!(of(&many(15, |at| json!((["on", "off"])[at % 2]))), None, "too seldom");
    assert_eq!(
        of(&many(300, |at| json!(format!("user-{}", at % 9)))),
        Some(json!(many(9, |at| json!(format!("user-{at}")))))
    );
    assert_eq!(of(&many(300, |at| json!(format!("{:06x}", (at % 5) * 7_654_321)))), None, "ids are never an enum");
    assert_eq!(of(&many(300, |at| json!(format!("w{at}")))), None, "open");
    let is_id = |word: &str| word == "SPX";
    let rendering = Rendering { enums: true, show: false, is_id: &is_id };
    let symbols = summary(&many(40, |at| json!((["SPX", "NDX"])[at % 2])));
    assert_eq!(to_json(&schema(&symbols, &rendering)), json!({"type": "string"}), "names of keys vary by them");
    let held_back = Rendering { enums: false, show: false, is_id: &|_| false };
    assert_eq!(to_json(&schema(&symbols, &held_back)), json!({"type": "string"}));
}

#[test]
fn objects_with_ids_for_names_are_maps() {
    let by_number = many(3, |at| json!({(at.to_string()): {"n": 1}}));
    assert_eq!(
        schema_of(&by_number),
        json!({"type": "object", "additionalProperties": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}})
    );
    let by_word = many(60, |at| json!({(format!("word{}", "x".repeat(at))): 1}));
    assert_eq!(schema_of(&by_word), json!({"type": "object", "additionalProperties": {"type": "integer"}}));
    let by_hundreds =
        many(1, |_| (0..1000).map(|at| (format!("n{}", "y".repeat(at % 100 + at / 100 * 100)), json!(true))).collect());
    assert_eq!(schema_of(&by_hundreds), json!({"type": "object", "additionalProperties": {"type": "boolean"}}));
}

#[test]
fn variants_are_one_of() {
    let tagged = many(8, |at| match at % 2 {
        0 => json!({"type": "created", "id": at}),
        _ => json!({"type": "failed", "why": "because"}),
    });
    insta::assert_snapshot!("tagged", schema_of(&tagged).to_string());
    let disjoint = many(8, |at| match at % 2 {
        0 => json!({"price": at, "at": 1}),
        _ => json!({"error": "because"}),
    });
    insta::assert_snapshot!("disjoint", schema_of(&disjoint).to_string());
    let optional = many(8, |at| if at.is_multiple_of(2) { json!({"a": 1, "b": 2}) } else { json!({"a": 1, "c": 2}) });
    assert_eq!(schema_of(&optional)["required"], json!(["a"]), "optional members are no variants");
}

#[test]
fn what_is_hostile_stays_small() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    assert!(summary(&[deep]).parts() <= DEPTH + 1);
    let mut wide = Summary::default();
    for round in 0..60 {
        let level = |at: usize| format!("n{}", (round * 31 + at) % 200);
        let inner: Json = (0..60)
            .map(|at| (level(at), json!({(level(at + 1)): {(level(at + 2)): {(level(at + 3)): [{(level(at)): 1}]}}})))
            .collect();
        wide.merge(Summary::of(&json!({(level(7)): inner})));
        wide.bound();
        assert!(wide.parts() <= PARTS);
    }
}
