//! Structs of named fields: what a hash, or an entry of a stream, is for a reader.

use std::fmt::Write as _;

use super::plan::{EntryId, entry_name};
use super::types::Place;
use super::{names, types};
use crate::registry::{FieldShape, ModuleId, Pattern, Registry, Shape, Token, more_specific};

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
    let mut arms = Vec::new();
    let mut starts = String::new();
    let mut ends = String::new();
    for field in fields {
        let member = scope.take(&names::field(field.name.as_str()));
        // A member like `self_` has its mark already.
        let found = format!("{}_found", names::plain(&member).trim_end_matches('_'));
        let about = field.purpose.clone().unwrap_or_else(|| format!("`{}`.", field.name.as_str()));
        let _ = writeln!(text, "{}pub {member}: {},", super::doc(&about), kind(place, field));
        arms.push(arm(place, field, &found));
        let fixed = field.name.format(|_| None);
        let start = if fixed.is_some() { "None" } else { "BTreeMap::new()" };
        let _ = writeln!(starts, "let mut {found} = {start};");
        let _ = match fixed.filter(|_| field.required) {
            Some(fixed) => writeln!(ends, "{member}: support::required({fixed:?}, {found})?,"),
            None => writeln!(ends, "{member}: {found},"),
        };
    }
    let arms: String = by_precedence(fields).into_iter().map(|at| arms[at].as_str()).collect();
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

/// The arm of the match over names that takes a field's value.
fn arm(place: Place<'_>, field: &FieldShape, found: &str) -> String {
    let decode = types::decoder(place, &field.value);
    match field.name.format(|_| None) {
        Some(fixed) => {
            format!("b{} => {found} = Some(support::field({fixed:?}, {decode}(&value))?),\n", byte_string(&fixed))
        }
        None => format!(
            "name if support::matches(&{:?}, &[{}], name) => {{ let name = String::from_utf8_lossy(name).into_owned();\n\
             let value = support::field(&name, {decode}(&value))?; {found}.insert(name, value); }}\n",
            around(&field.name),
            holds(place, &field.name)
        ),
    }
}

/// The checks of the params of a field's name.
fn holds(place: Place<'_>, name: &Pattern) -> String {
    let check = |param: &str| format!("support::is::<{}>", types::param(place, param));
    name.params().map(check).collect::<Vec<_>>().join(", ")
}

/// The fields in an order in which the first whose name matches is the most specific.
fn by_precedence(fields: &[FieldShape]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..fields.len()).collect();
    let mut order = Vec::new();
    let first = |left: &[usize]| {
        let before = |a: usize, b: usize| {
            let (a, b) = (&fields[a].name, &fields[b].name);
            (a.is_static() && !b.is_static()) || (!a.is_static() && !b.is_static() && more_specific(a, b))
        };
        left.iter().position(|at| !left.iter().any(|other| before(*other, *at)))
    };
    while !left.is_empty() {
        order.push(left.remove(first(&left).unwrap_or(0)));
    }
    order
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
