//! Text of the types: derives, serde's and schemars' attributes, documentation. What schemars says of a type is what
//! the registry says: keywords that the type does not bring itself are put in by `extend`.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::shape::{Body, Field, Item, Kind, Slot, Struct, Variant};
use crate::generate::rust::{names, text};

/// Makes of schemars' `anyOf` the `oneOf` of the registry.
pub(super) const EXACTLY_ONE: &str = r#"
/// One variant, and no other: `oneOf` where the derived schema says `anyOf`.
fn exactly_one(schema: &mut schemars::Schema) {
    if let Some(variants) = schema.remove("anyOf") {
        schema.insert("oneOf".to_owned(), variants);
    }
}
"#;

const DERIVES: &str = "Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema";

/// A type.
pub(super) fn item(item: &Item) -> String {
    let mut code = text::doc(&item.about);
    let rust = &item.rust;
    match &item.body {
        Body::Struct(body) => structure(&mut code, rust, body),
        Body::Words(words) => {
            code = text::word_enum(&code, "Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema", rust, words);
        }
        Body::Wrapper(slot) => {
            code.push_str(&unchecked_doc(&slot.unchecked));
            let _ = writeln!(code, "#[derive({DERIVES})]\n#[serde(transparent)]");
            let extension = extension(&slot.schema).map(|extend| format!("#[schemars({extend})]")).unwrap_or_default();
            let _ = writeln!(code, "pub struct {rust}({extension} pub {});\n", slot.rust());
        }
        Body::Union { variants, exclusive, unchecked } => {
            if *unchecked {
                code.push_str(&unchecked_doc(&["oneOf (that no second variant fits)".to_owned()]));
            }
            union(&mut code, rust, variants, *exclusive);
        }
    }
    code
}

fn structure(code: &mut String, rust: &str, body: &Struct) {
    code.push_str(&unchecked_doc(&body.unchecked));
    let _ = writeln!(code, "#[derive({DERIVES})]");
    // For schemars alone: readers leave unknown fields aside.
    let closed = body.closed.then(|| "deny_unknown_fields".to_owned());
    let schemars: Vec<String> = closed.into_iter().chain(extension(&body.schema)).collect();
    if !schemars.is_empty() {
        let _ = writeln!(code, "#[schemars({})]", schemars.join(", "));
    }
    let _ = writeln!(code, "#[serde(remote = \"Self\")]\npub struct {rust} {{");
    for field in &body.fields {
        structure_field(code, field);
    }
    if let Some((name, slot)) = &body.extra {
        let _ = writeln!(code, "/// All other properties.\n{}#[serde(flatten)]", unchecked_doc(&slot.unchecked));
        let _ = writeln!(code, "pub {name}: BTreeMap<String, {}>,", slot.rust());
    }
    let _ = writeln!(
        code,
        "}}\n\nimpl Serialize for {rust} {{\n\
         fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {{\nSelf::serialize(self, to)\n}}\n}}\n\n\
         impl<'de> Deserialize<'de> for {rust} {{\n\
         fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {{\n\
         Self::deserialize(Object(from))\n}}\n}}\n"
    );
}

fn structure_field(code: &mut String, field: &Field) {
    let about = field.about.clone().unwrap_or_else(|| format!("The property `{}`.", field.property));
    code.push_str(&text::doc(&about));
    code.push_str(&unchecked_doc(&field.slot.unchecked));
    let mut serde: Vec<String> = Vec::new();
    if names::plain(&field.rust) != field.property {
        serde.push(format!("rename = {}", text::string(&field.property)));
    }
    let plain = field.slot.rust();
    let mut schemars: Vec<String> = Vec::new();
    let rust = if field.required {
        if field.slot.nullable {
            serde.push("deserialize_with = \"nullable\"".to_owned());
            schemars.push(format!("with = {}", text::string(&plain)));
        }
        plain
    } else {
        serde.push("default, skip_serializing_if = \"Option::is_none\", deserialize_with = \"present\"".to_owned());
        schemars.push(format!("with = {}", text::string(&plain)));
        format!("Option<{plain}>")
    };
    if !serde.is_empty() {
        let _ = writeln!(code, "#[serde({})]", serde.join(", "));
    }
    schemars.extend(extension(&field.slot.schema));
    if !schemars.is_empty() {
        let _ = writeln!(code, "#[schemars({})]", schemars.join(", "));
    }
    let _ = writeln!(code, "pub {}: {rust},", field.rust);
}

/// An enum whose variants hold the objects; reading tries those that require most first.
fn union(code: &mut String, rust: &str, variants: &[Variant], exclusive: bool) {
    let exactly = if exclusive { "#[schemars(transform = exactly_one)]\n" } else { "" };
    let _ = writeln!(
        code,
        "#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]\n#[serde(untagged)]\n{exactly}\
         #[allow(clippy::large_enum_variant, reason = \"the payloads are as large as the registry says\")]\npub enum {rust} {{"
    );
    for variant in variants {
        let about = variant.about.clone().unwrap_or_else(|| format!("A `{}`.", variant.holds));
        let holds = if variant.boxed { format!("Box<{}>", variant.holds) } else { variant.holds.clone() };
        let _ = writeln!(code, "{}{}({holds}),", text::doc(&about), variant.rust);
    }
    let mut order: Vec<&Variant> = variants.iter().collect();
    order.sort_by_key(|variant| std::cmp::Reverse(variant.weight));
    let mut tries = String::new();
    for variant in order {
        let value = if variant.boxed { "Box::new(variant)" } else { "variant" };
        let _ = writeln!(
            tries,
            "if let Some(variant) = as_variant::<{}>(&value) {{ return Ok(Self::{}({value})); }}",
            variant.holds, variant.rust
        );
    }
    let reason = text::string(&format!("fits no variant of {rust}"));
    let _ = write!(
        code,
        "}}\n\nimpl<'de> Deserialize<'de> for {rust} {{\n\
         fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {{\n\
         let value = serde_json::Value::deserialize(from)?;\n{tries}\
         Err(<D::Error as serde::de::Error>::custom({reason}))\n}}\n}}\n\n"
    );
}

/// Keywords for schemars that the type does not bring itself.
fn extension(schema: &Map<String, Json>) -> Option<String> {
    if schema.is_empty() {
        return None;
    }
    let pairs: Vec<String> =
        schema.iter().map(|(name, value)| format!("{} = {}", text::string(name), text::json(value))).collect();
    Some(format!("extend({})", pairs.join(", ")))
}

/// Says honestly what generated code leaves to others.
fn unchecked_doc(keywords: &[String]) -> String {
    if keywords.is_empty() {
        return String::new();
    }
    let list: Vec<String> = keywords.iter().map(|keyword| format!("`{keyword}`")).collect();
    format!("{}{}", text::doc(""), text::doc(&format!("Not checked by this code: {}.", list.join(", "))))
}

/// Is a type's value copied rather than borrowed?
pub(super) fn is_copied(slot: &Slot) -> bool {
    matches!(slot.kind, Kind::Integer | Kind::Number | Kind::Boolean)
}
