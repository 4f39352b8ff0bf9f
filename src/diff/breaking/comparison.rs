//! Two registries side by side: which entry of one is which of the other.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Place, Side};
use crate::diff::schema::{SchemaChange, schema_changes};
use crate::finding::Level;
use crate::registry::{
    Address, BusId, Channel, Consumer, Documentation, Key, ModuleId, Pattern, Promise, Registry, Value, today,
};

/// Two registries, entry by entry.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// As it was.
    pub old: &'a Registry,
    /// As it is.
    pub new: &'a Registry,
    /// Keys that are in both.
    pub keys: Vec<(&'a Key, &'a Key)>,
    /// Keys that are gone.
    pub gone_keys: Vec<&'a Key>,
    /// Channels that are in both; those of a key's PUBLISH too.
    pub channels: Vec<(&'a Channel, &'a Channel)>,
    /// Channels that are gone.
    pub gone_channels: Vec<&'a Channel>,
    /// Values whose payload has changed, wherever they are used.
    pub uses: Vec<Use<'a>>,
}

/// A value of an entry whose schema has changed.
#[derive(Debug)]
pub struct Use<'a> {
    /// Where it is told of: the entry, and the field that names the payload.
    pub at: Place,
    /// The payload's name.
    pub payload: String,
    /// Who reads the entry, as it was declared.
    pub consumers: &'a [Consumer],
    /// Who reads it, as it is declared.
    pub new_consumers: &'a [Consumer],
    /// What has changed.
    pub changes: Vec<SchemaChange>,
}

/// The date until which an entry was promised to stay, if that is not over.
pub(super) fn promised(docs: &Documentation) -> Option<Date> {
    match docs.deprecated.as_ref()?.promise(today()) {
        Promise::Until(date) => Some(date),
        _ => None,
    }
}

/// How much less than a rule it weighs that an entry is gone, if that was announced for a day that is over.
pub(super) fn weight_of_removal(docs: &Documentation) -> Option<Level> {
    let is_over = matches!(docs.deprecated.as_ref()?.promise(today()), Promise::Over(_));
    is_over.then_some(Level::Info)
}

impl<'a> Comparison<'a> {
    /// Puts two registries side by side: an entry is known by its module and name, else by its pattern and bus, else by a name
    /// that only one of each has.
    #[must_use]
    pub fn new(old: &'a Registry, new: &'a Registry) -> Self {
        let names =
            |registry: &'a Registry, module: ModuleId, name: &'a str, bus: Option<BusId>, pattern: &'a Pattern| {
                Identity {
                    module: &registry.module(module).name,
                    name,
                    bus: bus.map(|bus| registry.bus(bus).name.as_str()),
                    pattern: pattern.as_str(),
                }
            };
        let key = |registry: &'a Registry, key: &'a Key| names(registry, key.module, &key.name, key.bus, &key.pattern);
        let channel = |registry: &'a Registry, channel: &'a Channel| {
            names(registry, channel.module, &channel.name, channel.bus, &channel.pattern)
        };
        let (keys, gone_keys) = pair(
            old.keys.iter().map(|entry| (key(old, entry), entry)).collect(),
            new.keys.iter().map(|entry| (key(new, entry), entry)).collect(),
        );
        let (channels, gone_channels) = pair(
            old.channels.iter().map(|entry| (channel(old, entry), entry)).collect(),
            new.channels.iter().map(|entry| (channel(new, entry), entry)).collect(),
        );
        let mut comparison = Self { old, new, keys, gone_keys, channels, gone_channels, uses: Vec::new() };
        comparison.uses = comparison.changed_payloads();
        comparison
    }

    /// Where a key stands now.
    #[must_use]
    pub fn at_key(&self, key: &Key, path: &[&str]) -> Place {
        place((self.new, Side::New), (key.module, key.bus), (&key.name, &key.pattern), &key.address, path)
    }

    /// Where a key stood.
    #[must_use]
    pub fn at_gone_key(&self, key: &Key) -> Place {
        place((self.old, Side::Old), (key.module, key.bus), (&key.name, &key.pattern), &key.address, &[])
    }

    /// Where a channel stands now.
    #[must_use]
    pub fn at_channel(&self, channel: &Channel, path: &[&str]) -> Place {
        place(
            (self.new, Side::New),
            (channel.module, channel.bus),
            (&channel.name, &channel.pattern),
            &channel.address,
            path,
        )
    }

    /// Where a channel stood.
    #[must_use]
    pub fn at_gone_channel(&self, channel: &Channel) -> Place {
        place(
            (self.old, Side::Old),
            (channel.module, channel.bus),
            (&channel.name, &channel.pattern),
            &channel.address,
            &[],
        )
    }

    fn changed_payloads(&self) -> Vec<Use<'a>> {
        let mut uses = Vec::new();
        for (old, new) in &self.keys {
            let after = new.named_values();
            for (field, before) in old.named_values() {
                let Some((_, after)) = after.iter().find(|(name, _)| *name == field) else { continue };
                if let Some((payload, changes)) = self.changed(before, after) {
                    let at = self.at_key(new, &field.split('.').collect::<Vec<_>>());
                    let (consumers, new_consumers) = (&old.consumers[..], &new.consumers[..]);
                    uses.push(Use { at, payload, consumers, new_consumers, changes });
                }
            }
        }
        for (old, new) in self.channels.iter().filter(|(_, new)| new.from_key.is_none()) {
            if let (Some(before), Some(after)) = (&old.message, &new.message)
                && let Some((payload, changes)) = self.changed(before, after)
            {
                let at = self.at_channel(new, &["message"]);
                let (consumers, new_consumers) = (&old.consumers[..], &new.consumers[..]);
                uses.push(Use { at, payload, consumers, new_consumers, changes });
            }
        }
        uses
    }

    fn changed(&self, before: &Value, after: &Value) -> Option<(String, Vec<SchemaChange>)> {
        let (Value::Payload(before), Value::Payload(after)) = (before, after) else { return None };
        let (old, new): (Json, Json) = (self.old.bundled_schema(*before), self.new.bundled_schema(*after));
        let changes = schema_changes(&old, &new);
        (!changes.is_empty()).then(|| (self.new.payload(*after).name.clone(), changes))
    }
}

fn place(
    (registry, side): (&Registry, Side),
    (module, bus): (ModuleId, Option<BusId>),
    (name, pattern): (&str, &Pattern),
    address: &Address,
    path: &[&str],
) -> Place {
    Place {
        bus: bus.map(|bus| registry.bus(bus).name.clone()),
        module: Some(registry.module(module).name.clone()),
        entry: Some(name.to_owned()),
        pattern: Some(pattern.as_str().to_owned()),
        address: (side, address.clone()),
        path: path.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// What an entry is known by.
#[derive(Debug, Clone, Copy)]
struct Identity<'a> {
    module: &'a str,
    name: &'a str,
    bus: Option<&'a str>,
    pattern: &'a str,
}

type Pairs<'a, T> = (Vec<(&'a T, &'a T)>, Vec<&'a T>);

fn pair<'a, T>(mut old: Vec<(Identity<'a>, &'a T)>, mut new: Vec<(Identity<'a>, &'a T)>) -> Pairs<'a, T> {
    let sure = |a: &Identity<'_>, b: &Identity<'_>| (a.module, a.name) == (b.module, b.name);
    let claims = |a: &Identity<'_>, b: &Identity<'_>| (a.bus, a.pattern) == (b.bus, b.pattern);
    let called = |a: &Identity<'_>, b: &Identity<'_>| a.name == b.name;
    let mut pairs = Vec::new();
    for same in [&sure as &dyn Fn(&Identity<'_>, &Identity<'_>) -> bool, &claims, &called] {
        old.retain(|(was, before)| match new.iter().position(|(is, _)| same(was, is)) {
            Some(at) => {
                pairs.push((*before, new.remove(at).1));
                false
            }
            None => true,
        });
    }
    (pairs, old.into_iter().map(|(_, before)| before).collect())
}

/// The parties that read by this declaration, those that may come to read it left out.
pub(super) fn readers(consumers: &[Consumer]) -> Vec<String> {
    let mut names: Vec<String> = consumers.iter().filter(|consumer| !consumer.potential).map(label).collect();
    names.sort();
    names.dedup();
    names
}

/// A consumer with the parts of it that read: `model_builders (GexModelBuilder)`.
pub(super) fn label(consumer: &Consumer) -> String {
    if consumer.examples.is_empty() {
        return consumer.name.clone();
    }
    format!("{} ({})", consumer.name, consumer.examples.join(", "))
}
