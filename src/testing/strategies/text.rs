//! Texts: of a pattern, of a format, of a length.

use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::{Map, Value};

/// Characters beyond what is asked for.
const MORE: usize = 12;

/// Ways to make texts for the keywords; the validator judges what comes out, so that some may miss.
pub(super) fn candidates(keywords: &Map<String, Value>) -> Vec<BoxedStrategy<String>> {
    let pattern = keywords.get("pattern").and_then(Value::as_str);
    let format = keywords.get("format").and_then(Value::as_str);
    let mut candidates = Vec::new();
    candidates.extend(format.and_then(of_format));
    let length = |name: &str| keywords.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength"));
    if let Some(pattern) = pattern
        && let Some(core) = of_pattern(pattern)
    {
        if !(pattern.starts_with('^') && pattern.ends_with('$')) {
            let padded = (padding(least), core.clone(), padding(least));
            let (head, tail) = (pattern.starts_with('^'), pattern.ends_with('$'));
            let join = move |(before, core, after): (String, String, String)| {
                format!("{}{core}{}", if head { "" } else { &before }, if tail { "" } else { &after })
            };
            candidates.push(padded.prop_map(join).boxed());
        }
        candidates.push(core);
    }
    if candidates.is_empty() {
        let most = most.unwrap_or(least.saturating_add(MORE)).max(least).min(least.saturating_add(MORE));
        candidates.push(any_text(least, most));
    }
    candidates
}

fn padding(least: usize) -> BoxedStrategy<String> {
    any_text(0, least.saturating_add(3))
}

/// Any characters, plain ones more often.
pub(super) fn any_text(least: usize, most: usize) -> BoxedStrategy<String> {
    let characters = prop_oneof![6 => proptest::char::range(' ', '~'), 1 => any::<char>()];
    proptest::collection::vec(characters, least..=most).prop_map(String::from_iter).boxed()
}

/// Texts of a regular expression, in plain letters where classes allow; `None` when it cannot be turned round.
pub(super) fn of_pattern(pattern: &str) -> Option<BoxedStrategy<String>> {
    let ascii = plain(pattern);
    of_expression(&ascii).or_else(|| of_expression(pattern))
}

/// Without anchors, and with classes that mean their ASCII characters: what can be turned round.
fn plain(pattern: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('d') => text.push_str("[0-9]"),
                Some('w') => text.push_str("[A-Za-z0-9_]"),
                Some('s') => text.push_str("[ ]"),
                Some('b' | 'A' | 'z') if !inside => {}
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '[' => {
                inside = true;
                text.push(c);
            }
            ']' => {
                inside = false;
                text.push(c);
            }
            '^' | '$' if !inside => {}
            '.' if !inside => text.push_str("[ -~]"),
            other => text.push(other),
        }
    }
    text
}

/// Texts of a format of JSON Schema; `None` for one that says nothing.
fn of_format(format: &str) -> Option<BoxedStrategy<String>> {
    let expression = match format {
        "date-time" => return Some(date_times()),
        "date" => return Some(dates()),
        "time" => return Some((times(), "(Z|[+-]0[0-9]:[0-5][0-9])").prop_map(|(time, zone)| time + &zone).boxed()),
        "duration" => "P([1-9][0-9]{0,2}D|T[1-9][0-9]{0,2}[HMS]|[1-9]W)",
        "uuid" => return Some(uuids()),
        "email" | "idn-email" => "[a-z][a-z0-9]{0,8}([.+_-][a-z0-9]{1,5})?@[a-z][a-z0-9]{0,8}\\.(com|org|example)",
        "hostname" | "idn-hostname" => "[a-z]([a-z0-9]{0,6}[a-z0-9])?(\\.[a-z]{2,5}){0,2}",
        "ipv4" => "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}",
        "ipv6" => "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}|::1|fe80::[0-9a-f]{1,4}",
        "uri" | "iri" => {
            "https?://[a-z]{1,8}\\.(com|example)(:[1-9][0-9]{1,3})?(/[a-z0-9]{1,5}){0,3}(\\?[a-z]=[0-9])?|urn:[a-z]{2,5}:[a-z0-9]{1,8}"
        }
        "uri-reference" | "iri-reference" => "(/[a-z0-9]{1,5}){1,3}(#[a-z]{1,4})?|https://[a-z]{1,8}\\.example",
        "uri-template" => "/[a-z]{1,5}/\\{[a-z]{1,5}\\}",
        "json-pointer" => "(/[a-z0-9]{0,4}){0,3}",
        "relative-json-pointer" => "[0-9](/[a-z]{1,4}){0,2}",
        "regex" => "\\^[a-z]{1,4}\\+\\$",
        _ => return None,
    };
    of_expression(expression)
}

fn of_expression(expression: &str) -> Option<BoxedStrategy<String>> {
    string_regex(expression).ok().map(Strategy::boxed)
}

pub(super) fn uuids() -> BoxedStrategy<String> {
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}".boxed()
}

pub(super) fn dates() -> BoxedStrategy<String> {
    // The 29th to 31st of months that have them.
    let long = prop_oneof![Just(1), Just(3), Just(5), Just(7), Just(8), Just(10), Just(12)];
    let days = prop_oneof![8 => (1..=12, 1..=28), 1 => (long, 29..=31)];
    (1970..2100, days).prop_map(|(year, (month, day))| format!("{year:04}-{month:02}-{day:02}")).boxed()
}

fn times() -> BoxedStrategy<String> {
    let fraction = prop_oneof![2 => Just(String::new()), 1 => "\\.[0-9]{1,9}".boxed()];
    (0..24, 0..60, 0..60, fraction).prop_map(|(h, m, s, fraction)| format!("{h:02}:{m:02}:{s:02}{fraction}")).boxed()
}

/// RFC 3339, mostly in UTC.
pub(super) fn date_times() -> BoxedStrategy<String> {
    let zone = prop_oneof![3 => Just("Z".to_owned()), 1 => "[+-](0[0-9]|1[01]):[0-5][0-9]".boxed()];
    (dates(), times(), zone).prop_map(|(date, time, zone)| format!("{date}T{time}{zone}")).boxed()
}
