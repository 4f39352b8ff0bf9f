//! Structs of named fields: what a hash, or an entry of a stream, is for a reader.

use std::fmt::Write as _;

use super::plan::{EntryId, entry_name};
use super::types::Place;
use super::{names, types};
use crate::registry::{FieldShape, ModuleId, Pattern, Registry, Shape, Token};

/// The name of an entry's struct.
pub(super) fn name(registry: &Registry, module: ModuleId, entry: EntryId) -> String {
    let kind = match shape(registry, entry) {
        Some(Shape::Entries(_)) => "Entry",
        _ => "Fields",
    };
    format!("{}{kind}", names::pascal(&entry_name(registry, entry, module)))
}

fn shape(registry: &Registry, entry: EntryId) -> Option<&Shape> {
    match entry {
        EntryId::Key(id) => Some(&registry.key(id).shape),
        EntryId::Channel(_) => None,
    }
}

/// The struct with its reader.
pub(super) fn text(registry: &Registry, module: ModuleId, entry: EntryId) -> String {
    let Some(Shape::Fields(fields) | Shape::Entries(fields)) = shape(registry, entry) else { return String::new() };
    let fields = fields.as_slice();
    let name = name(registry, module, entry);
    let place = Place { registry, module };
    let mut scope = names::Scope::default();
    let mut text = format!(
        "/// {} of `{}`. Fields that the registry does not name are left out.\n\
         #[derive(Debug, Clone, PartialEq)]\npub struct {name} {{\n",
        if name.ends_with("Entry") { "An entry" } else { "The fields" },
        entry.pattern(registry).as_str()
    );
    let mut arms = String::new();
    let mut starts = String::new();
    let mut ends = String::new();
    for field in fields {
        let member = scope.take(&names::field(field.name.as_str()));
        let variable = names::plain(&member);
        let about = field.purpose.clone().unwrap_or_else(|| format!("`{}`.", field.name.as_str()));
        let _ = writeln!(text, "{}pub {member}: {},", super::doc(&about), kind(place, field));
        let decode = types::decoder(place, &field.value);
        if let Some(fixed) = field.name.format(|_| None) {
            let _ = writeln!(starts, "let mut {variable}_found = None;");
            let _ = writeln!(
                arms,
                "b{} => {variable}_found = Some(support::field({fixed:?}, {decode}(&value))?),",
                byte_string(&fixed)
            );
            let found = format!("{variable}_found");
            let end = if field.required { format!("support::required({fixed:?}, {found})?") } else { found };
            let _ = writeln!(ends, "{member}: {end},");
        } else {
            let _ = writeln!(starts, "let mut {variable}_found = BTreeMap::new();");
            let _ = writeln!(
                arms,
                "name if support::matches(&{:?}, name) => {{ let name = String::from_utf8_lossy(name).into_owned();\n\
                 let value = support::field(&name, {decode}(&value))?; {variable}_found.insert(name, value); }}",
                around(&field.name)
            );
            let _ = writeln!(ends, "{member}: {variable}_found,");
        }
    }
    let body = match (fields, arms.strip_suffix(",\n").and_then(|arm| arm.split_once(" => "))) {
        ([_], Some((literal, found))) => format!("if name.as_slice() == {literal} {{ {found}; }}"),
        _ => format!("match name.as_slice() {{\n{arms}_ => {{}}\n}}"),
    };
    let _ = writeln!(
        text,
        "}}\n\nimpl {name} {{\nfn from_fields(pairs: Pairs) -> Result<Self, Invalid> {{\n{starts}\
         for (name, value) in pairs {{ {body} }}\n\
         Ok(Self {{ {ends} }})\n}}\n}}\n"
    );
    text
}

fn kind(place: Place<'_>, field: &FieldShape) -> String {
    let value = types::owned(place, &field.value);
    match (field.name.is_static(), field.required) {
        (true, true) => value,
        (true, false) => format!("Option<{value}>"),
        (false, _) => format!("BTreeMap<String, {value}>"),
    }
}

/// A byte string's quoted part.
fn byte_string(text: &str) -> String {
    let escaped: String = text.bytes().flat_map(|byte| byte.escape_ascii()).map(char::from).collect();
    format!("\"{escaped}\"")
}

/// The text before, between and behind the params of a field's name.
fn around(name: &Pattern) -> Vec<String> {
    let mut around = vec![String::new()];
    for token in name.tokens() {
        match token {
            Token::Literal(text) => around.last_mut().into_iter().for_each(|last| last.push_str(text)),
            Token::Param(_) => around.push(String::new()),
        }
    }
    around
}
