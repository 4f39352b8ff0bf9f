//! Newtypes of params: what a variable part of a key's name may hold, as types that hold nothing else.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::{dfa, names, text};
use crate::registry::{ModuleId, Param, ParamKind, Party, Pattern, Registry, Shape};

/// A param of a module and its type in `params.rs`.
#[derive(Debug, Clone)]
pub struct ParamType {
    /// The param.
    pub param: Param,
    /// The Rust type, to be found in the generated module `params`.
    pub rust: String,
}

/// The params that a module has a type for: its own, in the order of their names, then those that only patterns name
/// (its keys', its channels', and those of entries it reads).
#[must_use]
pub fn param_types(registry: &Registry, module: ModuleId) -> Vec<ParamType> {
    let mut params: Vec<Param> = registry.module(module).params.values().cloned().collect();
    for (owner, pattern) in patterns(registry, module) {
        for name in pattern.params() {
            if !params.iter().any(|param| param.name == name) {
                params.push(registry.param(owner, name));
            }
        }
    }
    let mut scope = names::Scope::default();
    params.into_iter().map(|param| ParamType { rust: scope.take(&names::type_name(&param.name)), param }).collect()
}

/// Patterns that generated code of a module speaks of, with the module that declares their params.
fn patterns(registry: &Registry, module: ModuleId) -> Vec<(ModuleId, &Pattern)> {
    let reads = |consumers: &[crate::registry::Consumer]| {
        consumers.iter().any(|consumer| consumer.party == Party::Module(module))
    };
    let keys = registry.keys.iter().filter(|key| key.module == module || reads(&key.consumers));
    let channels = registry.channels.iter().filter(|channel| channel.module == module || reads(&channel.consumers));
    let fields = keys.clone().flat_map(|key| field_names(&key.shape).map(|name| (key.module, name)));
    keys.map(|key| (key.module, &key.pattern))
        .chain(channels.map(|channel| (channel.module, &channel.pattern)))
        .chain(fields)
        .collect()
}

/// Names of fields may hold params, too.
fn field_names(shape: &Shape) -> impl Iterator<Item = &Pattern> {
    let fields = match shape {
        Shape::Fields(fields) | Shape::Entries(fields) => fields.as_slice(),
        Shape::Opaque | Shape::Single(_) | Shape::Elements(_) | Shape::Members(_) | Shape::Scored { .. } => &[],
    };
    fields.iter().map(|field| &field.name)
}

/// Text of `params.rs`.
///
/// # Errors
/// When a param's expression cannot be a table: which, and what to do.
pub fn params(registry: &Registry, module: ModuleId) -> Result<String> {
    let types = param_types(registry, module);
    let mut code = String::new();
    for ParamType { param, rust } in &types {
        let written = match &param.kind {
            ParamKind::Integer { .. } | ParamKind::EpochMs => number(param, rust),
            ParamKind::Enum(values) => words(param, rust, values),
            ParamKind::String { .. } | ParamKind::Uuid | ParamKind::Hex { .. } | ParamKind::Date | ParamKind::Rest => {
                checked_text(param, rust)
                    .with_context(|| format!("module {}: the param `{}`", registry.module(module).name, param.name))?
            }
        };
        code.push_str(&written);
    }
    let about = "//! What the variable parts of names may hold: one type each, which refuses anything else.";
    let head = format!("{about}\n{}\n", text::ALLOW);
    Ok(if code.is_empty() { head } else { head + &imports(&code) + &code })
}

fn imports(code: &str) -> String {
    let called = [
        ("Dfa", ": Dfa ="),
        ("Invalid", "Invalid"),
        ("byte_classes", "byte_classes("),
        ("is_date", "is_date("),
        ("is_hex", "is_hex("),
        ("is_uuid", "is_uuid("),
        ("rule", "rule("),
        ("word", "word(from"),
    ];
    let used: Vec<&str> = called.iter().filter(|(_, call)| code.contains(call)).map(|(name, _)| *name).collect();
    text::import("super::support", &used)
        + "use serde::{Deserialize, Serialize};\nuse std::fmt;\nuse std::str::FromStr;\n"
}

fn docs(param: &Param, expects: &str) -> String {
    let about = param.about.clone().unwrap_or_else(|| format!("The part `{{{}}}` of a name.", param.name));
    let mut text = text::doc(&about);
    text.push_str(&text::doc(""));
    text.push_str(&text::doc(&format!("It {expects}.")));
    if !param.examples.is_empty() {
        let list: Vec<String> = param.examples.iter().map(|example| format!("`{example}`")).collect();
        text.push_str(&text::doc(&format!("Examples: {}.", list.join(", "))));
    }
    text
}

/// A newtype of text.
fn checked_text(param: &Param, rust: &str) -> Result<String> {
    let table = format!("{}_PATTERN", names::constant(rust));
    let mut code = String::new();
    if let ParamKind::String { pattern: Some(_) } = &param.kind {
        let built = dfa::whole(&param.kind.regex()).map_err(anyhow::Error::msg)?;
        code.push_str(&built.to_rust(&table, &format!("The automaton of the pattern of [`{rust}`].")));
    }
    let (condition, expects) = text_rule(param, &table);
    code.push_str(&text_type(param, rust, &condition, &expects));
    code.push_str(&parsing(rust, "Self::new(text)"));
    Ok(code)
}

/// A condition on `value`, and what it asks.
fn text_rule(param: &Param, table: &str) -> (String, String) {
    match &param.kind {
        ParamKind::Uuid => ("is_uuid(&value)".to_owned(), "must be a UUID with hyphens".to_owned()),
        ParamKind::Hex { length: None } => ("is_hex(&value, None)".to_owned(), "must be hexadecimal digits".to_owned()),
        ParamKind::Hex { length: Some(length) } => {
            (format!("is_hex(&value, Some({length}))"), format!("must be {length} hexadecimal digits"))
        }
        ParamKind::Date => ("is_date(&value)".to_owned(), "must be a date, YYYY-MM-DD".to_owned()),
        ParamKind::String { pattern: None } => {
            let condition = "!value.is_empty() && !value.contains(':')".to_owned();
            (condition, "must be one or more characters other than `:`".to_owned())
        }
        ParamKind::String { pattern: Some(pattern) } => {
            (format!("{table}.matches(value.as_bytes())"), format!("must match `{pattern}`"))
        }
        ParamKind::Rest | ParamKind::Integer { .. } | ParamKind::EpochMs | ParamKind::Enum(_) => {
            ("!value.is_empty()".to_owned(), "must not be empty".to_owned())
        }
    }
}

fn text_type(param: &Param, rust: &str, condition: &str, expects: &str) -> String {
    let reason = text::string(expects);
    let docs = docs(param, expects);
    let name = text::string(&param.name);
    format!(
        r#"{docs}#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct {rust}(String);

impl {rust} {{
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {{
        let value = value.into();
        rule({condition}, {name}, {reason})?;
        Ok(Self(value))
    }}

    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {{
        &self.0
    }}
}}

impl fmt::Display for {rust} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        f.write_str(&self.0)
    }}
}}

impl AsRef<str> for {rust} {{
    fn as_ref(&self) -> &str {{
        &self.0
    }}
}}

impl TryFrom<String> for {rust} {{
    type Error = Invalid;

    fn try_from(value: String) -> Result<Self, Invalid> {{
        Self::new(value)
    }}
}}

impl From<{rust}> for String {{
    fn from(value: {rust}) -> Self {{
        value.0
    }}
}}
"#
    )
}

/// `FromStr` and `TryFrom<&str>`, by an expression of `text`.
fn parsing(rust: &str, parse: &str) -> String {
    format!(
        r"
impl FromStr for {rust} {{
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {{
        {parse}
    }}
}}

impl TryFrom<&str> for {rust} {{
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Invalid> {{
        text.parse()
    }}
}}
"
    )
}

/// A newtype of a whole number.
fn number(param: &Param, rust: &str) -> String {
    let (min, max) = match param.kind {
        ParamKind::Integer { min, max } => (min, max),
        // 12 to 14 digits.
        _ => (100_000_000_000, 99_999_999_999_999),
    };
    let expects = match (min, max) {
        (i64::MIN, i64::MAX) => "must be a whole number".to_owned(),
        (min, i64::MAX) => format!("must be a whole number from {min} up"),
        (i64::MIN, max) => format!("must be a whole number up to {max}"),
        _ if param.kind == ParamKind::EpochMs => "must be milliseconds since 1970, 12 to 14 digits".to_owned(),
        (min, max) => format!("must be a whole number from {min} to {max}"),
    };
    let condition = match (min, max) {
        (i64::MIN, i64::MAX) => "true".to_owned(),
        (min, i64::MAX) => format!("value >= {}", text::integer(min.into())),
        (i64::MIN, max) => format!("value <= {}", text::integer(max.into())),
        (min, max) => format!("({}..={}).contains(&value)", text::integer(min.into()), text::integer(max.into())),
    };
    let (name, reason) = (text::string(&param.name), text::string(&expects));
    let docs = docs(param, &expects);
    let mut code = format!(
        r#"{docs}#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct {rust}(i64);

impl {rust} {{
    /// Checks a value.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn new(value: i64) -> Result<Self, Invalid> {{
        rule({condition}, {name}, {reason})?;
        Ok(Self(value))
    }}

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {{
        self.0
    }}
}}

impl fmt::Display for {rust} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        self.0.fmt(f)
    }}
}}

impl TryFrom<i64> for {rust} {{
    type Error = Invalid;

    fn try_from(value: i64) -> Result<Self, Invalid> {{
        Self::new(value)
    }}
}}

impl From<{rust}> for i64 {{
    fn from(value: {rust}) -> Self {{
        value.0
    }}
}}
"#
    );
    // A name holds one spelling of a number: no sign and no zeros in front.
    let parse = format!(
        "match text.parse::<i64>() {{ Ok(value) if value.to_string() == text => Self::new(value), _ => \
         Err(Invalid::new({name}, {reason})) }}"
    );
    code.push_str(&parsing(rust, &parse));
    code
}

/// An enum.
fn words(param: &Param, rust: &str, values: &[String]) -> String {
    let list: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    let expects = format!("must be one of {}", values.join(", "));
    let docs = docs(param, &format!("is one of {}", list.join(", ")));
    let mut code = text::word_enum(&docs, "Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash", rust, values);
    let _ = write!(
        code,
        r"
impl fmt::Display for {rust} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        f.write_str(self.as_str())
    }}
}}
"
    );
    let (name, reason) = (text::string(&param.name), text::string(&expects));
    let parse = format!(
        "Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| Invalid::new({name}, {reason}))"
    );
    code.push_str(&parsing(rust, &parse));
    let _ = write!(
        code,
        r"
impl TryFrom<String> for {rust} {{
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {{
        text.parse()
    }}
}}
"
    );
    code
}
