//! Origins, read into a [`Collector`]: servers, RDB files, and traffic live, recorded or through a proxy.
//!
//! In: where they are, and what ends the reading early. Out: what was covered; what was collected until an early end
//! stands.

mod dump;
mod keyspace;
mod proxied;
mod traffic;

use serde::Serialize;

pub use dump::read_dump;
pub use keyspace::look_at;
pub use proxied::listen_at;
pub use traffic::{listen_to, read_traffic};

use super::Collector;
use super::facts::Facts;
use crate::observe::Depth;
use crate::observe::live::Pace;
use crate::registry::glob_matches;

/// How a keyspace is looked at.
#[derive(Debug, Clone)]
pub struct Looking {
    /// How much of the data.
    pub depth: Depth,
    /// How hard a server is worked.
    pub pace: Pace,
    /// Only names that fit.
    pub glob: Option<String>,
    /// The database, in a file.
    pub database: u64,
}

/// What was looked at in a keyspace.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KeyspaceSeen {
    /// The server, or the one that saved the file.
    pub server: String,
    /// Keys that were scanned.
    pub keys_scanned: u64,
    /// Keys in the database, if the server says.
    pub keys_in_database: Option<u64>,
    /// Values, fields, elements, members and entries that were looked at.
    pub values: u64,
    /// Values too large to be read.
    pub too_large: u64,
    /// Did it come to its end?
    pub complete: bool,
}

/// What was heard of traffic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TrafficSeen {
    /// Calls that named keys or channels.
    pub calls: u64,
    /// Calls of commands that are not known.
    pub unknown: u64,
    /// Calls that were missed.
    pub missed: u64,
    /// From the first call to the last.
    pub seconds: f64,
    /// What there is to say besides.
    pub notes: Vec<String>,
}

/// Only names that fit a glob.
struct Sieve<'a> {
    glob: Option<&'a str>,
    collector: &'a mut Collector,
}

impl Sieve<'_> {
    fn key(&mut self, name: &[u8], facts: Facts) {
        if self.glob.is_none_or(|glob| glob_matches(glob.as_bytes(), name)) {
            self.collector.key(name, facts);
        }
    }
}

/// Ends when told to stop.
async fn told(mut stop: tokio::sync::watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
