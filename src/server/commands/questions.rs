//! What follows from a command's description for the keys it is used on: does it write, on which types, how many keys.
//!
//! Pure questions to one [`Command`]; the overlay on expiry and size is next door, in `effects`.

use super::effects::{self, Effect, Row};
use super::model::{Command, Group, KeySpec};
use super::{Origin, all, origins};

/// The answer of [`Command::works_on`] for commands that take a key of any type, those of modules included.
pub const ANY: &[&str] = &[
    "string",
    "hash",
    "list",
    "set",
    "zset",
    "stream",
    "ReJSON-RL",
    "vectorset",
    "MBbloom--",
    "bloomfltr",
    "TSDB-TYPE",
];

/// Commands whose group does not say which types they take.
const ODD: &[(&str, &[&str])] = &[
    ("SORT", &["list", "set", "zset"]),
    ("SORT_RO", &["list", "set", "zset"]),
    // Their sources may be plain sets, whose members count with score 1.
    ("ZDIFF", &["zset", "set"]),
    ("ZDIFFSTORE", &["zset", "set"]),
    ("ZINTER", &["zset", "set"]),
    ("ZINTERCARD", &["zset", "set"]),
    ("ZINTERSTORE", &["zset", "set"]),
    ("ZUNION", &["zset", "set"]),
    ("ZUNIONSTORE", &["zset", "set"]),
];

impl Command {
    /// Whether the server gives it that flag.
    #[must_use]
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    /// Whether it may change the keyspace. PUBLISH does not; what a script does, its name does not say.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.has_flag("write")
    }

    /// Whether its reply hands out what a key holds: all read-only commands on keys, and writes such as GETDEL, LPOP
    /// and XREADGROUP.
    #[must_use]
    pub fn is_read(&self) -> bool {
        (self.has_flag("readonly") && self.keys_in_specs().next().is_some())
            || effects::row(&self.name).is_some_and(|row| row.reads)
    }

    /// Whether it reads some keys to write another, as ZRANGESTORE does.
    #[must_use]
    pub fn derives(&self) -> bool {
        let has = |writes: bool| self.key_specs.iter().any(|spec| spec.is_key() && spec.writes() == writes);
        has(true) && has(false)
    }

    /// Whether it runs code on the server, so that what it does to its keys is unknown.
    #[must_use]
    pub fn runs_code(&self) -> bool {
        self.group == Group::Scripting && self.keys_in_specs().next().is_some()
    }

    /// Whether it has subcommands and does nothing by itself.
    #[must_use]
    pub fn is_container(&self) -> bool {
        self.subcommands().next().is_some()
    }

    /// Its subcommands.
    pub fn subcommands(&self) -> impl Iterator<Item = &'static Command> {
        let from = all().partition_point(|command| command.name <= self.name);
        let inside = move |command: &&Command| {
            command.name.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with(' '))
        };
        all().get(from..).unwrap_or_default().iter().take_while(inside)
    }

    /// Whether a call of so many words, name included, can be right.
    #[must_use]
    pub fn accepts_words(&self, words: usize) -> bool {
        let least = usize::try_from(self.arity.unsigned_abs()).unwrap_or(usize::MAX);
        if self.arity < 0 { words >= least } else { words == least }
    }

    /// Who has the command.
    pub fn known_to(&self) -> impl Iterator<Item = &'static Origin> {
        origins().iter().filter(|origin| self.origins.contains(origin.letter))
    }

    /// The key specifications that are about keys, with their index.
    pub fn keys_in_specs(&self) -> impl Iterator<Item = (usize, &KeySpec)> {
        self.key_specs.iter().enumerate().filter(|(_, spec)| spec.is_key())
    }

    /// The types, as the TYPE command names them, that its keys may have; [`ANY`] if it does not matter, empty if it
    /// takes no key.
    #[must_use]
    pub fn works_on(&self) -> &'static [&'static str] {
        if self.keys_in_specs().next().is_none() {
            return &[];
        }
        if let Some((_, types)) = ODD.iter().find(|(name, _)| *name == self.name) {
            return types;
        }
        match self.group {
            Group::String | Group::Bitmap | Group::HyperLogLog => &["string"],
            Group::Hash => &["hash"],
            Group::List => &["list"],
            Group::Set => &["set"],
            Group::SortedSet | Group::Geo => &["zset"],
            Group::Stream => &["stream"],
            Group::Json => &["ReJSON-RL"],
            Group::VectorSet => &["vectorset"],
            Group::Bloom => &["MBbloom--", "bloomfltr"],
            Group::TimeSeries => &["TSDB-TYPE"],
            Group::Cluster
            | Group::Connection
            | Group::Generic
            | Group::Module
            | Group::PubSub
            | Group::Scripting
            | Group::Sentinel
            | Group::Server
            | Group::Transactions => ANY,
        }
    }

    /// Whether a key of that type, as the TYPE command names it, is right for it.
    #[must_use]
    pub fn applies_to(&self, type_name: &str) -> bool {
        let types = self.works_on();
        types == ANY || types.contains(&type_name)
    }

    /// Whether its names are channels: PUBLISH, SUBSCRIBE and their kin.
    #[must_use]
    pub fn is_channel(&self) -> bool {
        self.publishes() || self.subscribes() || self.name.ends_with("UNSUBSCRIBE")
    }

    /// Whether it sends a message to a channel.
    #[must_use]
    pub fn publishes(&self) -> bool {
        matches!(self.name.as_str(), "PUBLISH" | "SPUBLISH")
    }

    /// Whether it subscribes to channels, by name or by pattern.
    #[must_use]
    pub fn subscribes(&self) -> bool {
        matches!(self.name.as_str(), "SUBSCRIBE" | "PSUBSCRIBE" | "SSUBSCRIBE")
    }

    /// Whether one call may name several keys, which a cluster then wants in one slot.
    #[must_use]
    pub fn may_touch_several_keys(&self) -> bool {
        let mut specs = self.keys_in_specs();
        match (specs.next(), specs.next()) {
            (None, _) => false,
            (Some((_, only)), None) => only.may_be_several(),
            (Some(_), Some(_)) => true,
        }
    }

    /// What it does to the expiry and the size of the keys it writes: of the target first, then, for moves, of the
    /// source. Empty for what writes no named key.
    pub fn effects(&self) -> impl Iterator<Item = Effect> {
        effects::row(&self.name).into_iter().flat_map(|row| [Some(row.target), row.source]).flatten()
    }

    /// What it does to the keys of one of its key specifications; nothing if it only reads them.
    #[must_use]
    pub fn effect_on(&self, key_spec: usize) -> Option<Effect> {
        let row: &Row = effects::row(&self.name)?;
        self.key_specs.get(key_spec).filter(|spec| spec.writes() && spec.is_key())?;
        let first_written = self.key_specs.iter().position(|spec| spec.writes() && spec.is_key())?;
        Some(if key_spec == first_written { row.source.unwrap_or(row.target) } else { row.target })
    }
}
