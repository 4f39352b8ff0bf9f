//! Reads the origins that were asked for, and shows how far it is.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use tokio::sync::watch::Receiver;

use super::super::output;
use crate::extract::infer::Collector;
use crate::extract::infer::origins::{KeyspaceSeen, Looking, TrafficSeen, listen_to, look_at, read_dump, read_traffic};
use crate::extract::infer::traffic::{Party, Traffic};
use crate::observe::input;
use crate::observe::traffic::monitor::ClientTable;
use crate::server::connect::{Endpoint, redact};
use crate::verify::endpoints;

/// What is to be looked at, and how.
pub(in crate::cli) struct Asked<'a> {
    /// What a server is called while it is read.
    pub label: &'a str,
    /// Its URL, for people.
    pub redis: Option<&'a str>,
    pub rdb: &'a [PathBuf],
    pub log: Option<&'a Path>,
    pub clients: Option<&'a Path>,
    pub watch: Option<std::time::Duration>,
    pub looking: Looking,
    /// The database of a log.
    pub database: Option<u32>,
    pub all_are: Option<String>,
    /// Whose a client is, if a registry knows.
    pub party: Option<Party<'a>>,
}

/// The servers that a URL means.
pub(in crate::cli) fn servers(url: Option<&str>) -> Result<Vec<Endpoint>> {
    let Some(url) = url else { return Ok(Vec::new()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(endpoints(url))
}

/// Reads the traffic that was asked for.
pub(in crate::cli) fn traffic(
    asked: &Asked<'_>,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<Option<TrafficSeen>> {
    match (asked.log, asked.watch) {
        (Some(log), _) => recorded(asked, log, servers, collector, stop).map(Some),
        (None, Some(time)) => live(asked, (servers, time), collector, stop).map(Some),
        (None, None) => Ok(None),
    }
}

/// Reads the keys of servers or of files, if these were asked for.
pub(in crate::cli) fn keyspace(
    asked: &Asked<'_>,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<Option<KeyspaceSeen>> {
    if *stop.borrow() {
        Ok(None)
    } else if asked.rdb.is_empty() {
        (!servers.is_empty()).then(|| server(asked, servers, collector, stop)).transpose()
    } else {
        files(asked, collector, stop).map(Some)
    }
}

fn of<'a>(asked: &Asked<'a>) -> Traffic<'a> {
    let mut traffic = Traffic::new(asked.database, asked.all_are.clone());
    traffic.known = asked.party;
    traffic
}

fn server(
    asked: &Asked<'_>,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<KeyspaceSeen> {
    let bar = output::progress(asked.label);
    let seen = look_at(servers, &asked.looking, collector, stop, |done, of| {
        bar.set_length(of.unwrap_or(done).max(done));
        bar.set_position(done);
    });
    bar.finish_and_clear();
    seen
}

fn files(asked: &Asked<'_>, collector: &mut Collector, stop: &Receiver<bool>) -> Result<KeyspaceSeen> {
    let mut all = KeyspaceSeen { keys_in_database: Some(0), ..KeyspaceSeen::default() };
    for file in asked.rdb {
        let bar = output::progress_bytes(&file.display().to_string());
        let seen = read_dump(file, &asked.looking, collector, stop, |done, of| {
            bar.set_length(of.unwrap_or(done).max(done));
            bar.set_position(done);
        });
        bar.finish_and_clear();
        let seen = seen?;
        all.server = seen.server;
        all.keys_scanned += seen.keys_scanned;
        all.keys_in_database = all.keys_in_database.zip(seen.keys_in_database).map(|(all, here)| all + here);
        all.values += seen.values;
        all.too_large += seen.too_large;
        all.complete = seen.complete;
        if !seen.complete {
            break;
        }
    }
    Ok(all)
}

fn live(
    asked: &Asked<'_>,
    (servers, time): (&[Endpoint], std::time::Duration),
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let bar = output::counter("watching", "calls");
    let shown = redact(asked.redis.unwrap_or_default());
    let seen = listen_to((servers, Some(time)), of(asked), collector, stop, |calls| match calls {
        None => bar.suspend(|| output::say(&format!("watching {shown}"))),
        Some(calls) => bar.set_position(calls),
    });
    bar.finish_and_clear();
    seen
}

fn recorded(
    asked: &Asked<'_>,
    log: &Path,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let clients = match asked.clients {
        Some(file) => {
            let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            ClientTable::parse(&text).with_context(|| format!("{} is no CLIENT LIST", file.display()))?
        }
        None => ClientTable::default(),
    };
    let input = input::open(log)?;
    let (read, size) = (input.read.clone(), input.size);
    let bar = output::bytes_bar("log", size);
    let mut traffic = of(asked);
    if let Some(server) = servers.first() {
        traffic.database = Some(server.database());
    }
    let seen = read_traffic((input, clients), traffic, collector, stop, |_| {
        bar.set_position(read.load(Ordering::Relaxed));
    });
    bar.finish_and_clear();
    seen
}
