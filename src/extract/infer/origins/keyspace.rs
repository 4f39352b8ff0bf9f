//! The keyspace of live servers.

use std::cell::Cell;

use anyhow::{Context, Result, anyhow};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use super::super::{Collector, keyspace};
use super::{KeyspaceSeen, Looking, Sieve, told};
use crate::observe::live::{self, Coverage, Scan};
use crate::observe::{Look, Seen};
use crate::server::connect::{self, Endpoint, ServerInfo, Timeouts};

/// Portions of observations that may wait.
const WAITING: usize = 4;

/// Looks at all keys of the servers that share a keyspace, read-only. `progress` is told keys scanned, and of how many.
/// Not to be called from async code.
///
/// # Errors
/// When a server cannot be reached or looked at.
pub fn look_at(
    endpoints: &[Endpoint],
    looking: &Looking,
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(u64, Option<u64>),
) -> Result<KeyspaceSeen> {
    let runtime = Runtime::new().context("cannot start to look")?;
    let mut all = KeyspaceSeen { keys_in_database: Some(0), ..KeyspaceSeen::default() };
    for endpoint in endpoints {
        let before = all.keys_scanned;
        let (seen, coverage) = node(&runtime, (endpoint, looking), collector, stop, &|here, of| {
            progress(before + here, of);
        })?;
        all.server = seen.server;
        all.values += seen.values;
        all.too_large += seen.too_large;
        all.keys_scanned += coverage.scanned;
        all.keys_in_database = all.keys_in_database.zip(coverage.in_database).map(|(all, here)| all + here);
        all.complete = coverage.complete;
        if !all.complete {
            break;
        }
    }
    Ok(all)
}

fn node(
    runtime: &Runtime,
    (endpoint, looking): (&Endpoint, &Looking),
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: &dyn Fn(u64, Option<u64>),
) -> Result<(KeyspaceSeen, Coverage)> {
    let (connection, server) = runtime.block_on(async {
        let mut connection = connect::connect_with(endpoint, Timeouts::default()).await?;
        connect::client_setup(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
        let info = ServerInfo::read(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
        anyhow::Ok((connection, info.to_string()))
    })?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let wants = keyspace::wants();
    let sieve = Sieve { glob: looking.glob.as_deref(), collector };
    let (collected, looked) = std::thread::scope(|scope| {
        let collecting = scope.spawn(move || collect(receiver, sieve));
        let claim = |name: &[u8]| Some(keyspace::claim(name));
        let look = Look { depth: looking.depth, claim: &claim, unclaimed: &|_| false, wants: &wants };
        let scan = Scan { look, pace: looking.pace, glob: looking.glob.clone() };
        let reached = Cell::new(Coverage::default());
        let looking = live::look(connection, endpoint, &scan, sender, |scanned, in_database| {
            reached.set(Coverage { in_database, scanned, complete: false });
            progress(scanned, in_database);
        });
        let looked = runtime.block_on(async {
            tokio::select! {
                looked = looking => looked,
                () = told(stop.clone()) => Ok(reached.take()),
            }
        });
        (collecting.join(), looked)
    });
    let collected =
        collected.map_err(|_| anyhow!("the collector stopped; this is a fault of keywire, please report it"))?;
    let coverage = looked.context("the keyspace could not be looked at to its end")?;
    Ok((KeyspaceSeen { server, ..collected }, coverage))
}

fn collect(mut receiver: mpsc::Receiver<Vec<Seen>>, mut out: Sieve<'_>) -> KeyspaceSeen {
    let mut keyspace = keyspace::Keyspace::default();
    while let Some(portion) = receiver.blocking_recv() {
        for seen in portion {
            if let Some((name, facts)) = keyspace.see(seen) {
                out.key(&name, facts);
            }
        }
    }
    KeyspaceSeen { values: keyspace.values, too_large: keyspace.too_large, ..KeyspaceSeen::default() }
}
