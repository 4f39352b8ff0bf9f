//! Modules: the processes that own keys, and their config.

use std::collections::BTreeMap;

use super::Address;
use crate::registry::param::Param;

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
