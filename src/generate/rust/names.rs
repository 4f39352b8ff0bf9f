//! Rust identifiers from the names of a registry: words in, snake_case and PascalCase out, keywords made raw, and two
//! names that become one told apart. Knows nothing of what is named.

use std::collections::BTreeSet;

/// Words that `r#` makes usable as identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that stay keywords even behind `r#`.
const NEVER_RAW: &[&str] = &["crate", "self", "super", "Self"];

/// Types and traits that generated code speaks of without a path.
const SPOKEN_FOR: &[&str] = &[
    "BTreeMap",
    "Box",
    "Clone",
    "Config",
    "ConfigErrors",
    "Debug",
    "Default",
    "Deserialize",
    "Deserializer",
    "Dfa",
    "Display",
    "Duration",
    "Encoded",
    "Err",
    "Formatter",
    "From",
    "FromStr",
    "Invalid",
    "Into",
    "JsonSchema",
    "None",
    "Ok",
    "Option",
    "PathBuf",
    "Payload",
    "Result",
    "Secret",
    "Self",
    "Serialize",
    "Some",
    "String",
    "TryFrom",
    "Value",
    "Variable",
    "Vec",
];

/// The words of a name: parted by what is neither letter nor digit, and where lower case turns to upper.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (at, c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(at + 1);
        let rises = c.is_ascii_uppercase() && before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let starts_after_acronym = c.is_ascii_uppercase()
            && before.is_some_and(|b| b.is_ascii_uppercase())
            && after.is_some_and(char::is_ascii_lowercase);
        match words.last_mut() {
            Some(word) if open && !rises && !starts_after_acronym => word.push(c.to_ascii_lowercase()),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
        open = true;
    }
    words
}

/// A name in `snake_case`: `realTime` and `REAL-TIME` are `real_time`. Not yet an identifier: see [`field`].
#[must_use]
pub fn snake_case(text: &str) -> String {
    words(text).join("_")
}

/// A name in `PascalCase`. Not yet an identifier: see [`type_name`].
#[must_use]
pub fn pascal_case(text: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    words(text).into_iter().map(capital).collect()
}

/// The identifier of a field, function or variable.
#[must_use]
pub fn field(text: &str) -> String {
    let name = snake_case(text);
    match name.as_str() {
        "" => "value".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("n{name}"),
        name if NEVER_RAW.contains(&name) => format!("{name}_"),
        name if KEYWORDS.contains(&name) => format!("r#{name}"),
        name => name.to_owned(),
    }
}

/// The identifier of an enum's variant.
#[must_use]
pub fn variant(text: &str) -> String {
    let name = pascal_case(text);
    match name.as_str() {
        "" => "Other".to_owned(),
        "Self" => "Self_".to_owned(),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("N{name}"),
        name => name.to_owned(),
    }
}

/// The identifier of a type; never one that generated code uses for something else.
#[must_use]
pub fn type_name(text: &str) -> String {
    let name = variant(text);
    if SPOKEN_FOR.contains(&name.as_str()) { format!("{name}Type") } else { name }
}

/// The identifier of a constant or static: `SYMBOL_PATTERN`.
#[must_use]
pub fn constant(text: &str) -> String {
    let name = snake_case(text).to_ascii_uppercase();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) { format!("N{name}") } else { name }
}

/// An identifier as serde and people see it.
#[must_use]
pub fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The identifiers of one scope.
#[derive(Debug, Clone, Default)]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// This identifier, or the first of `name2`, `name3`, ... that is free; taken from now on.
    pub fn take(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            // A number behind `_` where the name is in snake_case already; `Self_` needs none to be told apart.
            let joint = if wanted.starts_with(|c: char| c.is_ascii_uppercase()) { "" } else { "_" };
            name = format!("{}{joint}{number}", plain(wanted).trim_end_matches('_'));
        }
        name
    }
}

/// Snake.
#[must_use]
pub fn snake(text: &str) -> String {
    plain(&field(text)).to_owned()
}
/// Pascal.
#[must_use]
pub fn pascal(text: &str) -> String {
    variant(text)
}
/// Identifier.
#[must_use]
pub fn ident(text: &str) -> String {
    field(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (text, snake, pascal) in [
            ("ts_epoch_ms", "ts_epoch_ms", "TsEpochMs"),
            ("realTimeHTTPServer", "real_time_http_server", "RealTimeHttpServer"),
            ("REAL-TIME", "real_time", "RealTime"),
            ("x2y", "x2y", "X2y"),
            ("SpotPrice", "spot_price", "SpotPrice"),
            ("é", "", ""),
        ] {
            assert_eq!((snake_case(text).as_str(), pascal_case(text).as_str()), (snake, pascal), "{text}");
        }
    }

    #[test]
    fn every_name_is_an_identifier() {
        for text in ["type", "self", "Self", "", "9lives", "a b", "crate", "gen", "é", "String", "$ref"] {
            for name in [field(text), variant(text), type_name(text), constant(text)] {
                assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{text} -> {name}");
            }
        }
        assert_eq!(field("type"), "r#type");
        assert_eq!(type_name("option"), "OptionType");
    }

    #[test]
    fn names_that_become_one_are_told_apart() {
        let mut scope = Scope::default();
        assert_eq!(scope.take("type_a"), "type_a");
        assert_eq!(scope.take("type_a"), "type_a_2");
        assert_eq!(scope.take("A"), "A");
        assert_eq!(scope.take("A"), "A2");
        assert_eq!(scope.take("r#type"), "r#type");
        assert_eq!(scope.take("r#type"), "type_2");
        assert_eq!([scope.take("Self_"), scope.take("Self_")], ["Self_", "Self2"]);
    }
}
