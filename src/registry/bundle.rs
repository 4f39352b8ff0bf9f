//! Payloads as complete schemas: a payload in, one schema out that holds all it refers to under `$defs`.
//!
//! A payload may have local `$defs` of its own, and two modules may each have a payload of one name; in the bundle every
//! definition has a name of its own, and all references follow. Knows nothing of what schemas mean.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::model::{Payload, PayloadId, Registry};

/// Keywords whose value is data: a `$ref` in there refers to nothing.
const DATA: [&str; 4] = ["const", "default", "enum", "examples"];
/// Keywords whose value maps names to schemas: there a member called `default` is a schema.
const NAMED: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const PREFIX: &str = "#/$defs/";

impl Registry {
    /// A payload's schema with all payloads that it refers to, and their own definitions, under `$defs`: complete in
    /// itself. References to a payload that does not exist stay as they are (lint: unknown-payload).
    #[must_use]
    pub fn bundled_schema(&self, id: PayloadId) -> Value {
        Bundle::plan(self, id).build()
    }

    /// The payload that a `#/$defs/NAME` in this payload means: not one of its own definitions, but its module's payload
    /// of that name, else the shared one.
    #[must_use]
    pub fn referenced_payload(&self, from: PayloadId, name: &str) -> Option<PayloadId> {
        let payload = self.payload(from);
        if local_definitions(payload).any(|local| local == name) {
            return None;
        }
        let find = |module| self.payloads.iter().position(|other| other.name == name && other.module == module);
        find(payload.module).or_else(|| find(None)).map(PayloadId)
    }
}

fn local_definitions(payload: &Payload) -> impl Iterator<Item = &str> {
    payload.schema.get("$defs").and_then(Value::as_object).into_iter().flat_map(|map| map.keys().map(String::as_str))
}

/// Which definition goes where.
struct Bundle<'a> {
    registry: &'a Registry,
    /// All payloads of the bundle in the order of their discovery, the root first.
    payloads: Vec<PayloadId>,
    /// Name of each referenced payload in the bundle; the root has none.
    names: BTreeMap<PayloadId, String>,
    /// Names of local definitions in the bundle, by payload and local name.
    locals: BTreeMap<(PayloadId, String), String>,
}

impl<'a> Bundle<'a> {
    fn plan(registry: &'a Registry, root: PayloadId) -> Self {
        let mut payloads = vec![root];
        let mut at = 0;
        while let Some(&id) = payloads.get(at) {
            let mut found = BTreeSet::new();
            references(&registry.payload(id).schema, false, &mut found);
            for target in found.iter().filter_map(|name| registry.referenced_payload(id, name)) {
                if !payloads.contains(&target) {
                    payloads.push(target);
                }
            }
            at += 1;
        }
        let mut bundle = Self { registry, payloads, names: BTreeMap::new(), locals: BTreeMap::new() };
        bundle.give_names(root);
        bundle
    }

    /// The root's own definitions keep their names, then payloads, then the payloads' definitions, as far as free.
    fn give_names(&mut self, root: PayloadId) {
        let mut taken = BTreeSet::new();
        let mut free = |wanted: &str, prefix: &str| {
            let candidates = [wanted.to_owned(), format!("{prefix}_{wanted}")].into_iter();
            let mut candidates = candidates.chain((2..).map(|n| format!("{prefix}_{wanted}_{n}")));
            let name = candidates.find(|name| !taken.contains(name)).unwrap_or_default();
            taken.insert(name.clone());
            name
        };
        let registry = self.registry;
        for local in local_definitions(registry.payload(root)) {
            self.locals.insert((root, local.to_owned()), free(local, "own"));
        }
        for &id in self.payloads.iter().filter(|id| **id != root) {
            let payload = registry.payload(id);
            let module = payload.module.map_or("shared", |module| &registry.module(module).name);
            self.names.insert(id, free(&payload.name, module));
        }
        for &id in self.payloads.iter().filter(|id| **id != root) {
            let payload = registry.payload(id);
            for local in local_definitions(payload) {
                self.locals.insert((id, local.to_owned()), free(local, &payload.name));
            }
        }
    }

    fn build(&self) -> Value {
        let mut definitions = Map::new();
        let mut root = json!(true);
        for &id in &self.payloads {
            let mut schema = self.registry.payload(id).schema.clone();
            self.rewrite(id, &mut schema, false);
            let locals = schema.as_object_mut().and_then(|map| map.shift_remove("$defs"));
            for (local, definition) in locals.as_ref().and_then(Value::as_object).into_iter().flatten() {
                if let Some(name) = self.locals.get(&(id, local.clone())) {
                    definitions.insert(name.clone(), definition.clone());
                }
            }
            match self.names.get(&id) {
                Some(name) => {
                    // Inside another schema these would make it a document of its own, and references go astray.
                    if let Some(map) = schema.as_object_mut() {
                        map.shift_remove("$id");
                        map.shift_remove("$schema");
                    }
                    definitions.insert(name.clone(), schema);
                }
                None => root = schema,
            }
        }
        if !definitions.is_empty()
            && let Some(map) = root.as_object_mut()
        {
            definitions.sort_keys();
            map.insert("$defs".to_owned(), Value::Object(definitions));
        }
        root
    }

    fn rewrite(&self, id: PayloadId, schema: &mut Value, names: bool) {
        match schema {
            Value::Object(map) => {
                for (keyword, value) in map.iter_mut() {
                    match value {
                        Value::String(reference) if keyword == "$ref" && !names => {
                            *reference = self.target(id, reference);
                        }
                        _ if !names && DATA.contains(&keyword.as_str()) => {}
                        _ => self.rewrite(id, value, !names && NAMED.contains(&keyword.as_str())),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(id, item, false)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Where a reference of a payload leads in the bundle.
    fn target(&self, id: PayloadId, reference: &str) -> String {
        let own = self.names.get(&id);
        if let Some(rest) = reference.strip_prefix(PREFIX) {
            let (name, below) =
                rest.split_once('/').map_or((rest, String::new()), |(name, rest)| (name, format!("/{rest}")));
            let plain = unescape(name);
            if let Some(local) = self.locals.get(&(id, plain.clone())) {
                return format!("{PREFIX}{}{below}", escape(local));
            }
            return match self.registry.referenced_payload(id, &plain) {
                Some(target) => match self.names.get(&target) {
                    Some(name) => format!("{PREFIX}{name}{below}"),
                    None => format!("#{below}"),
                },
                None => reference.to_owned(),
            };
        }
        match (own, reference.strip_prefix('#')) {
            (Some(own), Some(pointer)) if pointer.is_empty() || pointer.starts_with('/') => {
                format!("{PREFIX}{own}{pointer}")
            }
            _ => reference.to_owned(),
        }
    }
}

/// The names in all `#/$defs/NAME` of a schema.
fn references(schema: &Value, names: bool, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            for (keyword, value) in map {
                match value {
                    Value::String(reference) if keyword == "$ref" && !names => {
                        let name = reference.strip_prefix(PREFIX).and_then(|rest| rest.split('/').next());
                        found.extend(name.map(unescape));
                    }
                    _ if !names && DATA.contains(&keyword.as_str()) => {}
                    _ => references(value, !names && NAMED.contains(&keyword.as_str()), found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, false, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::lint::example_registry;
    use crate::registry::Registry;

    fn bundled(registry: &Registry, name: &str) -> Value {
        let at = registry.payloads.iter().position(|p| p.name == name && p.module.is_some()).unwrap();
        registry.bundled_schema(crate::registry::PayloadId(at))
    }

    const NESTED: &str = "\
# file: registry.yaml
keywire: 1
name: example
buses: { main: { env: URL } }
payloads:
  Leg: { type: object, required: [side], properties: { side: { $ref: '#/$defs/Side' }, twin: { $ref: '#' } }, $defs: { Side: { enum: [buy, sell] } } }
  Far: { $ref: Near }
  Near: { type: string }
# file: modules/app.yaml
module: app
bus: main
payloads:
  Near: { type: integer }
  Order:
    type: object
    required: [side, legs]
    properties:
      side: { $ref: '#/$defs/Side' }
      legs: { type: array, items: { $ref: Leg } }
      parent: { $ref: Order }
      far: { $ref: Far }
      near: { $ref: Near }
      default: { $ref: Near }
    default: { $ref: '#/$defs/Leg' }
    $defs: { Side: { enum: [long, short] } }
";

    #[test]
    fn local_definitions_of_referenced_payloads_are_hoisted_under_names_of_their_own() {
        let schema = bundled(&example_registry(NESTED).unwrap(), "Order");
        let definitions: Vec<&str> = schema["$defs"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(definitions, ["Far", "Leg", "Leg_Side", "Near", "Side", "shared_Near"]);
        assert_eq!(schema["$defs"]["Leg"]["properties"]["side"]["$ref"], "#/$defs/Leg_Side");
        assert_eq!(schema["$defs"]["Leg"]["properties"]["twin"]["$ref"], "#/$defs/Leg");
        assert_eq!(schema["properties"]["parent"]["$ref"], "#");
        assert_eq!(schema["default"]["$ref"], "#/$defs/Leg", "data is not touched");
    }

    #[test]
    fn references_mean_what_they_mean_where_they_are_written() {
        let schema = bundled(&example_registry(NESTED).unwrap(), "Order");
        let validator = jsonschema::validator_for(&schema).unwrap();
        let leg = json!({ "side": "buy", "twin": { "side": "sell" } });
        assert!(validator.is_valid(&json!({ "side": "long", "legs": [leg], "far": "text", "near": 1, "default": 2 })));
        assert!(!validator.is_valid(&json!({ "side": "buy", "legs": [] })));
        assert!(!validator.is_valid(&json!({ "side": "long", "legs": [{ "side": "long" }] })));
        assert!(
            !validator.is_valid(&json!({ "side": "long", "legs": [{ "side": "buy", "twin": { "side": "long" } }] }))
        );
        assert!(!validator.is_valid(&json!({ "side": "long", "legs": [], "far": 1 })));
        assert!(!validator.is_valid(&json!({ "side": "long", "legs": [], "parent": { "side": "x", "legs": [] } })));
    }
}
