//! What calls came to: commands on keys and channels, and what could not be told.

use crate::extract::code::evaluate::value::{Bus, Text};
use crate::extract::{Certainty, Kind, Mode};

/// One command on one key or channel, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The scope of the call.
    pub scope: usize,
    /// Its line.
    pub line: u32,
    /// Key or channel.
    pub kind: Kind,
    /// The name.
    pub name: Text,
    /// The name that the call itself has for it, where that stands for more than this.
    pub general: Option<Text>,
    /// What is known of the bus.
    pub bus: Bus,
    /// The command.
    pub command: String,
    /// What it does.
    pub mode: Mode,
    /// The type of the key in the registry's words, if the command tells.
    pub redis_type: Option<&'static str>,
    /// The TTL that it gives.
    pub ttl: Option<String>,
    /// The bound that it keeps.
    pub bound: Option<String>,
    /// The age of the oldest that it leaves.
    pub max_age: Option<String>,
    /// The configuration variables that TTL and bound name.
    pub config: Vec<Config>,
    /// The key as written.
    pub written: Option<String>,
    /// How sure it is.
    pub certainty: Certainty,
}

/// A configuration variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Config {
    /// Its name.
    pub name: String,
    /// Its type in the registry's words.
    pub kind: &'static str,
    /// Its default, if there is one.
    pub default: Option<String>,
}

/// What was found, and what could not be told.
#[derive(Debug, Default)]
pub struct Calls {
    /// Commands on keys and channels.
    pub found: Vec<Found>,
    /// Calls whose keys could not be told: scope, the call, why.
    pub unresolved: Vec<(usize, u32, String, String)>,
}
