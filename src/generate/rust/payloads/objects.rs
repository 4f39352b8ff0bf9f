//! Objects and unions of objects: `properties`, `additionalProperties`, simple `allOf`, `oneOf` and `anyOf`.

use anyhow::Result;
use serde_json::{Map, Value as Json};

use super::lower::{Lowering, Place, about};
use super::references;
use super::shape::{Body, Check, Field, Item, Kind, Slot, Struct, Variant};
use crate::generate::rust::names;
use crate::registry::PayloadId;

impl Lowering<'_> {
    /// An object: a struct when it names properties, else a map.
    pub fn object(&mut self, mut rest: Map<String, Json>, schema: &Json, place: Place<'_>) -> Result<Slot> {
        self.merge(&mut rest, place);
        rest.shift_remove("type");
        let named = rest.contains_key("properties") || rest.contains_key("required");
        if !named && rest.get("additionalProperties") != Some(&Json::Bool(false)) {
            return self.map(rest, place);
        }
        let rust = self.name(place.hint);
        let at = self.items.len();
        let fields = self.fields(&mut rest, Place { hint: &rust, ..place })?;
        let mut body = self.open_end(&mut rest, &fields, Place { hint: &rust, ..place })?;
        body.fields = fields;
        for (name, size) in [("minProperties", true), ("maxProperties", false)] {
            if let Some(count) = rest.get(name).and_then(Json::as_u64) {
                body.checks.push(if size { Check::MinSize(count) } else { Check::MaxSize(count) });
                body.schema.insert(name.to_owned(), count.into());
                rest.shift_remove(name);
            }
        }
        // Rust types say what is required, except of fields that may be null.
        if body.fields.iter().any(|field| field.required && field.slot.nullable) {
            let required = body.fields.iter().filter(|field| field.required);
            body.schema
                .insert("required".to_owned(), required.map(|field| Json::from(field.property.clone())).collect());
        }
        let mut left = Slot::of(Kind::Any);
        self.leftover(&mut left, rest, place)?;
        body.schema.extend(left.schema);
        body.unchecked = left.unchecked;
        let about = about(schema).unwrap_or_else(|| format!("The object `{rust}`."));
        self.items.insert(at, Item { rust: rust.clone(), about, body: Body::Struct(body) });
        Ok(Slot::of(Kind::Named(rust)))
    }

    fn map(&mut self, mut rest: Map<String, Json>, place: Place<'_>) -> Result<Slot> {
        let values = rest.shift_remove("additionalProperties").unwrap_or(Json::Bool(true));
        let (inner, schema) = self.values(&values, place)?;
        let mut slot = Slot::of(Kind::Map(Box::new(inner)));
        if let Some(schema) = schema {
            slot.schema.insert("additionalProperties".to_owned(), schema);
        }
        self.keywords(&mut slot, &mut rest);
        self.leftover(&mut slot, rest, place)?;
        Ok(slot)
    }

    /// The values of a map, and their schema where the type does not say it.
    fn values(&mut self, values: &Json, place: Place<'_>) -> Result<(Slot, Option<Json>)> {
        let hint = format!("{}Value", place.hint);
        let mut inner = self.slot(values, Place { hint: &hint, ..place })?;
        inner.boxed = false;
        let schema =
            if inner.says_all() { None } else { Some(references::written_out(self.registry, place.payload, values)?) };
        Ok((inner, schema))
    }

    fn fields(&mut self, rest: &mut Map<String, Json>, place: Place<'_>) -> Result<Vec<Field>> {
        let mut properties = match rest.shift_remove("properties") {
            Some(Json::Object(properties)) => properties,
            _ => Map::new(),
        };
        let required: Vec<String> = match rest.shift_remove("required") {
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let others = rest.get("additionalProperties").cloned().unwrap_or(Json::Bool(true));
        for name in &required {
            properties.entry(name.clone()).or_insert_with(|| others.clone());
        }
        let mut scope = names::Scope::default();
        let mut fields = Vec::new();
        for (property, schema) in &properties {
            let hint = format!("{}{}", place.hint, names::pascal_case(property));
            fields.push(Field {
                rust: scope.take(&names::field(property)),
                about: about(schema),
                required: required.contains(property),
                slot: self.slot(schema, Place { hint: &hint, ..place })?,
                property: property.clone(),
            });
        }
        Ok(fields)
    }

    /// What `additionalProperties` says of a struct.
    fn open_end(&mut self, rest: &mut Map<String, Json>, fields: &[Field], place: Place<'_>) -> Result<Struct> {
        let mut body = Struct {
            fields: Vec::new(),
            extra: None,
            closed: false,
            checks: Vec::new(),
            schema: Map::new(),
            unchecked: Vec::new(),
        };
        // Beside patterns the keyword speaks of fewer properties than Rust can tell.
        if rest.contains_key("patternProperties") {
            return Ok(body);
        }
        match rest.shift_remove("additionalProperties") {
            None | Some(Json::Bool(true)) => {}
            Some(Json::Bool(false)) => body.closed = true,
            Some(values) => {
                let (slot, schema) = self.values(&values, place)?;
                let mut scope = names::Scope::default();
                fields.iter().for_each(|field| drop(scope.take(&field.rust)));
                body.extra = Some((scope.take("extra"), slot));
                if let Some(schema) = schema {
                    body.schema.insert("additionalProperties".to_owned(), schema);
                }
            }
        }
        Ok(body)
    }

    /// Is there an `allOf` of plain objects only?
    pub fn merges(&self, rest: &Map<String, Json>, place: Place<'_>) -> bool {
        let Some(members) = rest.get("allOf").and_then(Json::as_array) else { return false };
        // A member's own references mean something else in another payload.
        let plain = |member: &Json| {
            let (holder, schema) = references::follow(self.registry, place.payload, member);
            let known = ["type", "properties", "required", "title", "description", "$comment"];
            let named = |map: &Map<String, Json>| map.keys().all(|name| known.contains(&name.as_str()));
            let sound = schema.as_object().is_some_and(named) && schema.get("type").is_none_or(|kind| kind == "object");
            sound && (holder == place.payload || !schema.to_string().contains("\"$ref\""))
        };
        let conflict = |name: &String| {
            let says = |schema: &Json| schema.get("properties").is_some_and(|all| all.get(name).is_some());
            let follow = |member| references::follow(self.registry, place.payload, member).1;
            let own = usize::from(rest.get("properties").is_some_and(|all| all.get(name).is_some()));
            own + members.iter().filter(|member| says(follow(member))).count() > 1
        };
        let closed = rest.get("additionalProperties").is_some_and(|others| others != &Json::Bool(true));
        let mut properties = members.iter().filter_map(|member| {
            references::follow(self.registry, place.payload, member).1.get("properties")?.as_object()
        });
        !closed && members.iter().all(plain) && !properties.any(|all| all.keys().any(conflict))
    }

    /// Puts the properties of such an `allOf` with the object's own.
    fn merge(&self, rest: &mut Map<String, Json>, place: Place<'_>) {
        if !self.merges(rest, place) {
            return;
        }
        let Some(Json::Array(members)) = rest.shift_remove("allOf") else { return };
        for member in &members {
            let (_, schema) = references::follow(self.registry, place.payload, member);
            for keyword in ["properties", "required"] {
                match (rest.get_mut(keyword), schema.get(keyword)) {
                    (Some(Json::Object(all)), Some(Json::Object(more))) => all.extend(more.clone()),
                    (Some(Json::Array(all)), Some(Json::Array(more))) => all.extend(more.iter().cloned()),
                    (None, Some(more)) => drop(rest.insert(keyword.to_owned(), more.clone())),
                    _ => {}
                }
            }
        }
    }

    /// `oneOf` or `anyOf` of objects, and nothing else.
    pub fn union(&mut self, rest: &Map<String, Json>, schema: &Json, place: Place<'_>) -> Result<Option<Slot>> {
        let ("oneOf" | "anyOf", Some(members)) = (match rest.iter().next() {
            Some((name, members)) if rest.len() == 1 => (name.as_str(), members.as_array()),
            _ => return Ok(None),
        }) else {
            return Ok(None);
        };
        if !members.iter().all(|member| self.is_object(member, place.payload)) {
            return Ok(None);
        }
        let discriminator = self.discriminator(members, place.payload);
        let rust = self.name(place.hint);
        let at = self.items.len();
        let mut scope = names::Scope::default();
        let mut variants = Vec::new();
        for member in members {
            let (_, full) = references::follow(self.registry, place.payload, member);
            let constant = discriminator.as_ref().and_then(|name| constant(full, name));
            let title = full.get("title").and_then(Json::as_str);
            let referred = member.get("$ref").and_then(Json::as_str).and_then(|text| text.rsplit('/').next());
            let wanted = referred.or(title).or(constant).unwrap_or("Variant");
            let variant = scope.take(&names::variant(wanted));
            let hint = format!("{rust}{variant}");
            let slot = self.slot(member, Place { hint: &hint, ..place })?;
            let Kind::Named(holds) = slot.kind else { continue };
            let weight = full.get("required").and_then(Json::as_array).map_or(0, Vec::len);
            variants.push(Variant { rust: variant, holds, about: about(full), weight, boxed: slot.boxed });
        }
        let about = about(schema).unwrap_or_else(|| "One of several objects.".to_owned());
        let exclusive = rest.contains_key("oneOf");
        let unchecked = exclusive && discriminator.is_none();
        self.items.insert(at, Item { rust: rust.clone(), about, body: Body::Union { variants, exclusive, unchecked } });
        Ok(Some(Slot::of(Kind::Named(rust))))
    }

    /// Does a schema describe a struct and nothing else?
    fn is_object(&self, schema: &Json, payload: PayloadId) -> bool {
        // A reference with siblings is more than the type it names.
        if schema.get("$ref").is_some() && schema.as_object().is_some_and(|map| map.len() > 1) {
            return false;
        }
        let (_, full) = references::follow(self.registry, payload, schema);
        let named = full.get("properties").is_some() || full.get("required").is_some();
        full.get("type").is_some_and(|kind| kind == "object") && named && full.get("enum").is_none()
    }

    /// A required property that holds another constant in each member.
    fn discriminator(&self, members: &[Json], payload: PayloadId) -> Option<String> {
        let follow = |member| references::follow(self.registry, payload, member).1;
        let first = follow(members.first()?);
        let names = first.get("properties")?.as_object()?.keys();
        let tells = |name: &&String| {
            let required = |schema: &Json| {
                schema
                    .get("required")
                    .and_then(Json::as_array)
                    .is_some_and(|all| all.iter().any(|known| known == *name))
            };
            let constants: Option<Vec<&str>> = members.iter().map(|member| constant(follow(member), name)).collect();
            let different = constants.is_some_and(|mut all| {
                all.sort_unstable();
                all.windows(2).all(|pair| pair[0] != pair[1])
            });
            different && members.iter().all(|member| required(follow(member)))
        };
        names.into_iter().find(tells).cloned()
    }
}

/// The only text that a property may hold.
fn constant<'a>(schema: &'a Json, property: &str) -> Option<&'a str> {
    let property = schema.get("properties")?.get(property)?;
    let single = || property.get("enum").and_then(Json::as_array).filter(|values| values.len() == 1)?.first();
    property.get("const").or_else(single)?.as_str()
}
