//! What the generated code does, as plain data: the methods that write and read each entry, and the words they send.
//!
//! A registry in, [`WriteMethod`]s and [`ReadMethod`]s out. Emitters turn them into Rust, docs quote them, contract tests
//! make values for their arguments; none of these decides what is sent.

mod bounds;
mod fields;
mod generic;
mod reads;
mod signature;
mod text;
mod writes;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::registry::{Amount, BusId, ChannelId, KeyId, MaxEntries, ModuleId, Pattern, Registry, Scalar, Value};

pub(in crate::generate::rust) use reads::entry_name;
pub use reads::reads;
pub use writes::writes;

/// What a method writes or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryId {
    /// A key.
    Key(KeyId),
    /// A channel.
    Channel(ChannelId),
}

impl EntryId {
    /// The name of the entry in the registry.
    #[must_use]
    pub fn name(self, registry: &Registry) -> &str {
        match self {
            Self::Key(id) => &registry.key(id).name,
            Self::Channel(id) => &registry.channels[id.0].name,
        }
    }

    /// The names that it claims.
    #[must_use]
    pub fn pattern(self, registry: &Registry) -> &Pattern {
        match self {
            Self::Key(id) => &registry.key(id).pattern,
            Self::Channel(id) => &registry.channels[id.0].pattern,
        }
    }

    /// Its bus; `None` when no bus has the name that is written.
    #[must_use]
    pub fn bus(self, registry: &Registry) -> Option<BusId> {
        match self {
            Self::Key(id) => registry.key(id).bus,
            Self::Channel(id) => registry.channels[id.0].bus,
        }
    }

    /// The module that writes it.
    #[must_use]
    pub fn module(self, registry: &Registry) -> ModuleId {
        match self {
            Self::Key(id) => registry.key(id).module,
            Self::Channel(id) => registry.channels[id.0].module,
        }
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(self, registry: &Registry) -> Option<&str> {
        match self {
            Self::Key(id) => registry.key(id).docs.purpose.as_deref(),
            Self::Channel(id) => registry.channels[id.0].docs.purpose.as_deref(),
        }
    }
}

/// An argument of a method, behind the params of the entry's pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Snake case.
    pub name: String,
    /// What it takes.
    pub kind: ArgumentKind,
}

/// What an argument takes. In a contract's JSON: the payload or scalar itself, numbers, text; TTLs and other times as
/// seconds (whole or fractional); words and identifiers as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A value of the entry.
    Value(Value),
    /// A value that may be left out (a stream's field that is not required).
    OptionalValue(Value),
    /// The score of a member.
    Score(Value),
    /// The value of this param, which stands in a field's name.
    Param(String),
    /// A whole number with sign: a delta, an index.
    Integer,
    /// A whole number from 0: an offset, a size.
    Count,
    /// A decimal number.
    Number,
    /// Yes or no.
    Flag,
    /// A word, such as a group's name.
    Text,
    /// Words, such as the identifiers of entries.
    Texts,
    /// A bound of scores, inclusive or exclusive.
    Bound,
    /// A time to live, within the range when there is one.
    Ttl(Option<(Amount<Duration>, Amount<Duration>)>),
    /// At most so many answers, if given (reads only).
    Limit,
    /// Wait for so long (reads only).
    Wait,
    /// Wait for so long, if given (reads only).
    OptionalWait,
    /// One name per value of the pattern's params, for reads of many keys at once (reads only).
    Names,
    /// Any words, as they go over the wire.
    Raw,
}

/// One word, or a few that belong together, of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Stands so in every call.
    Literal(String),
    /// The key or channel.
    Key,
    /// The argument of this index.
    Argument(usize),
    /// A field's name; its params are arguments of kind [`ArgumentKind::Param`].
    Field(Pattern),
    /// A field's name and its value, unless the argument of this index is left out.
    OptionalField(Pattern, usize),
    /// `EX seconds` or `PX milliseconds`.
    Expiry(Time),
    /// Seconds, rounded up.
    Seconds(Time),
    /// Milliseconds.
    Milliseconds(Time),
    /// A bound N.
    Count(Amount<u64>),
    /// The highest rank to go when N stay: -(N+1).
    Rank(Amount<u64>),
    /// The last index when the first N stay: N-1.
    LastIndex(Amount<u64>),
    /// The first index when the last N stay: -N.
    FirstIndex(Amount<u64>),
    /// Everything older than this, seen from the score that is written: `(score-age`.
    Before {
        /// Index of the argument with the score.
        score: usize,
        /// What stays.
        age: Amount<Duration>,
        /// What the score is.
        unit: Scalar,
    },
    /// The milliseconds since 1970 of now, less this.
    Since(Amount<Duration>),
    /// All words of the argument of this index.
    Rest(usize),
}

/// Where a time to live comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Time {
    /// The retention.
    Retention(Amount<Duration>),
    /// The argument of this index.
    Argument(usize),
}

/// One command as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireCommand {
    /// The words, the command's name first.
    pub words: Vec<Word>,
}

/// What a write does besides, so that the entry stays within its retention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followers {
    /// It trims to so many elements.
    pub max_entries: Option<MaxEntries>,
    /// It removes what is older.
    pub max_age: Option<Amount<Duration>>,
    /// It sees to the key's time to live.
    pub expiry: Option<Expiry>,
}

/// How a write sees to a key's time to live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// How long.
    pub time: Time,
    /// Is it set only when there is none?
    pub once: bool,
}

/// A method of the generated `Batch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteMethod {
    /// `{entry}_{command}`, for hashes with the field; snake case, unique in the module.
    pub name: String,
    /// What it writes.
    pub entry: EntryId,
    /// The declared operation.
    pub command: String,
    /// Params of the entry's pattern, in order: the first arguments.
    pub params: Vec<String>,
    /// The other arguments.
    pub arguments: Vec<Argument>,
    /// What it does besides.
    pub followers: Followers,
    /// What it sends, in order.
    pub commands: Vec<WireCommand>,
}

impl WriteMethod {
    /// What it sends, for people: `ZADD massive:model:spot:{symbol}:trail <score> <SpotPrice>`.
    #[must_use]
    pub fn wire(&self, registry: &Registry) -> Vec<String> {
        let scene = text::Scene { registry, key: self.entry.pattern(registry), arguments: &self.arguments };
        self.commands.iter().map(|command| scene.command(&command.words)).collect()
    }
}

/// A function of the generated readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadMethod {
    /// `{entry}_{command}`, for fields with the field; snake case, unique in the module.
    pub name: String,
    /// What it reads.
    pub entry: EntryId,
    /// The command among a consumer's reads.
    pub command: String,
    /// Params of the entry's pattern, in order: the first arguments.
    pub params: Vec<String>,
    /// The other arguments.
    pub arguments: Vec<Argument>,
    /// What it sends.
    pub sent: WireCommand,
    /// What it gives.
    pub reply: Reply,
}

impl ReadMethod {
    /// What it sends, for people.
    #[must_use]
    pub fn wire(&self, registry: &Registry) -> String {
        text::Scene { registry, key: self.entry.pattern(registry), arguments: &self.arguments }
            .command(&self.sent.words)
    }
}

/// What a reader gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A value, if there is one.
    Optional(Value),
    /// For each name a value, if there is one.
    PerKey(Value),
    /// Values.
    Many(Value),
    /// A value that came out of a key within the time, if there was one.
    Popped(Value),
    /// Members with their scores.
    Scored {
        /// What a member is.
        member: Value,
        /// What its score is.
        score: Value,
    },
    /// The score of a member, if it is one.
    OptionalScore(Value),
    /// A hash's fields, as a struct, if it exists.
    Fields,
    /// The same, asked for by name.
    NamedFields,
    /// A stream's entries.
    Entries,
    /// A stream's entries, as XREAD gives them: by stream.
    EntriesByStream,
    /// How many.
    Count,
    /// A rank, if there is one.
    OptionalCount,
    /// A number with sign, such as a TTL.
    Integer,
    /// Yes or no.
    Flag,
    /// Words.
    Texts,
    /// Messages of a channel. The reader subscribes; what a message is stands here.
    Subscription(Option<Value>),
    /// Whatever the server answers.
    Raw,
}

/// Makes names unique by numbers, in order of appearance; reserved are none.
fn unique(taken: &mut BTreeSet<String>, wanted: String) -> String {
    let mut name = wanted.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// The value of an entry's only part; what is not declared is bytes.
fn single(shape: &crate::registry::Shape) -> Value {
    use crate::registry::Shape;
    match shape {
        Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) | Shape::Scored { member: value, .. } => {
            known(value)
        }
        Shape::Opaque | Shape::Fields(_) | Shape::Entries(_) => Value::Scalar(Scalar::Bytes),
    }
}

/// The value, or bytes when its name is unknown (lint speaks of that).
fn known(value: &Value) -> Value {
    match value {
        Value::Scalar(_) | Value::Payload(_) => value.clone(),
        Value::Unknown(_) => Value::Scalar(Scalar::Bytes),
    }
}

/// The score of a sorted set; a decimal number when not declared.
fn score(shape: &crate::registry::Shape) -> Value {
    match shape {
        crate::registry::Shape::Scored { score, .. } => known(score),
        _ => Value::Scalar(Scalar::Number),
    }
}
