//! Witnesses: what code, keyspace or traffic say, as a registry of its own.

use crate::extract::draft::{Plan, compose, write};
use crate::extract::{Mode, Sighting};
use crate::registry::{LoadError, Registry, load_texts};

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

/// What one origin says.
#[derive(Debug)]
pub struct Witness {
    /// Its column.
    pub name: String,
    /// What it looks at.
    pub kind: WitnessKind,
    /// What it says, as a registry.
    pub registry: Registry,
    /// Writers besides the owners: a registry has one owner an entry. Pattern and party.
    pub writers: Vec<(String, String)>,
}

impl Witness {
    /// A witness that was written down as a registry.
    #[must_use]
    pub fn of_registry(kind: WitnessKind, name: impl Into<String>, registry: Registry) -> Self {
        Self { name: name.into(), kind, registry, writers: Vec::new() }
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
        let registry = load_texts(write(&compose(sightings, plan)))?;
        let writes = |sighting: &Sighting| {
            let pattern = sighting.pattern.clone();
            let by = sighting.accesses.iter().filter(|access| access.mode == Mode::Write && !access.module.is_empty());
            by.map(|access| (pattern.clone(), access.module.clone())).collect::<Vec<_>>()
        };
        let mut writers: Vec<(String, String)> = sightings.iter().flat_map(writes).collect();
        writers.sort();
        writers.dedup();
        Ok(Self { name: name.into(), kind, registry, writers })
    }
}
