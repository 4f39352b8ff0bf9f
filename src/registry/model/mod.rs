//! What a registry means: the immutable model that lint, generators and checks read. Made by `resolve`.
//!
//! References that resolve are ids; those that do not stay names, so that lint can speak of all of them at once.

mod deprecation;
mod entry;
mod module;
mod retention;
mod value;

pub use deprecation::{Deprecation, Promise, today};
pub use entry::{Channel, Consumer, Documentation, FieldShape, Group, Key, Operation, Party, Shape};
pub use module::{ConfigKind, ConfigVariable, Module, Scenario, Stage};
pub use retention::{Lifecycle, MaxEntries, Retention, Ttl};
pub use value::{Payload, Scalar, Value};

use crate::source::{Node, Sources};

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
