//! keys.rs: names of keys and channels, as constants or as functions of their params.

use std::fmt::Write as _;

use super::names;
use super::plan::{self, EntryId, entry_name};
use super::types::{self, Place};
use crate::registry::{ModuleId, Pattern, Registry, Token};

/// The name of an entry's key builder, in snake case; for a static name the constant is the same in upper case.
pub(super) fn name(registry: &Registry, entry: EntryId, module: ModuleId) -> String {
    match entry {
        EntryId::Key(_) => entry_name(registry, entry, module),
        EntryId::Channel(id) => match registry.channels[id.0].from_key {
            Some(key) => entry_name(registry, EntryId::Key(key), module),
            None => format!("{}_channel", entry_name(registry, entry, module)),
        },
    }
}

/// `format!("a:{symbol}:b")`, with the variables that `variable` names.
pub(super) fn format_call(pattern: &Pattern, variable: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut arguments = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(literal) => text.push_str(&literal.replace('{', "{{").replace('}', "}}")),
            Token::Param(param) => {
                let variable = variable(param);
                // A raw identifier cannot stand inside the braces.
                if let Some(plain) = variable.strip_prefix("r#") {
                    text.push_str(&format!("{{{plain}_}}"));
                    arguments.push_str(&format!(", {plain}_ = {variable}"));
                } else {
                    text.push_str(&format!("{{{variable}}}"));
                }
            }
        }
    }
    format!("format!({text:?}{arguments})")
}

/// The whole file, unformatted.
pub(super) fn text(registry: &Registry, module: ModuleId) -> String {
    let mut entries: Vec<EntryId> = registry.keys_of(module).map(|key| EntryId::Key(key.id)).collect();
    entries.extend(registry.channels_of(module).map(|channel| EntryId::Channel(channel.id)));
    entries.extend(plan::reads(registry, module).into_iter().map(|read| read.entry));
    let mut done = Vec::new();
    let mut text = String::new();
    for entry in entries {
        let name = name(registry, entry, module);
        if !done.contains(&name) {
            builder(Place { registry, module }, entry, &name, &mut text);
            done.push(name);
        }
    }
    let uses = if text.contains("params::") { "use super::params;\n\n" } else { "" };
    format!("//! Names of keys and channels, as the registry spells them.\n\n{uses}{text}")
}

fn builder(place: Place<'_>, entry: EntryId, name: &str, text: &mut String) {
    let registry = place.registry;
    let pattern = entry.pattern(registry);
    let purpose = entry.purpose(registry).unwrap_or("A name of the registry.");
    let kind = if matches!(entry, EntryId::Key(_)) { "Key" } else { "Channel" };
    let _ = writeln!(text, "{}///\n/// {kind} `{}`.", super::doc(purpose), pattern.as_str());
    if let Some(fixed) = pattern.format(|_| None) {
        let _ = writeln!(text, "pub const {}: &str = {fixed:?};\n", name.to_uppercase());
        return;
    }
    let variable = |param: &str| types::variable(param);
    let params: Vec<String> =
        pattern.params().map(|param| format!("{}: &{}", variable(param), types::param(place, param))).collect();
    let _ = writeln!(
        text,
        "#[must_use]\npub fn {}({}) -> String {{ {} }}\n",
        names::ident(name),
        params.join(", "),
        format_call(pattern, variable)
    );
}
