//! The keyspace of RDB files.

use std::cell::Cell;
use std::path::Path;
use std::pin::pin;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use tokio::sync::watch;

use super::super::{Collector, keyspace};
use super::{KeyspaceSeen, Looking, Sieve, told};
use crate::observe::ahead::Ahead;
use crate::observe::rdb::{Coverage, Dump};
use crate::observe::{Look, input};

/// Reads the keys of an RDB file; `-` is standard input. `progress` is told bytes read, and of how many. Not to be called
/// from async code.
///
/// # Errors
/// When the file cannot be read, is damaged or cut off, with the place.
pub fn read_dump(
    file: &Path,
    looking: &Looking,
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(u64, Option<u64>),
) -> Result<KeyspaceSeen> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let input = input::open(file)?;
    let (read, size) = (input.read.clone(), input.size);
    let stopped = Cell::new(false);
    let told = pin!(told(stop.clone()));
    let ahead = Ahead::start(input.reader, &runtime, told, &stopped)?;
    let dump = match Dump::open(ahead) {
        Ok(dump) => dump,
        // What looks like the end of the file is the end of our patience.
        Err(_) if stopped.get() => return Ok(KeyspaceSeen::default()),
        Err(error) => return Err(error.context(format!("cannot read {}", file.display()))),
    };
    let server = dump.server().to_owned();
    let mut keyspace = keyspace::Keyspace::default();
    let mut out = Sieve { glob: looking.glob.as_deref(), collector };
    let wants = keyspace::wants();
    let claim = |name: &[u8]| Some(keyspace::claim(name));
    let look = Look { depth: looking.depth, claim: &claim, unclaimed: &|_| false, wants: &wants };
    let mut coverage = Coverage::default();
    let looked = dump.look(
        &look,
        looking.database,
        &mut |portion| {
            for seen in portion {
                if let Some((name, facts)) = keyspace.see(seen) {
                    out.key(&name, facts);
                }
            }
            progress(read.load(Ordering::Relaxed), size);
            true
        },
        &mut coverage,
    );
    if !stopped.get() {
        looked.with_context(|| format!("{} could not be read to its end", file.display()))?;
    }
    Ok(KeyspaceSeen {
        server,
        keys_scanned: coverage.scanned,
        keys_in_database: coverage.in_database,
        values: keyspace.values,
        too_large: keyspace.too_large,
        complete: coverage.complete,
    })
}
