//! Keys and channels as one thing, for the rules that ask the same of both.
//!
//! A channel that a key's PUBLISH declares is not an entry of its own here: what is wrong with it is wrong with the key.

use crate::finding::Finding;
use crate::registry::{
    Address, BusId, Channel, Consumer, Documentation, FieldShape, Key, ModuleId, Operation, Param, Pattern, Registry,
    Shape, Value,
};
use crate::rule::Rule;
use crate::source::{Node, Span};

/// Something that a module declares by name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry<'a> {
    /// Data that stays.
    Key(&'a Key),
    /// A channel that is written down, or that a key implies.
    Channel(&'a Channel),
}

/// All entries that are written down, keys first.
pub(super) fn entries(registry: &Registry) -> impl Iterator<Item = Entry<'_>> {
    let channels = registry.channels.iter().filter(|channel| channel.from_key.is_none());
    registry.keys.iter().map(Entry::Key).chain(channels.map(Entry::Channel))
}

/// All rows of consumers, with their entries.
pub(super) fn consumers(registry: &Registry) -> impl Iterator<Item = (Entry<'_>, &Consumer)> {
    entries(registry).flat_map(|entry| entry.consumers().iter().map(move |consumer| (entry, consumer)))
}

impl<'a> Entry<'a> {
    /// The word for it, which is also the field that holds its pattern.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Channel(_) => "channel",
        }
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Key(key) => &key.name,
            Self::Channel(channel) => &channel.name,
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

    pub(super) fn pattern(self) -> &'a Pattern {
        match self {
            Self::Key(key) => &key.pattern,
            Self::Channel(channel) => &channel.pattern,
        }
    }

    pub(super) fn operations(self) -> &'a [Operation] {
        match self {
            Self::Key(key) => &key.operations,
            Self::Channel(channel) => &channel.operations,
        }
    }

    pub(super) fn consumers(self) -> &'a [Consumer] {
        match self {
            Self::Key(key) => &key.consumers,
            Self::Channel(channel) => &channel.consumers,
        }
    }

    pub(super) fn docs(self) -> &'a Documentation {
        match self {
            Self::Key(key) => &key.docs,
            Self::Channel(channel) => &channel.docs,
        }
    }

    pub(super) fn address(self) -> &'a Address {
        match self {
            Self::Key(key) => &key.address,
            Self::Channel(channel) => &channel.address,
        }
    }

    /// The fields of a hash or stream.
    pub(super) fn fields(self) -> &'a [FieldShape] {
        match self {
            Self::Key(Key { shape: Shape::Fields(fields) | Shape::Entries(fields), .. }) => fields,
            Self::Key(_) | Self::Channel(_) => &[],
        }
    }

    /// What its parts hold, or its messages.
    pub(super) fn values(self) -> Vec<&'a Value> {
        match self {
            Self::Key(key) => key.values().collect(),
            Self::Channel(channel) => channel.message.iter().collect(),
        }
    }

    /// The place of its pattern.
    pub(super) fn pattern_span(self, registry: &Registry) -> Span {
        registry.span(self.address(), &[self.kind()])
    }

    /// The place of its name.
    pub(super) fn name_span(self, registry: &Registry) -> Span {
        registry.name_span(self.address())
    }

    /// The texts in which people describe it, in lower case.
    pub(super) fn prose(self) -> String {
        let docs = self.docs();
        [docs.purpose.as_deref(), docs.notes.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    }

    /// A finding about it, without a place yet.
    pub(super) fn finding(self, registry: &Registry, rule: &Rule, message: impl Into<String>) -> Finding {
        match self {
            Self::Key(key) => rule.finding(message).of_key(registry, key),
            Self::Channel(channel) => rule.finding(message).of_channel(registry, channel),
        }
    }
}

/// What is written at an address, or at `path` below it.
pub(super) fn written<'a>(registry: &'a Registry, address: &Address, path: &[&str]) -> Option<&'a Node> {
    let steps = address.path.iter().map(String::as_str).chain(path.iter().copied());
    steps.into_iter().try_fold(registry.trees.get(address.tree)?, |node, name| {
        node.get(name).or_else(|| node.items().get(name.parse::<usize>().ok()?))
    })
}

/// Where a param is declared; `None` for one that is only used.
pub(super) fn param_address(param: &Param) -> Option<Address> {
    let tree = usize::try_from(param.span?.file.0).ok()?;
    Some(Address { tree, path: vec!["params".to_owned(), param.name.clone()] })
}

/// The words of a text: letters and digits, `_` counted among them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// A hint that names the word that was probably meant, or what may stand there.
pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    crate::source::closest(word, known).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
