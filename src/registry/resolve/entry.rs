//! Keys and channels of one module.

use super::address;
use super::payload;
use super::read::{flag, items, list, text, word};
use crate::registry::amount::{count_amount, duration_amount};
use crate::registry::format::Fault;
use crate::registry::model::{
    Channel, ChannelId, Consumer, Deprecation, Documentation, FieldShape, Group, Key, KeyId, Lifecycle, MaxEntries,
    ModuleId, Operation, Party, Registry, Retention, Scalar, Shape, Ttl, Value,
};
use crate::registry::pattern::Pattern;
use crate::source::{Entry, Node, NodeKind};
use crate::types;

/// Where an entry is being read: its module, and the index of its tree.
#[derive(Clone, Copy)]
struct Context<'a> {
    registry: &'a Registry,
    module: ModuleId,
    tree: usize,
}

/// Adds the keys and channels of a tree.
pub(super) fn read(module: ModuleId, tree: usize, root: &Node, registry: &mut Registry, faults: &mut Vec<Fault>) {
    for entry in root.get("keys").map_or(&[][..], Node::entries) {
        let context = Context { registry, module, tree };
        if let Some(key) = context.key(entry, faults) {
            registry.keys.push(key);
        }
    }
    for entry in root.get("channels").map_or(&[][..], Node::entries) {
        let context = Context { registry, module, tree };
        if let Some(channel) = context.channel(entry) {
            registry.channels.push(channel);
        }
    }
    published_keys(module, registry);
}

/// PUBLISH among a key's operations declares the channel of the same name, unless one is written.
fn published_keys(module: ModuleId, registry: &mut Registry) {
    let publishes = |name: &str| matches!(name, "PUBLISH" | "SPUBLISH");
    let subscribes = |name: &str| matches!(name, "SUBSCRIBE" | "PSUBSCRIBE" | "SSUBSCRIBE");
    let mut implied = Vec::new();
    for key in registry.keys_of(module).filter(|key| key.operations.iter().any(|op| publishes(&op.name))) {
        let written = |channel: &Channel| channel.pattern == key.pattern && channel.bus == key.bus;
        if registry.channels_of(module).any(written) {
            continue;
        }
        let message = match &key.shape {
            Shape::Single(value) => Some(value.clone()),
            _ => None,
        };
        let mut consumers = key.consumers.clone();
        consumers.retain(|consumer| consumer.reads.iter().any(|read| subscribes(&read.name)));
        let mut operations = key.operations.clone();
        operations.retain(|operation| publishes(&operation.name));
        implied.push(Channel {
            id: ChannelId(registry.channels.len() + implied.len()),
            name: key.name.clone(),
            module,
            bus: key.bus,
            pattern: key.pattern.clone(),
            message,
            operations,
            consumers,
            from_key: Some(key.id),
            docs: key.docs.clone(),
            address: key.address.clone(),
        });
    }
    registry.channels.extend(implied);
}

impl Context<'_> {
    fn key(self, entry: &Entry, faults: &mut Vec<Fault>) -> Option<Key> {
        let node = &entry.value;
        let pattern = Pattern::parse(node.get("key")?.text()?).ok()?;
        let redis_type = word(node, "type").and_then(types::by_name);
        if let (Some(redis_type), Some(parts)) = (redis_type, undeclared_part(node)) {
            let allowed = |(name, _): &(&str, _)| redis_type.parts.contains(name);
            for (name, span) in parts.into_iter().filter(|part| !allowed(part)) {
                let message = format!("a {} has no `{name}`", redis_type.name);
                let hint = format!("its parts are {}", redis_type.parts.join(", "));
                faults.push(Fault { span, message, hint: Some(hint) });
            }
        }
        let is_static = pattern.is_static();
        Some(Key {
            id: KeyId(self.registry.keys.len()),
            name: entry.name.clone(),
            module: self.module,
            bus: self.bus(node),
            redis_type,
            shape: self.shape(redis_type.map(|redis_type| redis_type.name), node, faults),
            operations: operations(node, "operations"),
            retention: retention(node),
            required: flag(node, "required").unwrap_or(is_static),
            cardinality: word(node, "cardinality").and_then(|text| count_amount(text).ok()),
            freshness: word(node, "freshness").and_then(|text| duration_amount(text).ok()),
            groups: groups(node),
            found_by: text(node, "found_by"),
            consumers: self.consumers(node, &["keys", &entry.name]),
            docs: documentation(node),
            address: address(self.tree, &["keys", &entry.name]),
            pattern,
        })
    }

    fn channel(self, entry: &Entry) -> Option<Channel> {
        let node = &entry.value;
        let mut publishing = operations(node, "operations");
        if publishing.is_empty() {
            publishing.push(Operation::new("PUBLISH", entry.name_span));
        }
        Some(Channel {
            id: ChannelId(self.registry.channels.len()),
            name: entry.name.clone(),
            module: self.module,
            bus: self.bus(node),
            pattern: Pattern::parse(node.get("channel")?.text()?).ok()?,
            message: word(node, "message").map(|name| self.value(name)),
            operations: publishing,
            consumers: self.consumers(node, &["channels", &entry.name]),
            from_key: None,
            docs: documentation(node),
            address: address(self.tree, &["channels", &entry.name]),
        })
    }

    fn bus(self, node: &Node) -> Option<crate::registry::BusId> {
        let name = word(node, "bus").unwrap_or(&self.registry.module(self.module).bus);
        self.registry.bus_named(name)
    }

    fn value(self, name: &str) -> Value {
        if let Some(scalar) = Scalar::from_word(name) {
            return Value::Scalar(scalar);
        }
        payload::find(&self.registry.payloads, Some(self.module), name)
            .map_or_else(|| Value::Unknown(name.to_owned()), Value::Payload)
    }

    fn shape(self, redis_type: Option<&str>, node: &Node, faults: &mut Vec<Fault>) -> Shape {
        let value = |name| word(node, name).map(|text| self.value(text));
        let score = || value("score").unwrap_or(Value::Scalar(Scalar::Number));
        let shape = match redis_type {
            Some("string" | "json" | "bitmap") => value("value").map(Shape::Single),
            Some("hash") => node.get("fields").map(|fields| Shape::Fields(self.fields(fields, false, faults))),
            Some("hyperloglog" | "list") => value("element").map(Shape::Elements),
            Some("set") => value("member").map(Shape::Members),
            Some("zset") => value("member").map(|member| Shape::Scored { member, score: score() }),
            Some("geo") => value("member").map(|member| Shape::Scored { member, score: score() }),
            Some("stream") => node.get("entry").map(|fields| Shape::Entries(self.fields(fields, true, faults))),
            _ => None,
        };
        shape.unwrap_or(Shape::Opaque)
    }

    fn fields(self, node: &Node, required: bool, faults: &mut Vec<Fault>) -> Vec<FieldShape> {
        let mut fields = Vec::new();
        for entry in node.entries() {
            let name = match Pattern::parse(&entry.name) {
                Ok(name) => name,
                Err(message) => {
                    faults.push(Fault { span: entry.name_span, message, hint: None });
                    continue;
                }
            };
            let node = &entry.value;
            let written = if matches!(node.kind, NodeKind::Mapping(_)) { word(node, "type") } else { node.text() };
            fields.push(FieldShape {
                value: self.value(written.unwrap_or_default()),
                purpose: text(node, "purpose"),
                required: flag(node, "required").unwrap_or(required && name.is_static()),
                operations: list(node, "operations").iter().map(|name| name.to_uppercase()).collect(),
                span: entry.name_span,
                name,
            });
        }
        fields
    }

    fn consumers(self, node: &Node, path: &[&str]) -> Vec<Consumer> {
        let read = |(at, node): (usize, &Node)| {
            let name = text(node, "name").unwrap_or_default();
            let at = at.to_string();
            let path: Vec<&str> = path.iter().copied().chain(["consumers", at.as_str()]).collect();
            Consumer {
                party: self.party(&name),
                reads: operations(node, "reads"),
                purpose: text(node, "for"),
                needs: list(node, "needs"),
                examples: list(node, "examples"),
                via: text(node, "via"),
                bus: text(node, "bus"),
                potential: flag(node, "potential").unwrap_or(false),
                address: address(self.tree, &path),
                name,
            }
        };
        items(node, "consumers").into_iter().enumerate().map(read).collect()
    }

    fn party(self, name: &str) -> Party {
        let service = || self.registry.services.iter().position(|service| service.name == name);
        match self.registry.module_named(name) {
            Some(module) => Party::Module(module),
            None => service().map_or(Party::Unknown, Party::Service),
        }
    }
}

/// The fields that describe parts, as written, with their places.
fn undeclared_part(node: &Node) -> Option<Vec<(&'static str, crate::source::Span)>> {
    let names = ["value", "fields", "element", "member", "score", "entry", "groups"];
    let written = |name: &&'static str| {
        let entry = node.entries().iter().find(|entry| entry.name == *name)?;
        Some((*name, entry.name_span))
    };
    let parts: Vec<_> = names.iter().filter_map(written).collect();
    (!parts.is_empty()).then_some(parts)
}

/// Names alone, or names with what the group of each keeps to.
fn groups(node: &Node) -> Vec<Group> {
    let none = || [const { None }; 3];
    let names =
        list(node, "groups").into_iter().map(|name| Group { name, limits: none(), required: false, about: None });
    let limited = node.get("groups").map_or(&[][..], Node::entries).iter().map(|entry| Group {
        name: entry.name.clone(),
        limits: Group::LIMITS.map(|limit| word(&entry.value, limit).and_then(|text| count_amount(text).ok())),
        required: flag(&entry.value, "required").unwrap_or(false),
        about: text(&entry.value, "about"),
    });
    if node.get("groups").is_some_and(|groups| matches!(groups.kind, NodeKind::Mapping(_))) {
        limited.collect()
    } else {
        names.collect()
    }
}

fn operations(node: &Node, name: &str) -> Vec<Operation> {
    items(node, name).into_iter().filter_map(|item| item.text().map(|text| Operation::new(text, item.span))).collect()
}

fn documentation(node: &Node) -> Documentation {
    Documentation {
        purpose: text(node, "purpose"),
        notes: text(node, "notes"),
        examples: list(node, "examples"),
        owner: text(node, "owner"),
        since: text(node, "since"),
        deprecated: node.get("deprecated").map(|node| Deprecation {
            since: text(node, "since").unwrap_or_default(),
            replacement: text(node, "replacement"),
            remove_after: text(node, "remove_after"),
        }),
    }
}

fn retention(node: &Node) -> Retention {
    let Some(node) = node.get("retention") else { return Retention::default() };
    let duration = |name| word(node, name).and_then(|text| duration_amount(text).ok());
    Retention {
        ttl: node.get("ttl").and_then(ttl),
        max_entries: word(node, "max_entries").and_then(|text| {
            let count = count_amount(text.trim_start_matches('~').trim()).ok()?;
            Some(MaxEntries { count, approximate: text.starts_with('~') })
        }),
        max_length: word(node, "max_length").and_then(|text| count_amount(text).ok()),
        max_age: duration("max_age"),
        lifecycle: match word(node, "lifecycle") {
            Some("overwritten") => Some(Lifecycle::Overwritten),
            Some("cumulative") => Some(Lifecycle::Cumulative),
            Some("pruned") => Some(Lifecycle::Pruned),
            Some("expiring") => Some(Lifecycle::Expiring),
            _ => None,
        },
    }
}

fn ttl(node: &Node) -> Option<Ttl> {
    if let Some(text) = node.text() {
        let text = text.trim();
        return match text.strip_prefix("sliding") {
            _ if text == "none" => Some(Ttl::None),
            Some(rest) => duration_amount(rest.trim()).ok().map(Ttl::Sliding),
            None => duration_amount(text).ok().map(Ttl::Fixed),
        };
    }
    let duration = |name| word(node, name).and_then(|text| duration_amount(text).ok());
    Some(Ttl::Range { min: duration("min")?, max: duration("max")? })
}
