//! Who reads what: keys and channels as one kind of thing, and the readings of each.
//!
//! A key's PUBLISH declares a channel of the same name: a consumer that only subscribes reads that channel, not the key.

use crate::registry::{BusId, Channel, Consumer, Documentation, Key, ModuleId, Party, Pattern, Registry, Scope};
use crate::server::commands::Command;

/// A key or a channel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry<'a> {
    Key(&'a Key),
    Channel(&'a Channel),
}

/// One consumer's reading of one entry.
#[derive(Debug, Clone)]
pub(super) struct Reading<'a> {
    pub(super) entry: Entry<'a>,
    pub(super) consumer: &'a Consumer,
    /// With these commands.
    pub(super) commands: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Key(key) => &key.name,
            Self::Channel(channel) => &channel.name,
        }
    }

    pub(super) fn pattern(self) -> &'a Pattern {
        match self {
            Self::Key(key) => &key.pattern,
            Self::Channel(channel) => &channel.pattern,
        }
    }

    pub(super) fn module(self) -> ModuleId {
        match self {
            Self::Key(key) => key.module,
            Self::Channel(channel) => channel.module,
        }
    }

    pub(super) fn bus(self) -> Option<BusId> {
        match self {
            Self::Key(key) => key.bus,
            Self::Channel(channel) => channel.bus,
        }
    }

    pub(super) fn docs(self) -> &'a Documentation {
        match self {
            Self::Key(key) => &key.docs,
            Self::Channel(channel) => &channel.docs,
        }
    }

    /// The word for what it is: its Redis type, or `channel`.
    pub(super) fn kind(self) -> &'a str {
        match self {
            Self::Key(key) => key.redis_type.map_or("key", |redis_type| redis_type.name),
            Self::Channel(_) => "channel",
        }
    }

    pub(super) fn is_channel(self) -> bool {
        matches!(self, Self::Channel(_))
    }

    /// Who reads it, in the order written.
    pub(super) fn readings(self, registry: &'a Registry) -> Vec<Reading<'a>> {
        let (consumers, twin) = match self {
            Self::Key(key) => {
                (&key.consumers, registry.channels.iter().any(|channel| channel.from_key == Some(key.id)))
            }
            Self::Channel(channel) => (&channel.consumers, channel.from_key.is_some()),
        };
        let reading = |consumer: &'a Consumer| {
            let mut commands: Vec<&str> = consumer.reads.iter().map(|read| read.name.as_str()).collect();
            if twin {
                let subscribes = |name: &str| crate::server::commands::get(name).is_some_and(Command::subscribes);
                commands.retain(|name| subscribes(name) == self.is_channel());
                if commands.is_empty() && !consumer.reads.is_empty() {
                    return None;
                }
            }
            Some(Reading { entry: self, consumer, commands })
        };
        consumers.iter().filter_map(reading).collect()
    }
}

impl Reading<'_> {
    /// Is it the owner itself?
    pub(super) fn is_own(&self) -> bool {
        self.consumer.party == Party::Module(self.entry.module())
    }

    pub(super) fn scope(&self, registry: &Registry) -> Scope {
        match self.consumer.party {
            Party::Module(_) => Scope::Internal,
            Party::Service(at) => registry.services[at].scope,
            Party::Unknown => Scope::External,
        }
    }
}

/// The keys of a module, then its channels.
pub(super) fn entries(registry: &Registry, module: ModuleId) -> Vec<Entry<'_>> {
    let keys = registry.keys_of(module).map(Entry::Key);
    keys.chain(registry.channels_of(module).map(Entry::Channel)).collect()
}

/// All readings of what a module writes.
pub(super) fn readings(registry: &Registry, module: ModuleId) -> Vec<Reading<'_>> {
    entries(registry, module).into_iter().flat_map(|entry| entry.readings(registry)).collect()
}

/// All readings of all modules.
pub(super) fn all_readings(registry: &Registry) -> Vec<Reading<'_>> {
    (0..registry.modules.len()).flat_map(|at| readings(registry, ModuleId(at))).collect()
}

/// The names of those who read, each once, in order of first appearance.
pub(super) fn names<'a>(readings: &[Reading<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for reading in readings {
        if !names.contains(&reading.consumer.name.as_str()) {
            names.push(&reading.consumer.name);
        }
    }
    names
}
