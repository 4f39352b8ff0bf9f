//! Pieces of Rust text that several generators write: documentation, literals, enums of words.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::names;

/// Stands at the head of generated files: a module rarely uses all it is given.
pub(super) const ALLOW: &str = "#![allow(dead_code, reason = \"the registry decides what is generated\")]";

/// A `use` of these names of a module, in rustfmt's order; without names nothing.
pub(super) fn import(module: &str, names: &[&str]) -> String {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => String::new(),
        [name] => format!("use {module}::{name};\n"),
        names => format!("use {module}::{{{}}};\n", names.join(", ")),
    }
}

/// Doc comments of a text, line by line; without text one empty line.
pub(super) fn doc(text: &str) -> String {
    let mut code = String::new();
    for line in text.trim().split('\n') {
        let line = line.trim_end().replace('\r', "");
        let _ = if line.is_empty() { writeln!(code, "///") } else { writeln!(code, "/// {}", quiet(&line)) };
    }
    code
}

/// A line that rustdoc does not read as a link or HTML: people's texts hold `[A-Z]` and `<id>`.
fn quiet(line: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for c in line.chars() {
        match c {
            '`' => in_code = !in_code,
            '[' | ']' | '<' | '>' if !in_code => text.push('\\'),
            _ => {}
        }
        text.push(c);
    }
    text
}

/// A string literal.
pub(super) fn string(text: &str) -> String {
    format!("{text:?}")
}

/// A literal of a whole number, its digits in groups.
pub(super) fn integer(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len() > 4 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A literal of a decimal number.
pub(super) fn float(number: f64) -> String {
    // Whole floats below this have their digits, grouped; others their shortest form.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
        let whole = number as i64;
        return format!("{}.0", integer(whole.into()));
    }
    format!("{number:?}")
}

/// JSON in the syntax of `serde_json::json!`.
pub(super) fn json(value: &Json) -> String {
    match value {
        Json::String(text) => string(text),
        Json::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{}: {}", string(name), json(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// An enum of words that serde reads and writes as strings, with `ALL` and `as_str`.
pub(super) fn word_enum(docs: &str, derives: &str, rust: &str, words: &[String]) -> String {
    let mut scope = names::Scope::default();
    let variants: Vec<(String, &String)> = words.iter().map(|word| (scope.take(&names::variant(word)), word)).collect();
    let mut code = format!("{docs}#[derive({derives}, Serialize)]\npub enum {rust} {{\n");
    for (variant, word) in &variants {
        let _ = writeln!(code, "{}", doc(&format!("The word `{word}`.")).trim_end());
        if variant != *word {
            let _ = writeln!(code, "#[serde(rename = {})]", string(word));
        }
        let _ = writeln!(code, "{variant},");
    }
    let all: Vec<String> = variants.iter().map(|(variant, _)| format!("Self::{variant}")).collect();
    let arms: Vec<String> =
        variants.iter().map(|(variant, word)| format!("Self::{variant} => {},", string(word))).collect();
    let _ = write!(
        code,
        "}}\n\nimpl {rust} {{\n/// All, in the order of the registry.\npub const ALL: &'static [Self] = &[{}];\n\n\
         /// The word.\n#[must_use]\npub fn as_str(self) -> &'static str {{\nmatch self {{\n{}\n}}\n}}\n}}\n\n\
         impl<'de> Deserialize<'de> for {rust} {{\n\
         fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {{\n\
         word(from, Self::ALL, Self::as_str)\n}}\n}}\n\n",
        all.join(", "),
        arms.join("\n")
    );
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_rust() {
        assert_eq!(integer(-1_234_567), "-1_234_567");
        assert_eq!(integer(1234), "1234");
        assert_eq!(float(100_000.0), "100_000.0");
        for number in [1e300, 0.05, -2.5, 1e-7, 0.0, -12345.0] {
            let literal: f64 = float(number).replace('_', "").parse().unwrap();
            assert!((literal - number).abs() <= f64::EPSILON * number.abs(), "{number}");
            assert!(syn::parse_str::<syn::Expr>(&float(number)).is_ok());
        }
        assert_eq!(json(&serde_json::json!({"a": [1, "é\n", null]})), r#"{"a": [1, "é\n", null]}"#);
    }

    #[test]
    fn prose_is_no_markup() {
        assert_eq!(doc("[A-Z] of `[a]`\n<b>"), "/// \\[A-Z\\] of `[a]`\n/// \\<b\\>\n");
    }
}
