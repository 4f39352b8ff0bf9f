//! Witnesses: what code, keyspace or traffic say, as a registry of its own.

use std::collections::{BTreeSet, HashMap};

use crate::extract::draft::{Plan, compose, write};
use crate::extract::{Draft, Kind, Mode, Sighting};
use crate::registry::{LoadError, Pattern, Registry, load_texts};

/// What a witness looks at, and so what it can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WitnessKind {
    /// Source code: who does what, and not what is there.
    Code,
    /// A keyspace: what is there, and not who does what.
    Keyspace,
    /// Traffic: who did what while somebody looked.
    Traffic,
    /// A document: what somebody once wrote.
    Document,
}

impl WitnessKind {
    /// All, in the order of columns.
    pub const ALL: [Self; 4] = [Self::Code, Self::Keyspace, Self::Traffic, Self::Document];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Keyspace => "keyspace",
            Self::Traffic => "traffic",
            Self::Document => "document",
        }
    }

    /// Does it see who writes and who reads?
    #[must_use]
    pub fn knows_parties(self) -> bool {
        !matches!(self, Self::Keyspace)
    }

    /// Does it see channels?
    #[must_use]
    pub fn knows_channels(self) -> bool {
        !matches!(self, Self::Keyspace)
    }

    /// Does it see what is left of a TTL, or what is kept just now, and not what was meant?
    #[must_use]
    pub fn sees_remains(self) -> bool {
        matches!(self, Self::Keyspace)
    }
}

/// A party of which only the deeds are known: a client without a name.
pub const UNNAMED: &str = "?";

/// Who writes and reads the names of one pattern, as an origin saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// Parties that write, [`UNNAMED`] among them.
    pub writers: BTreeSet<String>,
    /// Parties that read, take elements or listen, [`UNNAMED`] among them.
    pub readers: BTreeSet<String>,
}

/// The names of a pattern: key or channel, its shape, and the bus where the origin tells it.
pub type Names = (Kind, String, Option<String>);

/// What one origin says.
#[derive(Debug)]
pub struct Witness {
    /// Its column.
    pub name: String,
    /// What it looks at.
    pub kind: WitnessKind,
    /// What it says, as a registry.
    pub registry: Registry,
    /// Who does what with each pattern, where that was seen just now: a registry has one owner an
    /// entry, and says one even where nobody is known to write. `None` for a registry that was written down.
    pub who: Option<HashMap<Names, Who>>,
    /// Places that it could not understand.
    pub unresolved: usize,
}

impl Witness {
    /// A witness that was written down as a registry.
    #[must_use]
    pub fn of_registry(kind: WitnessKind, name: impl Into<String>, registry: Registry) -> Self {
        Self { name: name.into(), kind, registry, who: None, unresolved: 0 }
    }

    /// A witness of what an origin saw just now.
    ///
    /// # Errors
    /// When what it saw makes no registry, which is a fault of the origin.
    pub fn of_sightings(
        kind: WitnessKind,
        name: impl Into<String>,
        sightings: &[Sighting],
        plan: &Plan,
    ) -> Result<Self, LoadError> {
        Self::of_draft(kind, name, &compose(sightings, plan), sightings)
    }

    /// The same, of a draft that was made of the sightings already.
    ///
    /// # Errors
    /// When the draft is no registry, which is a fault of who made it.
    pub fn of_draft(
        kind: WitnessKind,
        name: impl Into<String>,
        draft: &Draft,
        sightings: &[Sighting],
    ) -> Result<Self, LoadError> {
        let registry = load_texts(write(draft))?;
        let mut who: HashMap<Names, Who> = HashMap::new();
        for sighting in sightings {
            let Ok(pattern) = Pattern::parse(&sighting.pattern) else { continue };
            let of = who.entry((sighting.kind, pattern.shape(), sighting.bus.clone())).or_default();
            for access in &sighting.accesses {
                let party = if access.module.is_empty() { UNNAMED.to_owned() } else { access.module.clone() };
                if access.is_reading() {
                    of.readers.insert(party);
                } else if matches!(access.mode, Mode::Write | Mode::Publish) {
                    of.writers.insert(party);
                }
            }
        }
        Ok(Self { name: name.into(), kind, registry, who: Some(who), unresolved: draft.unresolved.len() })
    }
}
