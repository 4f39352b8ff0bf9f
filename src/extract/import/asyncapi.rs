//! AsyncAPI documents, version 3 (and 2.x): servers are buses, channels are channels, operations say who sends and reads.

use anyhow::{Result, bail};
use serde_json::{Map, Value as Json};

use super::Plan;
use super::places::{Places, path_to};
use super::record::{Collected, Consumer, Entry, Fields, Module, Origin, named};
use super::wiring::snake;
use crate::extract::Kind;
use crate::extract::draft::Node;
use crate::source;

/// References that lead to references, and no further.
const MAX_HOPS: usize = 16;

/// Is the text such a document?
pub(super) fn fits(text: &str) -> bool {
    text.lines().take(200).any(|line| line.trim_start().trim_start_matches(['{', '"', '\'']).starts_with("asyncapi"))
}

/// Reads a document.
pub(super) fn read(origin: &Origin, text: &str, plan: &Plan, collected: &mut Collected) -> Result<()> {
    let root = parse(origin, text)?;
    let version = root
        .get("asyncapi")
        .and_then(Json::as_str)
        .map(str::to_owned)
        .or_else(|| root.get("asyncapi").map(Json::to_string));
    let Some(version) = version else {
        bail!("{} has no `asyncapi` with a version: it is no AsyncAPI document", origin.path.display());
    };
    let major = version.split('.').next().unwrap_or_default().to_owned();
    if major != "3" && major != "2" {
        bail!("{}: AsyncAPI {version} is not known; versions 2 and 3 are", origin.path.display());
    }
    let title = root.pointer("/info/title").and_then(Json::as_str).unwrap_or_default();
    let name = plan.module.clone().unwrap_or_else(|| snake(title));
    let mut module = Module { name: (!name.is_empty()).then_some(name), ..Module::default() };
    module.fields.text("role", root.pointer("/info/description").and_then(Json::as_str).unwrap_or_default());
    let places = Places::of(origin, text);
    let mut reader = Reader { origin, places, root: &root, module, collected, is_three: major == "3" };
    reader.servers(plan);
    reader.channels();
    reader.operations();
    let module = reader.module;
    collected.modules.push(module);
    Ok(())
}

fn parse(origin: &Origin, text: &str) -> Result<Json> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text)
            .map_err(|error| anyhow::anyhow!("{}:{}: this is no JSON: {error}", origin.path.display(), error.line()));
    }
    let mut sources = source::Sources::default();
    let file = sources.add(source::SourceFile::new(origin.path.clone(), text.to_owned()));
    match source::parse(file, &sources.file(file).text) {
        Ok(tree) => Ok(tree.to_json()),
        Err(errors) => {
            let first = errors.first().map(|error| {
                let place = sources.place(error.span);
                format!("{}:{}: {}", place.line, place.column, error.message)
            });
            bail!("{}:{}", origin.path.display(), first.unwrap_or_default())
        }
    }
}

struct Reader<'a> {
    origin: &'a Origin,
    places: Places,
    root: &'a Json,
    module: Module,
    collected: &'a mut Collected,
    is_three: bool,
}

impl<'a> Reader<'a> {
    /// The line on which the last of these names stands.
    fn line(&self, path: &[&str]) -> u32 {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        self.places.line(&path)
    }

    /// Lists what is not understood, with its place.
    fn unresolved(&mut self, path: &[&str], name: &str, why: &str) {
        let listed = self.origin.unresolved(self.line(path), name, why);
        self.collected.unresolved.push(listed);
    }

    /// What a reference of this document leads to.
    fn resolved(&self, mut json: &'a Json) -> &'a Json {
        for _ in 0..MAX_HOPS {
            let Some(pointer) = json.get("$ref").and_then(Json::as_str).and_then(|text| text.strip_prefix('#')) else {
                return json;
            };
            match self.root.pointer(&pointer.replace("%7B", "{").replace("%7D", "}")) {
                Some(target) => json = target,
                None => return json,
            }
        }
        json
    }

    fn object(&self, name: &str) -> Vec<(String, &'a Json)> {
        let map: Option<&Map<String, Json>> = self.root.get(name).and_then(Json::as_object);
        map.into_iter().flatten().map(|(name, json)| (name.clone(), self.resolved(json))).collect()
    }

    fn servers(&mut self, plan: &Plan) {
        let mut first = None;
        for (name, server) in self.object("servers") {
            let protocol = server.get("protocol").and_then(Json::as_str).unwrap_or_default();
            if !matches!(protocol, "redis" | "rediss" | "redis-secure") {
                self.unresolved(&["servers", &name], &name, &format!("this server speaks `{protocol}`, not redis"));
                continue;
            }
            let mut fields = Fields::default();
            fields.text("about", server.get("description").and_then(Json::as_str).unwrap_or_default());
            let host = server.get("host").or_else(|| server.get("url")).and_then(Json::as_str).unwrap_or_default();
            let path = server.get("pathname").and_then(Json::as_str).unwrap_or_default();
            let scheme = if protocol == "redis" { "redis" } else { "rediss" };
            let url = if host.contains("://") { host.to_owned() } else { format!("{scheme}://{host}{path}") };
            // A host that is a template, or that holds a password, is no default.
            if !host.is_empty() && !url.contains(['{', '@']) {
                fields.text("default", url);
            }
            let bus = plan.bus.clone().unwrap_or_else(|| name.clone());
            let own = named(&mut self.collected.buses, &bus);
            fields.0.into_iter().for_each(|(name, node)| own.fill(&name, node));
            first.get_or_insert(bus);
        }
        if let Some(bus) = first {
            self.module.fields.text("bus", bus);
        }
    }

    fn channels(&mut self) {
        for (id, channel) in self.object("channels") {
            let address = if self.is_three {
                channel.get("address").and_then(Json::as_str).unwrap_or(&id).to_owned()
            } else {
                id.clone()
            };
            let Some(found) = super::wiring::name_pattern(&address, &super::wiring::Legend::default()) else {
                self.unresolved(&["channels", &id, "address"], &address, "this is no name that a channel can have");
                continue;
            };
            for (param, fields) in found.params {
                self.param(channel, &param, fields);
            }
            let mut entry = Entry { kind: Kind::Channel, pattern: found.pattern, ..Entry::default() };
            entry.place = self.origin.at(self.line(&["channels", &id]));
            if self.is_three {
                entry.name = Some(snake(&id)).filter(|name| !name.is_empty());
            }
            let about =
                ["description", "summary", "title"].iter().find_map(|name| channel.get(*name).and_then(Json::as_str));
            entry.fields.text("purpose", about.unwrap_or_default());
            let servers = channel.get("servers").and_then(Json::as_array).and_then(|servers| servers.first());
            let server =
                servers.and_then(|server| server.as_str().or_else(|| server.get("$ref").and_then(Json::as_str)));
            if let Some(bus) = server
                .and_then(|server| server.rsplit('/').next())
                .filter(|bus| self.collected.buses.iter().any(|(known, _)| known == bus))
            {
                entry.fields.text("bus", bus);
            }
            let messages = self.messages(channel);
            self.message(&mut entry, &messages, &id);
            self.bindings(channel, &id);
            if !self.is_three {
                self.two(channel, &mut entry);
            }
            self.module.entries.push(entry);
        }
    }

    fn param(&mut self, channel: &'a Json, name: &str, mut fields: Fields) {
        let parameters = channel.get("parameters").and_then(|all| all.get(name)).map(|json| self.resolved(json));
        if let Some(json) = parameters {
            let schema = json.get("schema").unwrap_or(json);
            fields.text("about", json.get("description").and_then(Json::as_str).unwrap_or_default());
            if let Some(values) = schema.get("enum").and_then(Json::as_array) {
                fields.text("type", "enum");
                fields.set("values", Node::texts(values.iter().filter_map(Json::as_str)));
            } else if schema.get("type").and_then(Json::as_str) == Some("integer") {
                fields.text("type", "integer");
            } else if schema.get("format").and_then(Json::as_str) == Some("uuid") {
                fields.text("type", "uuid");
            } else if let Some(pattern) = schema.get("pattern").and_then(Json::as_str) {
                fields.text("pattern", pattern);
            }
            if let Some(examples) = json.get("examples").and_then(Json::as_array) {
                fields.set("examples", Node::texts(examples.iter().filter_map(Json::as_str)));
            }
        }
        let own = named(&mut self.module.params, name);
        fields.0.into_iter().for_each(|(name, node)| own.fill(&name, node));
    }

    /// The messages of a channel, by name.
    fn messages(&self, channel: &'a Json) -> Vec<(String, &'a Json)> {
        if self.is_three {
            let all = channel.get("messages").and_then(Json::as_object).into_iter().flatten();
            return all
                .map(|(name, json)| (reference_name(json).unwrap_or_else(|| name.clone()), self.resolved(json)))
                .collect();
        }
        ["publish", "subscribe"]
            .iter()
            .filter_map(|verb| channel.get(*verb)?.get("message"))
            .flat_map(|message| {
                message.get("oneOf").and_then(Json::as_array).map_or_else(|| vec![message], |all| all.iter().collect())
            })
            .map(|json| {
                let resolved = self.resolved(json);
                let name =
                    resolved.get("name").and_then(Json::as_str).map(str::to_owned).or_else(|| reference_name(json));
                (name.unwrap_or_else(|| "Message".to_owned()), resolved)
            })
            .collect()
    }

    fn message(&mut self, entry: &mut Entry, messages: &[(String, &'a Json)], id: &str) {
        let mut names: Vec<String> = Vec::new();
        for (name, message) in messages {
            let Some(payload) = message.get("payload") else { continue };
            let is_json = message
                .get("contentType")
                .or_else(|| self.root.get("defaultContentType"))
                .and_then(Json::as_str)
                .is_none_or(|kind| kind.contains("json"));
            if !is_json {
                entry.fields.fill("message", Node::text("bytes"));
                continue;
            }
            let own = reference_name(payload)
                .or_else(|| message.get("name").and_then(Json::as_str).map(str::to_owned))
                .unwrap_or_else(|| name.clone());
            let name = self.payload(&own, payload);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        match names.as_slice() {
            [] => {}
            [only] => entry.fields.text("message", only.as_str()),
            several => {
                let name = type_name(&format!("{id}_message"));
                let variants: Vec<Json> = several.iter().map(|name| serde_json::json!({ "$ref": name })).collect();
                self.module.payloads.push((name.clone(), serde_json::json!({ "oneOf": variants })));
                entry.fields.text("message", name);
            }
        }
    }

    /// Declares a schema, and those it refers to.
    fn payload(&mut self, name: &str, schema: &'a Json) -> String {
        let name = type_name(name);
        if self.module.payloads.iter().any(|(known, _)| *known == name) {
            return name;
        }
        self.module.payloads.push((name.clone(), Json::Null));
        let at = self.module.payloads.len() - 1;
        let resolved = self.resolved(schema);
        // Some wrap a schema in the name of its dialect.
        let resolved = resolved.get("schema").filter(|_| resolved.get("schemaFormat").is_some()).unwrap_or(resolved);
        let schema = self.schema(resolved, 0);
        self.module.payloads[at].1 = schema;
        name
    }

    /// A schema with references to payloads by their names.
    fn schema(&mut self, schema: &'a Json, depth: usize) -> Json {
        if depth > 48 {
            return Json::Bool(true);
        }
        match schema {
            Json::Object(map) => {
                if let Some(name) = reference_name(schema) {
                    if std::ptr::eq(self.resolved(schema), schema) {
                        let path = path_to(self.root, schema, 0).unwrap_or_default();
                        let path: Vec<&str> = path.iter().map(String::as_str).chain(["$ref"]).collect();
                        self.unresolved(&path, &name, "this reference leads nowhere in the document");
                        return Json::Object(Map::new());
                    }
                    let name = self.payload(&name, schema);
                    return serde_json::json!({ "$ref": name });
                }
                let kept = map.iter().filter(|(name, _)| {
                    !name.starts_with("x-")
                        && !matches!(name.as_str(), "$id" | "$schema" | "discriminator" | "externalDocs")
                });
                let kept: Vec<(&String, &'a Json)> = kept.collect();
                kept.into_iter()
                    .map(|(name, value)| (name.clone(), self.schema(value, depth + 1)))
                    .collect::<Map<String, Json>>()
                    .into()
            }
            Json::Array(items) => items.iter().map(|item| self.schema(item, depth + 1)).collect(),
            other => other.clone(),
        }
    }

    /// The binding of Redis says nothing in AsyncAPI; what stands there is not understood.
    fn bindings(&mut self, channel: &Json, id: &str) {
        let binding = channel.get("bindings").and_then(|all| all.get("redis"));
        if binding.is_some_and(|binding| binding.as_object().is_some_and(|fields| !fields.is_empty())) {
            self.unresolved(
                &["channels", id, "bindings", "redis"],
                id,
                "its binding of redis holds fields that AsyncAPI does not define",
            );
        }
    }

    /// In version 2, `subscribe` is what the application sends, and `publish` what it takes.
    fn two(&mut self, channel: &Json, entry: &mut Entry) {
        let sends = channel.get("subscribe").is_some();
        if !sends && channel.get("publish").is_some() {
            self.reads(entry);
        }
    }

    fn reads(&self, entry: &mut Entry) {
        let name = self.module.name.clone().unwrap_or_default();
        let dynamic = entry.pattern.contains('{');
        entry.consume(Consumer {
            name,
            reads: vec![if dynamic { "PSUBSCRIBE" } else { "SUBSCRIBE" }.to_owned()],
            ..Consumer::default()
        });
    }

    fn operations(&mut self) {
        if !self.is_three {
            return;
        }
        for (id, operation) in self.object("operations") {
            let action = operation.get("action").and_then(Json::as_str).unwrap_or_default();
            let target = operation.get("channel").and_then(|channel| channel.get("$ref")).and_then(Json::as_str);
            let channel = target
                .and_then(|target| target.rsplit('/').next())
                .map(|name| name.replace("~1", "/").replace("~0", "~"));
            let name = channel.as_deref().map(snake);
            let Some(at) = self.module.entries.iter().position(|entry| entry.name == name) else {
                self.unresolved(&["operations", &id, "channel"], &id, "its channel is not in the document");
                continue;
            };
            let about = ["summary", "description", "title"]
                .iter()
                .find_map(|name| operation.get(*name).and_then(Json::as_str))
                .map(str::to_owned);
            let mut entry = std::mem::take(&mut self.module.entries[at]);
            match action {
                "send" => {
                    if let Some(about) = about {
                        entry.fields.fill("purpose", Node::text(about));
                    }
                }
                "receive" => {
                    self.reads(&mut entry);
                    if let (Some(consumer), Some(about)) = (entry.consumers.last_mut(), about) {
                        consumer.purpose.get_or_insert(about);
                    }
                }
                _ => {
                    self.unresolved(&["operations", &id, "action"], &id, "an operation's action is `send` or `receive`")
                }
            }
            self.module.entries[at] = entry;
        }
    }
}

/// The last name of a reference.
fn reference_name(json: &Json) -> Option<String> {
    Some(json.get("$ref")?.as_str()?.rsplit('/').next()?.to_owned())
}

/// A name as payloads have it: `order_created` as `OrderCreated`.
fn type_name(name: &str) -> String {
    let words = snake(name);
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let name: String = words.split('_').map(capital).filter(|word| word.is_ascii()).collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) { format!("Payload{name}") } else { name }
}
