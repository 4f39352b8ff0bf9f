//! From JSON Schema to the types of `shape`. What Rust types and generated checks cannot say stays JSON, and is listed
//! as unchecked; nothing is dropped in silence.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Map, Value as Json};

use super::references::{self, Target};
use super::shape::{Body, Check, Item, Kind, Slot};
use crate::generate::rust::dfa::{self, Table};
use crate::generate::rust::names;
use crate::registry::{PayloadId, Registry};

/// Keywords that only describe.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "$comment",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "$anchor",
    "$defs",
    "definitions",
];

/// The formats that generated code checks, the functions that do, and what they ask.
const FORMATS: &[(&str, &str, &str)] = &[
    ("date-time", "is_date_time", "must be a date and time with offset as in RFC 3339"),
    ("date", "is_date", "must be a date, YYYY-MM-DD"),
    ("time", "is_time", "must be a time of day with offset as in RFC 3339"),
    ("uuid", "is_uuid", "must be a UUID with hyphens"),
    ("ipv4", "is_ipv4", "must be an IPv4 address"),
    ("ipv6", "is_ipv6", "must be an IPv6 address"),
];

/// The types made so far, and what is needed to make more.
pub(super) struct Lowering<'a> {
    pub registry: &'a Registry,
    /// Rust names of payloads.
    pub payloads: BTreeMap<PayloadId, String>,
    /// Rust names of payloads' own definitions.
    locals: BTreeMap<(PayloadId, String), String>,
    /// Names taken.
    pub scope: names::Scope,
    /// Patterns, the names of their statics, and their tables.
    pub tables: Vec<(String, String, Table)>,
    /// The types, those that hold others first.
    pub items: Vec<Item>,
    /// The name of the payload whose root is being lowered, until its root has taken it.
    root: Option<String>,
}

/// Where a schema stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The payload that it is written in.
    pub payload: PayloadId,
    /// A name for a type made of it.
    pub hint: &'a str,
}

impl<'a> Lowering<'a> {
    pub fn new(registry: &'a Registry, payloads: BTreeMap<PayloadId, String>, scope: names::Scope) -> Self {
        let (locals, tables) = (BTreeMap::new(), Vec::new());
        Self { registry, payloads, locals, scope, tables, items: Vec::new(), root: None }
    }

    /// Makes the type of a payload, or of one of its definitions, under a name that is taken already.
    pub fn root(&mut self, payload: PayloadId, schema: &Json, rust: &str) -> Result<()> {
        let at = self.items.len();
        self.root = (!is_nullable(schema)).then(|| rust.to_owned());
        let slot = self.slot(schema, Place { payload, hint: rust })?;
        self.root = None;
        if !matches!(&slot.kind, Kind::Named(name) | Kind::Word(name) if name == rust) {
            let about = about(schema).unwrap_or_else(|| format!("The payload `{rust}`."));
            self.items.insert(at, Item { rust: rust.to_owned(), about, body: Body::Wrapper(slot) });
        }
        Ok(())
    }

    /// A name for a new type: the payload's own for its root.
    pub fn name(&mut self, hint: &str) -> String {
        match self.root.take_if(|root| root == hint) {
            Some(root) => root,
            None => self.scope.take(&names::type_name(hint)),
        }
    }

    /// What a schema is in Rust.
    pub fn slot(&mut self, schema: &Json, place: Place<'_>) -> Result<Slot> {
        let Some(map) = schema.as_object() else {
            let mut slot = Slot::of(Kind::Any);
            if schema == &Json::Bool(false) {
                slot.schema.insert("not".to_owned(), Json::Object(Map::new()));
                slot.unchecked.push("false".to_owned());
            }
            return Ok(slot);
        };
        let mut written = map.clone();
        written.retain(|name, _| !ANNOTATIONS.contains(&name.as_str()));
        let mut rest = written.clone();
        let nullable = take_null(&mut rest);
        let mut slot = self.plain(rest, schema, place)?;
        if !nullable {
            return Ok(slot);
        }
        // Beside null only what is fully understood may be taken apart.
        if matches!(slot.kind, Kind::Any) || !slot.unchecked.is_empty() {
            let mut slot = Slot::of(Kind::Any);
            self.leftover(&mut slot, written, place)?;
            return Ok(slot);
        }
        allow_null(&mut slot.schema);
        slot.nullable = true;
        Ok(slot)
    }

    /// What a schema without null is in Rust. `schema` is the whole, for titles.
    fn plain(&mut self, mut rest: Map<String, Json>, schema: &Json, place: Place<'_>) -> Result<Slot> {
        let kind = rest.get("type").and_then(Json::as_str).map(str::to_owned);
        let kind = kind.as_deref();
        if let Some(reference) = rest.get("$ref").and_then(Json::as_str).map(str::to_owned)
            && let Some(mut slot) = self.reference(&reference, place)?
        {
            rest.shift_remove("$ref");
            return self.leftover(&mut slot, rest, place).map(|()| slot);
        }
        if let Some(slot) = self.words(&mut rest, kind, schema, place)? {
            return Ok(slot);
        }
        if kind == Some("object") || kind.is_none() && rest.contains_key("properties") || self.merges(&rest, place) {
            return self.object(rest, schema, place);
        }
        if kind.is_none()
            && let Some(slot) = self.union(&rest, schema, place)?
        {
            return Ok(slot);
        }
        let mut slot = match kind {
            Some("integer") => Slot::of(Kind::Integer),
            Some("number") => Slot::of(Kind::Number),
            Some("boolean") => Slot::of(Kind::Boolean),
            Some("string") => Slot::of(Kind::Text),
            Some("array") if !rest.contains_key("prefixItems") => self.list(&mut rest, place)?,
            _ => Slot::of(Kind::Any),
        };
        if !matches!(slot.kind, Kind::Any) {
            rest.shift_remove("type");
            self.keywords(&mut slot, &mut rest);
        }
        self.leftover(&mut slot, rest, place)?;
        Ok(slot)
    }

    /// What is left is beyond generated checks, and stays in the schema.
    pub fn leftover(&self, slot: &mut Slot, rest: Map<String, Json>, place: Place<'_>) -> Result<()> {
        for (name, value) in rest {
            let value = references::written_out(self.registry, place.payload, &value)?;
            slot.schema.insert(name.clone(), value);
            slot.unchecked.push(name);
        }
        Ok(())
    }

    /// The type that a reference names.
    fn reference(&mut self, reference: &str, place: Place<'_>) -> Result<Option<Slot>> {
        let registry = self.registry;
        let (name, boxed) = match references::target(registry, place.payload, reference) {
            None => return Ok(None),
            Some(Target::Payload(id)) => match self.payloads.get(&id) {
                None => return Ok(None),
                Some(name) => (name.clone(), references::reaches(registry, id, place.payload)),
            },
            Some(Target::Local(local, schema)) => {
                let boxed = references::reaches_itself(registry, place.payload, local);
                let id = (place.payload, local.to_owned());
                let name = match self.locals.get(&id) {
                    Some(name) => name.clone(),
                    None => {
                        let name = self.scope.take(&names::type_name(local));
                        self.locals.insert(id, name.clone());
                        let root = self.root.take();
                        self.root(place.payload, schema, &name)?;
                        self.root = root;
                        name
                    }
                };
                (name, boxed)
            }
        };
        Ok(Some(Slot { boxed, ..Slot::of(Kind::Named(name)) }))
    }

    /// `const` and `enum` of texts, numbers or booleans.
    fn words(
        &mut self,
        rest: &mut Map<String, Json>,
        kind: Option<&str>,
        schema: &Json,
        place: Place<'_>,
    ) -> Result<Option<Slot>> {
        let values: Vec<Json> = match (rest.get("const"), rest.get("enum").and_then(Json::as_array)) {
            (Some(value), None) => vec![value.clone()],
            (None, Some(values)) => values.clone(),
            _ => return Ok(None),
        };
        let keyword = if rest.contains_key("const") { "const" } else { "enum" };
        let values: Vec<Json> = values.into_iter().filter(|value| !value.is_null()).collect();
        let all = |fits: fn(&Json) -> bool| !values.is_empty() && values.iter().all(fits);
        let mut slot = if all(Json::is_string) && matches!(kind, None | Some("string")) {
            rest.shift_remove(keyword);
            let mut words: Vec<String> = Vec::new();
            for word in values.iter().filter_map(Json::as_str) {
                if !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
            let rust = self.name(place.hint);
            let about = about(schema).unwrap_or_else(|| format!("The words of `{rust}`."));
            self.items.push(Item { rust: rust.clone(), about, body: Body::Words(words) });
            Slot::of(Kind::Word(rust))
        } else {
            let scalar = match kind {
                None | Some("integer") if all(|value| value.as_i64().is_some()) => Kind::Integer,
                None | Some("number") if all(Json::is_number) => Kind::Number,
                None | Some("boolean") if all(Json::is_boolean) => Kind::Boolean,
                _ => return Ok(None),
            };
            let mut slot = Slot::of(scalar);
            if let Some(written) = rest.shift_remove(keyword) {
                slot.schema.insert(keyword.to_owned(), written);
            }
            slot.checks.push(Check::OneOf(values));
            slot
        };
        rest.shift_remove("type");
        self.keywords(&mut slot, rest);
        self.leftover(&mut slot, std::mem::take(rest), place)?;
        Ok(Some(slot))
    }

    fn list(&mut self, rest: &mut Map<String, Json>, place: Place<'_>) -> Result<Slot> {
        let items = rest.shift_remove("items").unwrap_or(Json::Bool(true));
        let hint = format!("{}Item", place.hint);
        let root = self.root.take();
        let mut inner = self.slot(&items, Place { hint: &hint, ..place })?;
        self.root = root;
        // A Vec is a box already.
        inner.boxed = false;
        let mut schema = Map::new();
        if !inner.says_all() {
            let items = references::written_out(self.registry, place.payload, &items)?;
            schema.insert("items".to_owned(), items);
        }
        Ok(Slot { schema, ..Slot::of(Kind::List(Box::new(inner))) })
    }

    /// The keywords that generated code checks for a type.
    pub fn keywords(&mut self, slot: &mut Slot, rest: &mut Map<String, Json>) {
        for (name, written) in std::mem::take(rest) {
            let check = match (&slot.kind, name.as_str(), &written) {
                (Kind::Integer | Kind::Number, _, Json::Number(limit)) => number_check(&name, limit),
                (Kind::Text, "minLength", size)
                | (Kind::List(_), "minItems", size)
                | (Kind::Map(_), "minProperties", size) => size.as_u64().map(Check::MinSize),
                (Kind::Text, "maxLength", size)
                | (Kind::List(_), "maxItems", size)
                | (Kind::Map(_), "maxProperties", size) => size.as_u64().map(Check::MaxSize),
                (Kind::Text, "pattern", Json::String(pattern)) => self.pattern(pattern),
                (Kind::Text, "format", Json::String(format)) => FORMATS
                    .iter()
                    .find(|(known, _, _)| known == format)
                    .map(|(_, function, reason)| Check::Format { function, reason }),
                (Kind::List(_), "uniqueItems", Json::Bool(true)) => Some(Check::Unique),
                _ => None,
            };
            if let Some(check) = check {
                slot.checks.push(check);
                slot.schema.insert(name, written);
            } else {
                rest.insert(name, written);
            }
        }
    }

    /// A pattern as a table; `None` when it needs more than an automaton can do.
    fn pattern(&mut self, pattern: &str) -> Option<Check> {
        let known = self.tables.iter().find(|(known, _, _)| known == pattern).map(|(_, name, _)| name.clone());
        let table = match known {
            Some(name) => name,
            None => {
                let table = dfa::search(pattern).ok()?;
                let name = format!("PATTERN_{}", self.tables.len() + 1);
                self.tables.push((pattern.to_owned(), name.clone(), table));
                name
            }
        };
        Some(Check::Pattern { table, pattern: pattern.to_owned() })
    }
}

/// Lets null pass a list of allowed values.
fn allow_null(schema: &mut Map<String, Json>) {
    let listed = match (schema.remove("const"), schema.remove("enum")) {
        (Some(value), _) => vec![value],
        (None, Some(Json::Array(values))) => values,
        _ => return,
    };
    let others = listed.into_iter().filter(|value| !value.is_null());
    schema.insert("enum".to_owned(), others.chain([Json::Null]).collect());
}

fn number_check(keyword: &str, limit: &serde_json::Number) -> Option<Check> {
    let limit = limit.clone();
    Some(match keyword {
        "minimum" => Check::Minimum { limit, exclusive: false },
        "exclusiveMinimum" => Check::Minimum { limit, exclusive: true },
        "maximum" => Check::Maximum { limit, exclusive: false },
        "exclusiveMaximum" => Check::Maximum { limit, exclusive: true },
        "multipleOf" => Check::MultipleOf(limit),
        _ => return None,
    })
}

/// Title and description.
pub(super) fn about(schema: &Json) -> Option<String> {
    let text = |name| schema.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
    match (text("title"), text("description")) {
        (Some(title), Some(description)) => Some(format!("{}.\n\n{description}", title.trim_end_matches('.'))),
        (Some(text), None) | (None, Some(text)) => Some(text.to_owned()),
        (None, None) => None,
    }
}

fn is_nullable(schema: &Json) -> bool {
    let Some(mut map) = schema.as_object().cloned() else { return false };
    map.retain(|name, _| !ANNOTATIONS.contains(&name.as_str()));
    take_null(&mut map)
}

/// Takes null out of a schema; was it there?
fn take_null(map: &mut Map<String, Json>) -> bool {
    let values: Option<&[Json]> = match (map.get("const"), map.get("enum")) {
        (Some(value), _) => Some(std::slice::from_ref(value)),
        (None, Some(Json::Array(values))) => Some(values),
        _ => None,
    };
    let in_values = values.is_none_or(|values| values.contains(&Json::Null));
    match map.get("type") {
        None if values.is_some_and(|values| values.len() > 1) => in_values,
        None => take_null_member(map),
        Some(Json::Array(types)) if types.len() == 2 && types.contains(&Json::from("null")) => {
            let other = types.iter().find(|word| *word != "null").cloned();
            map.insert("type".to_owned(), other.unwrap_or_else(|| Json::from("null")));
            in_values
        }
        Some(_) => false,
    }
}

/// Takes `{type: null}` out of a `oneOf` or `anyOf` that says nothing else beside it.
fn take_null_member(map: &mut Map<String, Json>) -> bool {
    let is_null = |schema: &Json| {
        schema.as_object().is_some_and(|map| map.len() == 1 && schema.get("type").is_some_and(|kind| kind == "null"))
    };
    if map.len() != 1 {
        return false;
    }
    let Some(("oneOf" | "anyOf", Json::Array(members))) = map.iter_mut().next().map(|(k, v)| (k.as_str(), v)) else {
        return false;
    };
    if members.len() < 2 || members.iter().filter(|member| is_null(member)).count() != 1 {
        return false;
    }
    members.retain(|member| !is_null(member));
    if let [Json::Object(only)] = members.as_slice() {
        *map = only.clone();
        map.retain(|name, _| !ANNOTATIONS.contains(&name.as_str()));
    }
    true
}
