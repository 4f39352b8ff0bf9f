//! Options of commands that are given as objects: `{ EX: 60, NX: true }`, `{ ex: 60 }`, `{ expiration: { type: "EX", value: 60 } }`.

use super::super::super::{Word, Words};
use crate::extract::code::program::{Expression, Form};

/// Tokens that stand before a value or alone.
const TOKENS: &[&str] = &[
    "EX",
    "PX",
    "EXAT",
    "PXAT",
    "NX",
    "XX",
    "KEEPTTL",
    "PERSIST",
    "GET",
    "GT",
    "LT",
    "CH",
    "INCR",
    "MATCH",
    "COUNT",
    "TYPE",
    "BLOCK",
    "NOACK",
    "MAXLEN",
    "MINID",
    "LIMIT",
    "NOMKSTREAM",
    "MKSTREAM",
    "ENTRIESREAD",
    "BY",
    "REV",
    "WITHSCORES",
    "WITHVALUES",
    "RANK",
    "REPLACE",
    "ABSTTL",
    "IDLE",
    "FORCE",
    "JUSTID",
    "WEIGHTS",
    "AGGREGATE",
    "RETRYCOUNT",
    "TIME",
    "DB",
    "STORE",
];

/// The fields of an object literal: name and value.
pub fn fields(map: &Expression) -> Vec<(String, &Expression)> {
    let Form::Map(pairs) = &map.form else { return vec![] };
    pairs
        .iter()
        .filter_map(|(key, value)| match key {
            Some(Expression { form: Form::Text(key), .. }) => Some((key.clone(), value)),
            _ => None,
        })
        .collect()
}

/// A field of an object literal, in any case.
pub fn field<'e>(map: &'e Expression, name: &str) -> Option<&'e Expression> {
    fields(map).into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Is it an object literal with one of these fields?
pub fn has_field(map: &Expression, names: &[&str]) -> bool {
    names.iter().any(|name| field(map, name).is_some())
}

/// The words of an object of options.
pub fn words(map: &Expression) -> Words {
    let mut found = vec![];
    for (name, value) in fields(map) {
        let name = name.to_ascii_uppercase();
        match name.as_str() {
            "EXPIRATION" | "EXPIRY" => found.extend(expiry(value)),
            "TRIM" => found.extend(trim(value)),
            "CONDITION" => found.push(Word::Value(value.clone())),
            "CONDITIONALSET" => found.push(Word::Literal(
                if matches!(&value.form, Form::Text(text) if text == "onlyIfExists") { "XX" } else { "NX" }.to_owned(),
            )),
            _ => option(&name, value, &mut found),
        }
    }
    // `{ type: "EX", value: 60 }` of getEx in node-redis.
    if let (Some(kind), Some(value)) = (field(map, "type"), field(map, "value")) {
        return vec![Word::Value(kind.clone()), Word::Value(value.clone())];
    }
    found
}

fn option(name: &str, value: &Expression, found: &mut Words) {
    match &value.form {
        Form::Flag(true) => found.push(Word::Literal(name.to_owned())),
        Form::Flag(false) | Form::Null => {}
        Form::Map(_) => {
            // `LIMIT: { offset: 0, count: 10 }`.
            found.push(Word::Literal(name.to_owned()));
            found.extend(fields(value).into_iter().map(|(_, value)| Word::Value(value.clone())));
        }
        _ => match TOKENS.iter().find(|token| **token == name) {
            Some(token) => found.push(Word::Option(token, value.clone())),
            None => found.extend([Word::Literal(name.to_owned()), Word::Value(value.clone())]),
        },
    }
}

/// `{ type: "EX", value: 60 }`, `{ type: TimeUnit.Seconds, count: 60 }`, `"KEEPTTL"`.
fn expiry(value: &Expression) -> Words {
    let kind = field(value, "type");
    let amount = field(value, "value").or_else(|| field(value, "count"));
    match (kind, amount) {
        (Some(kind), Some(amount)) => {
            let token = match &kind.form {
                Form::Attribute(_, unit) => match unit.as_str() {
                    "Seconds" => "EX",
                    "Milliseconds" => "PX",
                    "UnixSeconds" => "EXAT",
                    _ => "PXAT",
                },
                Form::Text(text) => TOKENS.iter().find(|token| **token == text).copied().unwrap_or("EX"),
                _ => "EX",
            };
            vec![Word::Option(token, amount.clone())]
        }
        _ => vec![Word::Value(value.clone())],
    }
}

/// `{ strategy: "MAXLEN", strategyModifier: "~", threshold: 1000 }`, `{ type: "MAXLEN", comparison: "~", threshold: 1000 }`,
/// `{ method: "maxlen", threshold: 1000, exact: false }`.
pub fn trim(map: &Expression) -> Words {
    let mut found = vec![];
    let strategy = ["strategy", "type", "method"].iter().find_map(|name| field(map, name));
    match strategy.map(|strategy| &strategy.form) {
        Some(Form::Text(text)) => found.push(Word::Literal(text.to_ascii_uppercase())),
        Some(_) => found.extend(strategy.map(|strategy| Word::Value(strategy.clone()))),
        None => found.push(Word::Literal("MAXLEN".to_owned())),
    }
    let modifier = ["strategyModifier", "comparison"].iter().find_map(|name| field(map, name));
    match modifier.map(|modifier| &modifier.form) {
        Some(Form::Text(text)) => found.push(Word::Literal(text.clone())),
        Some(_) => found.extend(modifier.map(|modifier| Word::Value(modifier.clone()))),
        None if matches!(field(map, "exact").map(|exact| &exact.form), Some(Form::Flag(false))) => {
            found.push(Word::Literal("~".to_owned()));
        }
        None => {}
    }
    found.extend(field(map, "threshold").map(|threshold| Word::Value(threshold.clone())));
    found
}
