//! Inputs made to hurt: deep, huge, malformed, or built against one algorithm. None may panic or stall.

use std::thread;

use serde_json::json;

use super::super::{Document, MAX_NESTING, NotJson, Schema, Scratch, Verdict};
use super::{check, read};

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn nesting_ends_at_the_limit() {
    assert!(read(nested(MAX_NESTING).as_bytes()).is_ok());
    assert!(serde_json::from_str::<serde_json::Value>(&nested(MAX_NESTING)).is_ok());
    for text in [nested(MAX_NESTING + 1), "[".repeat(10_000_000), "{\"a\":".repeat(1_000_000)] {
        assert_eq!(read(text.as_bytes()).unwrap_err().reason, "nested too deeply");
    }
}

/// The stack of a worker thread is small, and recursive schemas take some at each level.
#[test]
fn recursive_schemas_stay_within_a_small_stack() {
    let run = || {
        let schema = json!({"anyOf": [{"type": "string"}, {"allOf": [{"type": ["array", "integer"]}, {"items": {"$ref": "#"}}]}]});
        let schema = Schema::compile(&schema).unwrap();
        let text = nested(MAX_NESTING);
        assert_eq!(schema.check(&mut Scratch::default(), text.as_bytes()), Verdict::Valid);
        let text = text.replace("[]", "[0.5]");
        let text = &text[..];
        assert!(matches!(
            schema.check(&mut Scratch::default(), text.as_bytes()),
            Verdict::NotJson(_) | Verdict::Invalid(_)
        ));
        let text = "[".repeat(MAX_NESTING) + "0.5" + &"]".repeat(MAX_NESTING);
        assert!(matches!(schema.check(&mut Scratch::default(), text.as_bytes()), Verdict::Invalid(_)));
    };
    thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn malformed_texts_are_refused_with_offset_and_reason() {
    let cases: &[(&[u8], usize, &str)] = &[
        (b"", 0, "the text ends where a value is due"),
        (b"  ", 2, "the text ends where a value is due"),
        (b"\xEF\xBB\xBF{}", 0, "starts with a byte order mark"),
        (b"{}x", 2, "more text after the value"),
        (b"[1,]", 3, "expected a value"),
        (b"[1 2]", 3, "expected ',' or ']'"),
        (b"{\"a\":1,}", 7, "expected a member name in quotes"),
        (b"{\"a\" 1}", 5, "expected ':'"),
        (b"{\"a\":1]", 6, "expected ',' or '}'"),
        (b"[1", 2, "the text ends inside an array or object"),
        (b"\"a", 2, "the text ends inside a string"),
        (b"\"a\\", 3, "the text ends inside a string"),
        (b"\"\\x\"", 2, "unknown escape in a string"),
        (b"\"\\u12g4\"", 5, "expected four hexadecimal digits after \\u"),
        (b"\"\\ud800\"", 3, "lone surrogate in a string"),
        (b"\"\\ud800\\n\"", 3, "lone surrogate in a string"),
        (b"\"\\ud800\\ud800\"", 3, "lone surrogate in a string"),
        (b"\"\\udc00\"", 3, "lone surrogate in a string"),
        (b"\"a\0b\"", 2, "control character in a string: it must be escaped"),
        (b"\0", 0, "expected a value"),
        (b"\"\xff\"", 1, "not UTF-8"),
        (b"\"\xed\xa0\x80\"", 1, "not UTF-8"),
        (b"01", 0, "a number starts with a superfluous zero"),
        (b"-", 1, "expected a digit"),
        (b"1.", 2, "expected a digit after the decimal point"),
        (b"1e+", 3, "expected a digit in the exponent"),
        (b"+1", 0, "expected a value"),
        (b"NaN", 0, "expected a value"),
        (b"nul", 0, "expected a value"),
    ];
    for &(bytes, offset, reason) in cases {
        assert_eq!(read(bytes), Err(NotJson { offset, reason }), "{:?}", String::from_utf8_lossy(bytes));
        assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_err());
    }
}

#[test]
fn huge_numbers_are_judged_by_their_text() {
    let digits = "9".repeat(1_000_000);
    assert_eq!(check(json!({"type": "integer", "minimum": 5}), &digits), Verdict::Valid);
    assert_eq!(check(json!({"type": "integer", "minimum": 5}), "1e400"), Verdict::Valid);
    assert!(matches!(check(json!({"maximum": 5}), "1e400"), Verdict::Invalid(_)));
    assert_eq!(check(json!({"maximum": 5}), "-1e400"), Verdict::Valid);
    assert!(matches!(check(json!({"multipleOf": 5}), "1e400"), Verdict::Invalid(_)));
    assert!(matches!(check(json!({"const": 5}), "1e400"), Verdict::Invalid(_)));
    assert_eq!(check(json!({"const": 9_007_199_254_740_993_u64}), "9007199254740993"), Verdict::Valid);
    assert!(matches!(check(json!({"const": 9_007_199_254_740_993_u64}), "9007199254740992"), Verdict::Invalid(_)));
    assert_eq!(check(json!({"uniqueItems": true}), "[1e400,1e401,9007199254740992,9007199254740993]"), Verdict::Valid);
    assert!(read(format!("0.{digits}e-{digits}").as_bytes()).is_ok());
}

#[test]
fn long_strings_are_read() {
    let size = 50_000_000;
    let plain = format!("\"{}\"", "a".repeat(size));
    assert_eq!(check(json!({"type": "string", "minLength": size, "maxLength": size}), &plain), Verdict::Valid);
    let escaped = format!("\"{}\"", "\\u0061".repeat(1_000_000));
    assert_eq!(check(json!({"minLength": 1_000_000, "pattern": "^a+$"}), &escaped), Verdict::Valid);
}

/// Quadratic work on any of these would take minutes.
#[test]
fn large_containers_take_no_quadratic_time() {
    let members = |range: std::ops::Range<u32>| range.map(|n| format!("\"same_prefix_{n}\":{n}")).collect::<Vec<_>>();
    let mut forward = members(0..200_000);
    let object = format!("{{{}}}", forward.join(","));
    assert_eq!(check(json!({"type": "object", "minProperties": 200_000}), &object), Verdict::Valid);
    assert_eq!(check(json!({"additionalProperties": {"type": "integer"}}), &object), Verdict::Valid);
    let repeated = format!("{{{0},{0}}}", forward.join(","));
    assert_eq!(check(json!({"maxProperties": 200_000}), &repeated), Verdict::Valid);
    forward.truncate(100_000);
    let ahead = forward.join(",");
    forward.reverse();
    let pair = format!("[{{{ahead}}},{{{}}}]", forward.join(","));
    assert!(matches!(check(json!({"uniqueItems": true}), &pair), Verdict::Invalid(_)));
    let numbers = (0..200_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(check(json!({"uniqueItems": true}), &format!("[{numbers}]")), Verdict::Valid);
    let last = check(json!({"uniqueItems": true}), &format!("[{numbers},7.0]"));
    assert!(matches!(last, Verdict::Invalid(_)));
}

#[test]
fn a_flood_of_violations_is_capped() {
    let many = |count: usize| format!("[{}]", vec!["\"secret\""; count].join(","));
    let schema = json!({"items": {"type": "integer"}});
    for (count, expected) in [(1, 1), (100, 8), (2_000_000, 1)] {
        let Verdict::Invalid(violations) = check(schema.clone(), &many(count)) else { panic!("{count}") };
        assert_eq!(violations.len(), expected);
    }
}

#[test]
fn repeated_names_keep_the_last_value_and_are_reported() {
    for (text, name) in [
        (r#"{"a":1,"b":2}"#, None),
        (r#"{"a":1,"b":2,"a":3}"#, Some("a")),
        (r#"{"a":{"x":1},"\u0061":{"x":1}}"#, Some("a")),
        (r#"{"a":1,"\u0061":2,"a":3}"#, Some("a")),
        (r#"{"x":[{"":1,"":{"a":1}}]}"#, Some("")),
        (r#"{"long_name_one":1,"long_name_two":2}"#, None),
        (r#"{"long_name_one":1,"long_name_one":2}"#, Some("long_name_one")),
        (r#"{"a":1,"a\u0000":2}"#, None),
    ] {
        let mut scratch = Scratch::default();
        let document = Document::parse(text.as_bytes(), &mut scratch).unwrap();
        assert_eq!(document.duplicate_name(), name, "{text}");
        assert_eq!(read(text.as_bytes()).unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }
    for count in [20, 31, 32, 33, 34, 100] {
        let members: Vec<String> = (0..count).map(|n| format!("\"name_{n}\":{n}")).collect();
        for (extra, name) in
            [("\"name_7\":[1]", Some("name_7")), ("\"other\":[1]", None), ("\"n\\u0061me_7\":{}", Some("name_7"))]
        {
            let text = format!("{{{},{extra}}}", members.join(","));
            let mut scratch = Scratch::default();
            let document = Document::parse(text.as_bytes(), &mut scratch).unwrap();
            assert_eq!(document.duplicate_name(), name, "{text}");
            assert_eq!(read(text.as_bytes()).unwrap(), serde_json::from_str::<serde_json::Value>(&text).unwrap());
        }
    }
}

#[test]
fn a_huge_document_gives_its_memory_back() {
    let mut scratch = Scratch::default();
    let huge = format!("[{}0]", "0,".repeat(2_000_000));
    Document::parse(huge.as_bytes(), &mut scratch).unwrap();
    assert!(scratch.slots.capacity() > 2_000_000);
    Document::parse(b"[]", &mut scratch).unwrap();
    assert!(scratch.slots.capacity() <= 1 << 18);
    let kept = scratch.slots.capacity();
    Document::parse(b"[1,2,3]", &mut scratch).unwrap();
    assert_eq!(scratch.slots.capacity(), kept);
}
