//! What `keywire ci` does: the revision to compare with, the keyspaces to look at, and the program of each module.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};

use crate::registry::duration;

/// What `keywire ci` does, besides lint and generate.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CiSettings {
    /// The git revision that changes are compared with. Without it: the base of the pull request, else the default branch.
    pub against: Option<String>,
    /// The keyspaces that are looked at.
    #[serde(default)]
    pub verify: Verify,
}

/// Which keyspaces `ci` looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Verify {
    /// Those of the buses whose variable is set in the environment.
    #[default]
    WhereSet,
    /// None.
    Never,
    /// Those of all buses, at their variable or their default.
    Always,
    /// Those of these buses.
    Buses(Vec<String>),
}

impl<'de> Deserialize<'de> for Verify {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "true, false, or a list of buses")]
        enum Written {
            Word(bool),
            Buses(Vec<String>),
        }
        Ok(match Written::deserialize(input)? {
            Written::Word(true) => Self::Always,
            Written::Word(false) => Self::Never,
            Written::Buses(buses) => Self::Buses(buses),
        })
    }
}

/// What `keywire ci` runs of a module.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleSettings {
    /// Its program under contract: a line for `sh`, or a list of words.
    pub run: Command,
    /// Asks it to stop after this long; without it, it ends by itself.
    #[serde(default, deserialize_with = "optional_duration")]
    pub until: Option<Duration>,
    /// Fails if less than this share of what is declared was seen, in percent.
    #[serde(default)]
    pub coverage: f64,
    /// Variables for it, besides those of the environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Does the program run other modules too? Then its connections are told apart by their names.
    #[serde(default)]
    pub shared: bool,
}

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a line for `sh`, or a list of words")]
pub enum Command {
    /// A line that `sh` reads.
    Line(String),
    /// Program and arguments.
    Words(Vec<String>),
}

impl Command {
    /// Program and arguments.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Line(line) => ["sh", "-c", line].map(str::to_owned).to_vec(),
            Self::Words(words) => words.clone(),
        }
    }
}

fn optional_duration<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Duration>, D::Error> {
    duration(&String::deserialize(input)?).map(Some).map_err(D::Error::custom)
}
