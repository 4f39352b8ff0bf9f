//! The seam to the emitters of payloads.rs, params.rs and config.rs: the names that they give, and their texts. Until they
//! are there, stand-ins: as little as compiles.

use std::fmt::Write as _;

use anyhow::Result;

use super::names;
use super::types::Place;
use crate::registry::{ConfigKind, ModuleId, PayloadId, Registry};

/// The type of a payload in `payloads`.
pub(super) fn payload(place: Place<'_>, id: PayloadId) -> String {
    names::pascal(&place.registry.payload(id).name)
}

/// The type of a param in `params`.
pub(super) fn param(_place: Place<'_>, name: &str) -> String {
    names::pascal(name)
}

/// The field of a variable in `Config`, and its type.
pub(super) fn config_field(place: Place<'_>, variable: &str) -> (String, &'static str) {
    let kind = match place.registry.config(place.module, variable) {
        Some(variable) if variable.kind == ConfigKind::Integer && variable.min.is_none_or(|min| min < 0.0) => "i64",
        Some(variable) if variable.kind == ConfigKind::Integer => "u64",
        _ => "Duration",
    };
    (names::ident(&names::snake(variable)), kind)
}

/// Payloads as any JSON.
pub(super) fn payloads(registry: &Registry, _module: ModuleId) -> Result<String> {
    let mut text = String::from("//! Payloads.\n\nuse super::support::{Invalid, Payload};\n\n");
    for payload in &registry.payloads {
        let name = names::pascal(&payload.name);
        let _ = writeln!(
            text,
            "/// A payload.\n#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]\n\
             #[serde(transparent)]\npub struct {name}(pub serde_json::Value);\n\n\
             impl Payload for {name} {{ fn validate(&self) -> Result<(), Invalid> {{ Ok(()) }} }}\n"
        );
    }
    Ok(text)
}

/// Params as any text.
pub(super) fn params(registry: &Registry, _module: ModuleId) -> Result<String> {
    let mut text = String::from("//! Params.\n\nuse super::support::Invalid;\n\n");
    let mut all: Vec<&str> =
        registry.modules.iter().flat_map(|module| module.params.keys().map(String::as_str)).collect();
    all.extend(registry.keys.iter().flat_map(|key| key.pattern.params()));
    all.sort_unstable();
    all.dedup();
    for param in all {
        let name = names::pascal(param);
        let _ = writeln!(
            text,
            "/// A param.\n#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]\n\
             #[serde(transparent)]\npub struct {name}(String);\n\nimpl {name} {{\n/// Any text.\n///\n/// # Errors\n/// Never.\n\
             pub fn new(text: impl Into<String>) -> Result<Self, Invalid> {{ Ok(Self(text.into())) }}\n}}\n\n\
             impl std::fmt::Display for {name} {{\nfn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result \
             {{ f.write_str(&self.0) }}\n}}\n"
        );
    }
    Ok(text)
}

/// The config with its defaults.
pub(super) fn config(registry: &Registry, module: ModuleId) -> Result<String> {
    let mut fields = String::new();
    let mut values = String::new();
    for variable in &registry.module(module).config {
        let number = variable.default.as_ref().and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        let (kind, value) = match variable.kind {
            ConfigKind::Integer if variable.min.is_some_and(|min| min >= 0.0) => ("u64", format!("{number}")),
            ConfigKind::Integer => ("i64", format!("{number}")),
            ConfigKind::Seconds => ("std::time::Duration", format!("std::time::Duration::from_secs_f64({number:?})")),
            ConfigKind::Milliseconds => ("std::time::Duration", format!("std::time::Duration::from_millis({number})")),
            _ => continue,
        };
        let name = names::ident(&names::snake(&variable.name));
        let _ = writeln!(fields, "/// `{}`.\npub {name}: {kind},", variable.name);
        let _ = writeln!(values, "{name}: {value},");
    }
    Ok(format!(
        "//! The config.\n\nuse super::support::Invalid;\n\n/// The config.\n#[derive(Debug, Clone)]\n\
         pub struct Config {{ {fields} }}\n\nimpl Config {{\n/// The defaults.\n///\n/// # Errors\n/// Never.\n\
         pub fn from_env() -> Result<Self, Invalid> {{ Ok(Self {{ {values} }}) }}\n}}\n"
    ))
}
