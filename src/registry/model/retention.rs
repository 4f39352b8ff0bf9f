//! Retention: how the data of a key is bounded.

use std::time::Duration;

use crate::registry::amount::Amount;

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

impl Lifecycle {
    /// The word for it in a registry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overwritten => "overwritten",
            Self::Cumulative => "cumulative",
            Self::Pruned => "pruned",
            Self::Expiring => "expiring",
        }
    }
}
