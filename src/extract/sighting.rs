//! What an origin knows of one key or channel: who does what to it, and what it holds. The same for all origins.

use std::path::PathBuf;

use serde::Serialize;

use super::draft::Node;
use crate::server::commands::{self, Command, effects};
use crate::types;

/// One key or channel, as one origin knows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sighting {
    /// Key or channel.
    pub kind: Kind,
    /// The names it stands for, in the registry's notation: `user:{id}:cart`, braces doubled where they are literal.
    pub pattern: String,
    /// The bus, by name, where that is known.
    pub bus: Option<String>,
    /// Its Redis type in the registry's words (see [`crate::types`]), where that is known.
    pub redis_type: Option<&'static str>,
    /// Who does what to it.
    pub accesses: Vec<Access>,
    /// Params of the pattern with what is known of their values: the fields of a param of the registry format.
    pub params: Vec<(String, Node)>,
    /// What else is known, as fields of a key or channel of the registry format, in its order: `value`, `fields`,
    /// `retention`, `cardinality`, ... These win over what follows from `accesses`.
    pub fields: Vec<(&'static str, Node)>,
    /// Payloads that `fields` name, each a JSON Schema.
    pub payloads: Vec<(String, Node)>,
    /// What the sighting as a whole rests on, a line each: `1,204 keys, 3 sampled values`.
    pub evidence: Vec<String>,
}

/// The type of the keys that a command is for, in the registry's words; of generic commands none.
#[must_use]
pub fn redis_type(command: &Command) -> Option<&'static str> {
    types::by_group(command.group.as_str()).map(|redis_type| redis_type.name)
}

/// Whether a name is that of a key or of a pub/sub channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A key of the keyspace.
    #[default]
    Key,
    /// A pub/sub channel.
    Channel,
}

/// What one party does to a key or channel with one command at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Access {
    /// Who: a module's or service's name; empty where nobody can tell.
    pub module: String,
    /// Where in the source code; nowhere for traffic.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The Redis command in upper case, subcommands after a space.
    pub command: String,
    /// What it does, in one word.
    pub mode: Mode,
    /// The TTL that it gives, in the registry's words: `300s`, `none`, `{CACHE_TTL_SEC}`; none where it says nothing.
    pub ttl: Option<String>,
    /// The bound that it keeps, in the registry's words: `300`, `~100000`, `{MAXLEN}`.
    pub bound: Option<String>,
    /// The age of the oldest that it leaves, in the registry's words: `3600s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<String>,
    /// The expression that made the key, as written.
    pub key_expr: Option<String>,
    /// How sure the origin is.
    pub certainty: Certainty,
    /// Calls that were seen, for traffic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<u64>,
}

impl Access {
    /// Does it take what others put there, or keep a reader's place, as readers of queues and streams do?
    #[must_use]
    pub fn is_taking(&self) -> bool {
        self.mode == Mode::Write && commands::get(&self.command).is_some_and(takes)
    }

    /// Is it something that a reader does?
    #[must_use]
    pub fn is_reading(&self) -> bool {
        matches!(self.mode, Mode::Read | Mode::Subscribe) || self.is_taking()
    }
}

fn takes(command: &Command) -> bool {
    use effects::Size;
    let effects: Vec<effects::Effect> = command.effects().collect();
    let keeps_place =
        command.group == commands::Group::Stream && effects.iter().all(|effect| effect.size == Size::Neutral);
    let hands_out =
        command.is_read() && !effects.iter().any(|effect| matches!(effect.size, Size::Replaces | Size::Grows));
    let pops = command.is_read() && effects.iter().any(|effect| effect.size == Size::Shrinks);
    keeps_place || hands_out || pops
}

/// What an access does, in one word. A command that does several is told by the weightiest: one that writes and reads, by `write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Reads what the key holds, or only what it is.
    Read,
    /// Writes the key.
    Write,
    /// Sends a message to the channel.
    Publish,
    /// Listens on the channel.
    Subscribe,
    /// Removes the key.
    Delete,
    /// Sets or takes away its time to live, and nothing else.
    Expire,
}

/// How sure an origin is of an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// It was seen, or follows without a guess.
    Certain,
    /// One of several possible values, a default that configuration may replace, or a client told by its name alone.
    Likely,
    /// A guess.
    Possible,
}

/// A line of a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The file, as given by the user.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u32,
}

/// Something that an origin could not understand. Reported, never dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unresolved {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The text in question, cut to a line.
    pub text: String,
    /// Why, and what a person can do.
    pub why: String,
}
