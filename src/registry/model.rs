//! What a registry means: the immutable model that lint, generators and checks read. Made by `resolve`.
//!
//! References that resolve are ids; those that do not stay names, so that lint can speak of all of them at once.

use std::collections::BTreeMap;
use std::time::Duration;

use super::amount::Amount;
use super::param::Param;
use super::pattern::Pattern;
use crate::server::commands::{self, Command};
use crate::source::{Node, Sources, Span};
use crate::types::RedisType;

/// Index of a bus in [`Registry::buses`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusId(pub usize);
/// Index of a module in [`Registry::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub usize);
/// Index of a key in [`Registry::keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub usize);
/// Index of a channel in [`Registry::channels`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(pub usize);
/// Index of a payload in [`Registry::payloads`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayloadId(pub usize);

/// A whole registry: the folder as it was read, and what it means.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Name of the system.
    pub name: String,
    /// What the system is.
    pub about: Option<String>,
    /// The Redis deployments.
    pub buses: Vec<Bus>,
    /// Parties that only consume.
    pub services: Vec<Service>,
    /// Processes that own keys, in the order of their files.
    pub modules: Vec<Module>,
    /// All keys of all modules, module by module in the order written.
    pub keys: Vec<Key>,
    /// All channels, declared ones and those that a key's PUBLISH declares.
    pub channels: Vec<Channel>,
    /// All payloads, those of `registry.yaml` first.
    pub payloads: Vec<Payload>,
    /// The files, for places.
    pub sources: Sources,
    /// The files as trees, in the order of `sources`.
    pub trees: Vec<Node>,
}

/// Where something is declared: a file and the names that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Index into [`Registry::trees`].
    pub tree: usize,
    /// Names from the root, such as `keys`, `spot_latest`.
    pub path: Vec<String>,
}

/// One Redis deployment.
#[derive(Debug, Clone)]
pub struct Bus {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: Option<String>,
    /// Environment variable with its URL.
    pub env: Option<String>,
    /// URL when that is not set.
    pub default: Option<String>,
    /// Globs of the names that are keywire's business. Empty: nothing but what the patterns claim.
    pub owns: Vec<String>,
    /// How it is built.
    pub topology: Topology,
    /// Where the URL stands in a config file.
    pub config_path: Option<String>,
    /// Where it is declared.
    pub address: Address,
}

/// How a deployment is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topology {
    /// One server, perhaps with replicas.
    Standalone,
    /// Servers watched by Sentinel.
    Sentinel,
    /// Keys live in slots.
    Cluster,
}

/// A party that only consumes.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it does.
    pub role: Option<String>,
    /// The name of the bus it is connected to, if only one.
    pub bus: Option<String>,
    /// Its group in the connectivity graph.
    pub scope: Scope,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Anything else.
    pub notes: Option<String>,
    /// Where it is declared.
    pub address: Address,
}

/// Group of a party in the connectivity graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Part of the system; modules are always.
    Internal,
    /// Another system.
    External,
    /// People and tools that watch or debug.
    Admin,
}

/// A process that owns keys.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What it does.
    pub role: Option<String>,
    /// Its program or source file.
    pub source: Option<String>,
    /// The name of its bus, as written.
    pub bus: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Anything else.
    pub notes: Option<String>,
    /// Since when it exists.
    pub since: Option<String>,
    /// Are the writes of one batch one MULTI/EXEC?
    pub atomic: bool,
    /// Globs of client names that are this module; empty: its own name.
    pub client_names: Vec<String>,
    /// ACL users that are this module; empty: its own name.
    pub client_users: Vec<String>,
    /// Its config variables, those of `registry.yaml` included.
    pub config: Vec<ConfigVariable>,
    /// Its params by name, those of `registry.yaml` included.
    pub params: BTreeMap<String, Param>,
    /// What happens in operation.
    pub scenarios: Vec<Scenario>,
    /// The pipeline it is part of.
    pub flow: Vec<Stage>,
    /// Where it is declared.
    pub address: Address,
}

/// A variable that a module reads from its environment.
#[derive(Debug, Clone)]
pub struct ConfigVariable {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ConfigKind,
    /// Its value when not set, by the shape of `kind`.
    pub default: Option<serde_json::Value>,
    /// What it decides.
    pub about: Option<String>,
    /// The smallest allowed value.
    pub min: Option<f64>,
    /// The largest allowed value.
    pub max: Option<f64>,
    /// Never printed, never with a default.
    pub secret: bool,
    /// May stay unset even without a default.
    pub optional: bool,
    /// Where it is declared.
    pub address: Address,
}

/// What a config variable holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigKind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A decimal number.
    Number,
    /// true or false.
    Boolean,
    /// Words separated by commas.
    List,
    /// A time in seconds.
    Seconds,
    /// A time in milliseconds.
    Milliseconds,
    /// A URL.
    Url,
    /// A path in the file system.
    Path,
    /// One of these words.
    Enum(Vec<String>),
}

/// What a key, element, member, field or message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// JSON of a payload.
    Payload(PayloadId),
    /// A name that is neither (lint: unknown-payload).
    Unknown(String),
}

/// The scalar value types. Their meaning stands in `format::SCALARS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named as in the registry, explained in format::SCALARS")]
pub enum Scalar {
    Integer,
    Number,
    Boolean,
    Text,
    Bytes,
    Json,
    DateTime,
    EpochS,
    EpochMs,
    EpochUs,
    EpochNs,
}

impl Scalar {
    /// All, in the order of `format::SCALARS`.
    pub const ALL: [Self; 11] = [
        Self::Integer,
        Self::Number,
        Self::Boolean,
        Self::Text,
        Self::Bytes,
        Self::Json,
        Self::DateTime,
        Self::EpochS,
        Self::EpochMs,
        Self::EpochUs,
        Self::EpochNs,
    ];

    /// The word for it in a registry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Json => "json",
            Self::DateTime => "date-time",
            Self::EpochS => "epoch_s",
            Self::EpochMs => "epoch_ms",
            Self::EpochUs => "epoch_us",
            Self::EpochNs => "epoch_ns",
        }
    }

    /// Milliseconds in one unit of a point in time; `None` for what is not a number of time units.
    #[must_use]
    pub fn unit_ms(self) -> Option<f64> {
        match self {
            Self::EpochS => Some(1000.0),
            Self::EpochMs => Some(1.0),
            Self::EpochUs => Some(1e-3),
            Self::EpochNs => Some(1e-6),
            Self::Integer | Self::Number | Self::Boolean | Self::Text | Self::Bytes | Self::Json | Self::DateTime => {
                None
            }
        }
    }

    /// The scalar of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.as_str() == word)
    }
}

/// A JSON value described by a JSON Schema.
#[derive(Debug, Clone)]
pub struct Payload {
    /// Its name.
    pub name: String,
    /// The module that declares it; `None` for those of `registry.yaml`.
    pub module: Option<ModuleId>,
    /// The schema as written, references to other payloads as `#/$defs/NAME`.
    pub schema: serde_json::Value,
    /// Payloads it refers to, directly or through others, by the name it uses.
    pub references: Vec<(String, PayloadId)>,
    /// Where it is declared.
    pub address: Address,
}

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

/// It is going away.
#[derive(Debug, Clone)]
pub struct Deprecation {
    /// Version or date.
    pub since: String,
    /// What to use instead.
    pub replacement: Option<String>,
    /// Date after which it may be removed.
    pub remove_after: Option<String>,
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
    pub groups: Vec<String>,
    /// Who reads it.
    pub consumers: Vec<Consumer>,
    /// For people.
    pub docs: Documentation,
    /// Where it is declared.
    pub address: Address,
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

/// How the data of a key is bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention {
    /// Time to live.
    pub ttl: Option<Ttl>,
    /// At most so many elements.
    pub max_entries: Option<MaxEntries>,
    /// At most so many bytes.
    pub max_length: Option<Amount<u64>>,
    /// Elements older than this are removed.
    pub max_age: Option<Amount<Duration>>,
    /// What becomes of old data.
    pub lifecycle: Option<Lifecycle>,
}

/// Time to live of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ttl {
    /// Never expires.
    None,
    /// Set once, by the write.
    Fixed(Amount<Duration>),
    /// A write sets some TTL in this range.
    Range {
        /// The shortest.
        min: Amount<Duration>,
        /// The longest.
        max: Amount<Duration>,
    },
    /// Set anew by each write.
    Sliding(Amount<Duration>),
}

/// A bound on the number of elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxEntries {
    /// How many.
    pub count: Amount<u64>,
    /// May trimming leave somewhat more (`XADD MAXLEN ~`)?
    pub approximate: bool,
}

/// What becomes of old data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// Each write replaces the last.
    Overwritten,
    /// It grows or counts on purpose.
    Cumulative,
    /// Writers remove old elements.
    Pruned,
    /// The server removes it when its TTL runs out.
    Expiring,
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

/// A condition in operation, and what it does to the keys.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What happens.
    pub condition: String,
    /// What it does to the keys.
    pub impact: String,
    /// What the module does about it.
    pub handling: String,
    /// What a person does about it.
    pub action: String,
}

/// One stage of the pipeline.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What it does with the data.
    pub example: Option<String>,
}
