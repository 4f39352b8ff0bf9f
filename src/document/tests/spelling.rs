//! Random JSON values, and random spellings of them: spaces, escapes, number forms, repeated names.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

const NAMES: [&str; 12] =
    ["a", "b", "kind", "ts", "value", "x_1", "x_2", "longer_property_name", "longer_property_nome", "é😀", "", "a\0"];

const TEXTS: [&str; 16] = [
    "",
    "a",
    "abc",
    "ABC",
    "tick",
    "bar",
    "2026-11-23T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-11-23",
    "6f0c2b5e-7d1a-4b3c-9e8f-0a1b2c3d4e5f",
    "someone@example.com",
    "https://example.com/x",
    "1.5",
    "äöü",
    "😀😀",
    "\u{1}\n\"\\/",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-20_i64..20).prop_map(Value::from),
        prop::sample::select(vec![i64::MIN, i64::MAX, 1 << 53, (1 << 53) + 1]).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-40_i32..40).prop_map(|quarters| json!(f64::from(quarters) / 4.0)),
        any::<f64>().prop_map(|value| json!(value)),
        prop::sample::select(TEXTS.to_vec()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

/// Values that often meet the schemas of `agreement`.
pub fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 48, 6, |inner| {
        let name = prop_oneof![8 => prop::sample::select(NAMES.to_vec()).prop_map(String::from), 1 => any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| members.into_iter().collect()),
            prop::collection::vec(-3_i64..20, 0..24).prop_map(Value::from),
        ]
    })
}

/// Writes `value` in a spelling that `choices` decide.
pub fn spell(value: &Value, choices: &[u8]) -> String {
    let mut printer = Printer { text: String::new(), choices: choices.iter().cycle() };
    printer.value(value);
    printer.space();
    printer.text
}

struct Printer<'a> {
    text: String,
    choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl Printer<'_> {
    fn choose(&mut self, count: u8) -> u8 {
        self.choices.next().map_or(0, |choice| choice % count)
    }

    fn space(&mut self) {
        let spaces = ["", "", "", " ", "\n", "\t", "\r\n", "      "];
        let choice = usize::from(self.choose(8));
        self.text.push_str(spaces[choice]);
    }

    fn value(&mut self, value: &Value) {
        self.space();
        match value {
            Value::Null | Value::Bool(_) => write!(self.text, "{value}").unwrap(),
            Value::Number(number) => self.number(&number.to_string()),
            Value::String(string) => self.string(string),
            Value::Array(elements) => {
                self.text.push('[');
                for (index, element) in elements.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { "," });
                    self.value(element);
                    self.space();
                }
                self.space();
                self.text.push(']');
            }
            Value::Object(members) => {
                self.text.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    self.text.push_str(if index == 0 { "" } else { "," });
                    if self.choose(16) == 0 {
                        self.member(name, &json!(["earlier"]));
                        self.text.push(',');
                    }
                    self.member(name, member);
                }
                self.space();
                self.text.push('}');
            }
        }
    }

    fn member(&mut self, name: &str, value: &Value) {
        self.space();
        self.string(name);
        self.space();
        self.text.push(':');
        self.value(value);
        self.space();
    }

    fn number(&mut self, text: &str) {
        let plain = !text.contains(['.', 'e', 'E']);
        match self.choose(5) {
            0 if plain => write!(self.text, "{text}.0").unwrap(),
            1 if plain => write!(self.text, "{text}e0").unwrap(),
            2 if plain && text != "0" => write!(self.text, "{text}00E-2").unwrap(),
            3 if !text.contains(['e', 'E']) => write!(self.text, "{text}E+00").unwrap(),
            _ => self.text.push_str(text),
        }
    }

    fn string(&mut self, string: &str) {
        self.text.push('"');
        let escaping = self.choose(3) == 0;
        for character in string.chars() {
            let must = matches!(character, '"' | '\\' | '\0'..='\u{1f}');
            let plain = !escaping || self.choose(2) == 1;
            if plain && !must {
                self.text.push(character);
            } else if character == '\n' {
                self.text.push_str("\\n");
            } else if character == '/' {
                self.text.push_str("\\/");
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(self.text, "\\u{unit:04X}").unwrap();
                }
            }
        }
        self.text.push('"');
    }
}
