//! Does the traffic keep the contract? Calls in, findings and coverage out. Synchronous and pure, like the judge of keys,
//! whose rules it shares: it does not know whether calls come from MONITOR, a recorded log or a proxy.

mod channels;
mod desk;
mod elements;
mod gate;
mod histories;
mod judge;
mod ledger;
mod life;
mod living;
mod parties;
mod parts;
mod repetitions;
mod settle;
mod strays;

pub use gate::Gate;
pub use judge::Judge;
pub use parties::{Caller, named as party_named, of_client as party_of};

use crate::coverage::EntryCoverage;
use crate::finding::{Finding, Moments};
use crate::registry::Party;

/// How traffic is judged.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only calls of this party are judged.
    pub only: Option<Party>,
    /// All connections are this party's, whatever they call themselves.
    pub all_are: Option<Party>,
    /// The database that is the bus; calls to others are counted, and not judged. `None`: all are.
    pub database: Option<u32>,
    /// Was the keyspace empty when the traffic began? Then a key that was never written is known not to be there.
    pub from_empty: bool,
    /// Does the origin show the calls of scripts? If not, a script's keys cannot be judged.
    pub shows_scripts: bool,
    /// The same read more often than this, in a second and by one connection, is a hot loop.
    pub hot_loop: u64,
    /// May examples hold values?
    pub show_values: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: None,
            all_are: None,
            database: None,
            from_empty: false,
            shows_scripts: true,
            hot_loop: 100,
            show_values: false,
        }
    }
}

/// What was judged, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that were overheard.
    pub calls: u64,
    /// Calls on keys and channels by parties whose verdict this is.
    pub judged: u64,
    /// Calls on keys and channels by clients that are nobody of the registry.
    pub unattributed: u64,
    /// Calls to other databases.
    pub elsewhere: u64,
    /// Calls that were answered with an error, as far as that is known.
    pub failed: u64,
    /// Calls of scripts' keys that could not be judged, because the origin does not show what scripts do.
    pub scripts: u64,
    /// Calls with names or values that were too long to be judged.
    pub unread: u64,
    /// Calls that are known to be missing.
    pub missed: u64,
    /// First and last moment, in microseconds since 1970.
    pub moments: Option<Moments>,
    /// Why calls are missing, and when.
    pub gaps: Vec<String>,
}

/// What judging came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What was seen, entry by entry.
    pub coverage: Vec<EntryCoverage>,
    /// In numbers.
    pub counts: Counts,
    /// The parties that called.
    pub parties: Vec<Party>,
}

#[cfg(test)]
mod tests;
