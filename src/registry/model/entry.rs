//! Entries: keys and channels, what they hold, and who reads them.

use std::time::Duration;

use super::{Address, BusId, ChannelId, Deprecation, KeyId, ModuleId, Retention, Value};
use crate::registry::amount::Amount;
use crate::registry::pattern::Pattern;
use crate::server::commands::{self, Command};
use crate::source::Span;
use crate::types::RedisType;

/// What people are told about an entry.
#[derive(Debug, Clone, Default)]
pub struct Documentation {
    /// What it is for.
    pub purpose: Option<String>,
    /// Anything else.
    pub notes: Option<String>,
    /// Names or values of interest.
    pub examples: Vec<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Since when it exists.
    pub since: Option<String>,
    /// It is going away.
    pub deprecated: Option<Deprecation>,
}

/// A pattern with at most one Redis type.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its index.
    pub id: KeyId,
    /// Name of the entry.
    pub name: String,
    /// The module that owns it.
    pub module: ModuleId,
    /// Its bus; `None` when no bus has the name that is written (lint: unknown-bus).
    pub bus: Option<BusId>,
    /// The names it claims.
    pub pattern: Pattern,
    /// Its Redis type; `None` when not declared, or unknown (lint: unknown-type).
    pub redis_type: Option<&'static RedisType>,
    /// What its parts hold.
    pub shape: Shape,
    /// The commands with which its module writes it.
    pub operations: Vec<Operation>,
    /// How it is bounded.
    pub retention: Retention,
    /// Must it be there while its module runs?
    pub required: bool,
    /// At most so many keys.
    pub cardinality: Option<Amount<u64>>,
    /// Older than this is stale.
    pub freshness: Option<Amount<Duration>>,
    /// Consumer groups of a stream.
    pub groups: Vec<Group>,
    /// The entry whose value names the key of this pattern that is wanted, so that nobody searches for it.
    pub found_by: Option<String>,
    /// Who reads it.
    pub consumers: Vec<Consumer>,
    /// For people.
    pub docs: Documentation,
    /// Where it is declared.
    pub address: Address,
}

/// A consumer group of a stream, and what it keeps to.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// At most so many entries that it was not given, that it has not acknowledged, and consumers; see [`Group::LIMITS`].
    pub limits: [Option<Amount<u64>>; 3],
    /// Must it be there while the stream is?
    pub required: bool,
    /// What it is for.
    pub about: Option<String>,
}

impl Group {
    /// The fields of its limits, in order.
    pub const LIMITS: [&str; 3] = ["max_lag", "max_pending", "max_consumers"];
}

/// What the parts of a key hold: the neutral vocabulary that generators and checks read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Nothing is declared of the contents.
    Opaque,
    /// One value.
    Single(Value),
    /// Named fields (hash).
    Fields(Vec<FieldShape>),
    /// Ordered elements (list).
    Elements(Value),
    /// Unique members (set).
    Members(Value),
    /// Unique members with scores (zset).
    Scored {
        /// What a member is.
        member: Value,
        /// What its score is.
        score: Value,
    },
    /// Entries of named fields (stream).
    Entries(Vec<FieldShape>),
}

/// A field of a hash or of a stream entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldShape {
    /// Its name; may be a pattern.
    pub name: Pattern,
    /// What it holds.
    pub value: Value,
    /// What it is for.
    pub purpose: Option<String>,
    /// Must it be there?
    pub required: bool,
    /// Those of the key's operations that write it; empty: all that fit.
    pub operations: Vec<String>,
    /// Where it is declared.
    pub span: Span,
}

/// A Redis command by name, as written in a registry.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In upper case, subcommands after a space: `XGROUP CREATE`.
    pub name: String,
    /// The command, if there is one of this name (lint: unknown-operation).
    pub command: Option<&'static Command>,
    /// Where it is written.
    pub span: Span,
}

impl Operation {
    /// Reads a name as written.
    #[must_use]
    pub fn new(written: &str, span: Span) -> Self {
        let name = written.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase().replace('|', " ");
        Self { command: commands::get(&name), name, span }
    }
}

/// A party that reads an entry.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// Its name as written.
    pub name: String,
    /// Who that is.
    pub party: Party,
    /// The commands with which it reads.
    pub reads: Vec<Operation>,
    /// What it needs it for.
    pub purpose: Option<String>,
    /// Payload fields it relies on.
    pub needs: Vec<String>,
    /// Parts of it that read.
    pub examples: Vec<String>,
    /// How it comes to read.
    pub via: Option<String>,
    /// The bus on which it reads, as written.
    pub bus: Option<String>,
    /// Not known to read yet.
    pub potential: bool,
    /// Where it is declared.
    pub address: Address,
}

/// Who a consumer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// A module, by index.
    Module(ModuleId),
    /// A service, by index into [`Registry::services`].
    Service(usize),
    /// Nobody of that name (lint: unknown-service).
    Unknown,
}

/// A pub/sub channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its index.
    pub id: ChannelId,
    /// Name of the entry; for a channel declared by a key's PUBLISH the key's.
    pub name: String,
    /// The module that publishes.
    pub module: ModuleId,
    /// Its bus; `None` when no bus has the name that is written.
    pub bus: Option<BusId>,
    /// The names it claims.
    pub pattern: Pattern,
    /// What a message is; `None` when not declared.
    pub message: Option<Value>,
    /// How the module publishes.
    pub operations: Vec<Operation>,
    /// Who subscribes.
    pub consumers: Vec<Consumer>,
    /// The key whose PUBLISH declares it.
    pub from_key: Option<KeyId>,
    /// For people.
    pub docs: Documentation,
    /// Where it is declared.
    pub address: Address,
}
