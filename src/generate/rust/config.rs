//! The config struct of a module: its variables as typed fields, read from the environment and checked all at once.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value as Json;

use super::params::param_types;
use super::{names, text};
use crate::registry::{Amount, ConfigKind, ConfigVariable, Key, ModuleId, Registry};

/// A config variable and its field in `config.rs`.
#[derive(Debug, Clone)]
pub struct ConfigField {
    /// The variable's name.
    pub variable: String,
    /// The field of `Config`, perhaps raw (`r#type`).
    pub field: String,
    /// Its type, without the `Option` of an optional variable: `u64`, `i64`, `f64`, `bool`, `String`, `Vec<String>`,
    /// `Duration`, `PathBuf`, `Secret`, or an enum of `config.rs`.
    pub rust: String,
    /// Is the field an `Option`?
    pub optional: bool,
}

/// The fields of a module's config, in the order of the registry.
#[must_use]
pub fn config_fields(registry: &Registry, module: ModuleId) -> Vec<ConfigField> {
    let mut fields = names::Scope::default();
    let mut types = names::Scope::default();
    let field = |variable: &ConfigVariable| ConfigField {
        variable: variable.name.clone(),
        field: fields.take(&names::field(&variable.name)),
        rust: match &variable.kind {
            _ if variable.secret => "Secret".to_owned(),
            ConfigKind::String | ConfigKind::Url => "String".to_owned(),
            ConfigKind::Integer if counts(registry, module, variable) => "u64".to_owned(),
            ConfigKind::Integer => "i64".to_owned(),
            ConfigKind::Number => "f64".to_owned(),
            ConfigKind::Boolean => "bool".to_owned(),
            ConfigKind::List => "Vec<String>".to_owned(),
            ConfigKind::Seconds | ConfigKind::Milliseconds => "Duration".to_owned(),
            ConfigKind::Path => "PathBuf".to_owned(),
            ConfigKind::Enum(_) => types.take(&names::type_name(&variable.name)),
        },
        // A default makes it always there.
        optional: variable.optional && variable.default.is_none(),
    };
    registry.module(module).config.iter().map(field).collect()
}

/// Is an integer never negative: by its minimum, or because it bounds something?
fn counts(registry: &Registry, module: ModuleId, variable: &ConfigVariable) -> bool {
    let named = |amount: Option<&Amount<u64>>| amount.and_then(Amount::config) == Some(variable.name.as_str());
    let bounds = |key: &Key| {
        named(key.cardinality.as_ref())
            || named(key.retention.max_length.as_ref())
            || named(key.retention.max_entries.as_ref().map(|bound| &bound.count))
    };
    variable.min.is_some_and(|min| min >= 0.0) || registry.keys_of(module).any(bounds)
}

/// Text of `config.rs`.
///
/// # Errors
/// Never so far; like the other generators.
pub fn config(registry: &Registry, module: ModuleId) -> Result<String> {
    let fields = config_fields(registry, module);
    let all: Vec<(&ConfigVariable, &ConfigField)> = registry.module(module).config.iter().zip(&fields).collect();
    let checks = word_checks(registry, module);
    let name = &registry.module(module).name;
    let mut code = text::doc(&format!("The config of `{name}`, one field for each variable."));
    let copy = if all.is_empty() { ", Copy, Eq, Default" } else { "" };
    let _ = writeln!(code, "#[derive(Debug, Clone, PartialEq{copy})]\npub struct Config {{");
    for (variable, field) in &all {
        let written = variable.about.clone();
        code.push_str(&text::doc(&written.unwrap_or_else(|| format!("The value of `{}`.", variable.name))));
        code.push_str(&text::doc(""));
        code.push_str(&text::doc(&format!("Variable `{}`{}.", variable.name, default_words(variable))));
        let (name, rust) = (&field.field, &field.rust);
        let _ = if field.optional {
            writeln!(code, "pub {name}: Option<{rust}>,")
        } else {
            writeln!(code, "pub {name}: {rust},")
        };
    }
    code.push_str("}\n\n");
    code.push_str(&implementation(&all, &checks));
    code.push_str(&default_implementation(&all));
    for (variable, field) in &all {
        if let ConfigKind::Enum(words) = &variable.kind
            && !variable.secret
        {
            code.push_str(&word_type(variable, field, words));
        }
    }
    checks.iter().for_each(|(_, function)| code.push_str(function));
    let about = format!("//! What the environment says to `{name}`.\n{}\n", text::ALLOW);
    Ok(about + &imports(&code) + &code)
}

fn about(variable: &ConfigVariable) -> String {
    variable.about.clone().unwrap_or_else(|| format!("The value of {}.", variable.name))
}

fn default_words(variable: &ConfigVariable) -> String {
    match default_text(variable) {
        Some(text) if text.is_empty() => ", by default empty".to_owned(),
        Some(text) => format!(", by default `{text}`"),
        None if variable.optional => ", may stay unset".to_owned(),
        None => ", must be set".to_owned(),
    }
}

/// The default as it would stand in the environment; never a secret's.
fn default_text(variable: &ConfigVariable) -> Option<String> {
    if variable.secret {
        return None;
    }
    Some(match variable.default.as_ref()? {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    })
}

fn imports(code: &str) -> String {
    let mut support = vec!["ConfigErrors", "ConfigReader", "Variable"];
    let known = [
        "parse_boolean",
        "parse_checked",
        "parse_list",
        "parse_milliseconds",
        "parse_number",
        "parse_path",
        "parse_seconds",
        "parse_secret",
        "parse_text",
        "parse_url",
        "any_word",
        "Invalid>",
        "Secret,",
        "Secret>",
    ];
    let used = known.iter().filter(|name| code.contains(*name)).map(|name| name.trim_end_matches([',', '>']));
    support.extend(used);
    let mut head = text::import("super::support", &support);
    for (name, path) in [("PathBuf", "std::path"), ("Duration", "std::time")] {
        if code.contains(&format!(": {name},")) || code.contains(&format!("<{name}>,")) {
            head.push_str(&text::import(path, &[name]));
        }
    }
    head
}

fn implementation(all: &[(&ConfigVariable, &ConfigField)], checks: &[(String, String)]) -> String {
    let mut code = String::from(
        "impl Config {\n/// All variables, in the order of the registry: what a `--help` shows.\n\
         pub const VARIABLES: &'static [Variable] = &[\n",
    );
    for (variable, _) in all {
        let _ = writeln!(
            code,
            "Variable {{ name: {}, kind: {}, default: {}, about: {}, secret: {} }},",
            text::string(&variable.name),
            text::string(kind_word(&variable.kind)),
            default_text(variable).map_or("None".to_owned(), |text| format!("Some({})", text::string(&text))),
            text::string(&about(variable)),
            variable.secret
        );
    }
    code.push_str(
        "];\n\n/// Reads the environment.\n///\n/// # Errors\n/// All that is wrong with it.\n\
         pub fn from_env() -> Result<Self, ConfigErrors> {\n\
         Self::from_lookup(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))\n}\n\n\
         /// Reads the variables from anywhere, by name.\n///\n/// # Errors\n/// All that is wrong with them.\n\
         pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {\n",
    );
    let mutable = if all.is_empty() { "" } else { "mut " };
    let _ = writeln!(code, "let {mutable}read = ConfigReader::new(&lookup);\nlet config = Self {{");
    for (at, (variable, field)) in all.iter().enumerate() {
        let how = if field.optional { "optional" } else { "required" };
        let checked = checks.iter().any(|(name, _)| *name == variable.name);
        let parse = parse(variable, field, checked);
        let _ = writeln!(code, "{}: read.{how}(&Self::VARIABLES[{at}], {parse}),", field.field);
    }
    code.push_str("};\nread.finish(config)\n}\n}\n\n");
    code
}

fn kind_word(kind: &ConfigKind) -> &'static str {
    match kind {
        ConfigKind::String => "string",
        ConfigKind::Integer => "integer",
        ConfigKind::Number => "number",
        ConfigKind::Boolean => "boolean",
        ConfigKind::List => "list",
        ConfigKind::Seconds => "seconds",
        ConfigKind::Milliseconds => "milliseconds",
        ConfigKind::Url => "url",
        ConfigKind::Path => "path",
        ConfigKind::Enum(_) => "enum",
    }
}

/// An expression that parses the text of a variable.
fn parse(variable: &ConfigVariable, field: &ConfigField, checked: bool) -> String {
    let option = |limit: Option<f64>, write: &dyn Fn(f64) -> String| {
        limit.map_or("None".to_owned(), |limit| format!("Some({})", write(limit)))
    };
    let bounded = |function: &str, write: &dyn Fn(f64) -> String| {
        let (min, max) = (option(variable.min, write), option(variable.max, write));
        format!("|text| {function}(text, {min}, {max})")
    };
    match &variable.kind {
        _ if variable.secret => "parse_secret".to_owned(),
        ConfigKind::String if checked => format!("|text| parse_checked(text, {})", check_name(variable)),
        ConfigKind::String => "parse_text".to_owned(),
        ConfigKind::Integer => {
            let (min, max) = (variable.min.map(f64::ceil), variable.max.map(f64::floor));
            let (min, max) = (option(min, &whole), option(max, &whole));
            format!("|text| parse_number::<{}>(text, {min}, {max})", field.rust)
        }
        ConfigKind::Number => bounded("parse_number::<f64>", &text::float),
        ConfigKind::Seconds => bounded("parse_seconds", &text::float),
        ConfigKind::Milliseconds => bounded("parse_milliseconds", &|limit| whole(limit.max(0.0))),
        ConfigKind::Boolean => "parse_boolean".to_owned(),
        ConfigKind::Url => "parse_url".to_owned(),
        ConfigKind::Path => "parse_path".to_owned(),
        ConfigKind::Enum(_) => format!("{}::parse", field.rust),
        ConfigKind::List if checked => format!("|text| parse_list(text, {})", check_name(variable)),
        ConfigKind::List => "|text| parse_list(text, any_word)".to_owned(),
    }
}

fn whole(limit: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "limits are of 64-bit numbers")]
    let number = limit as i128;
    text::integer(number)
}

/// Functions that check a word against the params whose values a variable lists, with the variables' places.
fn word_checks(registry: &Registry, module: ModuleId) -> Vec<(String, String)> {
    let types = param_types(registry, module);
    let check = |variable: &ConfigVariable| {
        let fed = types.iter().filter(|param| param.param.from.contains(&variable.name));
        let mut parsed: Vec<String> =
            fed.map(|param| format!("word.parse::<super::params::{}>()", param.rust)).collect();
        let last = parsed.pop()?;
        let first: String = parsed.iter().map(|parse| format!("{parse}?;\n")).collect();
        let about = text::doc(&format!("Checks a word of `{}`.", variable.name));
        let name = check_name(variable);
        let head = format!("fn {name}(word: &str) -> Result<(), Invalid>");
        Some((variable.name.clone(), format!("{about}{head} {{\n{first}{last}.map(drop)\n}}\n\n")))
    };
    registry.module(module).config.iter().filter(|variable| takes_words(variable)).filter_map(check).collect()
}

fn takes_words(variable: &ConfigVariable) -> bool {
    !variable.secret && matches!(variable.kind, ConfigKind::List | ConfigKind::String)
}

fn check_name(variable: &ConfigVariable) -> String {
    format!("check_{}", names::snake_case(&variable.name))
}

/// `Default`, where no variable must be set.
fn default_implementation(all: &[(&ConfigVariable, &ConfigField)]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut code = String::from("impl Default for Config {\nfn default() -> Self {\nSelf {\n");
    for (variable, field) in all {
        let value = match (&variable.default, field.optional) {
            (None, true) => "None".to_owned(),
            (Some(default), _) if !variable.secret => default_literal(variable, field, default),
            _ => return String::new(),
        };
        let _ = writeln!(code, "{}: {value},", field.field);
    }
    code.push_str("}\n}\n}\n\n");
    code
}

fn default_literal(variable: &ConfigVariable, field: &ConfigField, default: &Json) -> String {
    match (&variable.kind, default) {
        (ConfigKind::Seconds | ConfigKind::Milliseconds, _) => duration_literal(variable),
        (ConfigKind::Number, _) => text::float(default.as_f64().unwrap_or_default()),
        (ConfigKind::Enum(_), Json::String(word)) => format!("{}::{}", field.rust, names::variant(word)),
        (ConfigKind::Path, Json::String(path)) => format!("PathBuf::from({})", text::string(path)),
        (_, Json::String(word)) => format!("{}.to_owned()", text::string(word)),
        (_, Json::Array(items)) if items.is_empty() => "Vec::new()".to_owned(),
        (_, Json::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .filter_map(Json::as_str)
                .map(|item| format!("{}.to_owned()", text::string(item)))
                .collect();
            format!("vec![{}]", items.join(", "))
        }
        (_, Json::Number(number)) => number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .map_or_else(|| number.to_string(), text::integer),
        (_, other) => other.to_string(),
    }
}

fn duration_literal(variable: &ConfigVariable) -> String {
    let time = variable.default_duration().unwrap_or_default();
    match (time.subsec_nanos(), u64::try_from(time.as_millis())) {
        (0, _) => format!("Duration::from_secs({})", text::integer(time.as_secs().into())),
        (nanos, Ok(millis)) if nanos % 1_000_000 == 0 => {
            format!("Duration::from_millis({})", text::integer(millis.into()))
        }
        (nanos, _) => {
            let (seconds, nanos) = (text::integer(time.as_secs().into()), text::integer(nanos.into()));
            format!("Duration::new({seconds}, {nanos})")
        }
    }
}

/// The enum of a variable.
fn word_type(variable: &ConfigVariable, field: &ConfigField, words: &[String]) -> String {
    let mut scope = names::Scope::default();
    let variants: Vec<(String, &String)> = words.iter().map(|word| (scope.take(&names::variant(word)), word)).collect();
    let rust = &field.rust;
    let mut code = text::doc(&format!("What `{}` may say.", variable.name));
    let _ = writeln!(code, "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\npub enum {rust} {{");
    for (at, (variant, word)) in variants.iter().enumerate() {
        code.push_str(&text::doc(&format!("The word `{word}`.")));
        let _ = writeln!(code, "{}{variant},", if at == 0 { "#[default]\n" } else { "" });
    }
    let arms: Vec<String> = variants.iter().map(|(variant, word)| format!("Self::{variant} => {word:?},")).collect();
    let read: Vec<String> =
        variants.iter().map(|(variant, word)| format!("{word:?} => Ok(Self::{variant}),")).collect();
    let advice = text::string(&format!("write one of {}", words.join(", ")));
    let _ = write!(
        code,
        "}}\n\nimpl {rust} {{\n/// The word.\n#[must_use]\npub fn as_str(self) -> &'static str {{\nmatch self {{ {} }}\n}}\n\n\
         fn parse(text: &str) -> Result<Self, (String, String)> {{\nmatch text {{\n{}\n\
         _ => Err((format!(\"is `{{text}}`\"), {advice}.to_owned())),\n}}\n}}\n}}\n\n",
        arms.join(" "),
        read.join("\n"),
    );
    code
}
