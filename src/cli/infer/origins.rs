//! Reads the origins that were asked for, and shows how far it is.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use tokio::sync::watch::Receiver;

use super::super::{output, usage};
use crate::extract::infer::Collector;
use crate::extract::infer::origins::{
    KeyspaceSeen, Looking, TrafficSeen, listen_at, listen_to, look_at, read_dump, read_traffic,
};
use crate::extract::infer::traffic::{Party, Traffic};
use crate::observe::input;
use crate::observe::traffic::monitor::ClientTable;
use crate::observe::traffic::proxy::Listen;
use crate::server::connect::{Endpoint, redact};
use crate::verify::endpoints;

/// Where keys and traffic are looked at. The same for `infer` and `reconcile`.
#[derive(Debug, Args)]
pub(in crate::cli) struct OriginArgs {
    /// A live server, any node of a cluster, or Sentinels, as for `verify`
    #[arg(long, value_name = "URL", conflicts_with = "rdb")]
    pub redis: Option<String>,
    /// An RDB file in place of a server; of a cluster, one of each primary. `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub rdb: Vec<PathBuf>,
    /// A recorded MONITOR log: plain, gzip or zstd; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    pub log: Option<PathBuf>,
    /// What CLIENT LIST printed when the log was recorded: tells whose connections are whose
    #[arg(long, value_name = "FILE", requires = "log")]
    pub clients: Option<PathBuf>,
    /// Watch the server's traffic (MONITOR) for so long before its keys are looked at, such as 60s or 5m
    #[arg(long, value_name = "TIME", value_parser = super::super::watch::duration, requires = "redis")]
    pub watch: Option<Duration>,
    /// The database, of a file or a log; of a server its URL says it [default: 0 of a file, all of a log]
    #[arg(long, value_name = "NUMBER", conflicts_with = "redis")]
    pub database: Option<u32>,
}

impl OriginArgs {
    /// Is there nothing to look at?
    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.redis.is_none() && self.rdb.is_empty() && self.log.is_none()
    }
}

/// What is to be looked at, and how.
pub(in crate::cli) struct Asked<'a> {
    /// What a server is called while it is read.
    pub label: &'a str,
    pub origins: &'a OriginArgs,
    /// Where a proxy listens, and for how long.
    pub listen: Option<(&'a str, Option<Duration>)>,
    pub looking: Looking,
    pub all_are: Option<String>,
    /// Whose a client is, if a registry knows.
    pub party: Option<Party<'a>>,
}

/// The servers that a URL means.
pub(in crate::cli) fn servers(origins: &OriginArgs) -> Result<Vec<Endpoint>> {
    let Some(url) = &origins.redis else { return Ok(Vec::new()) };
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
    match (&asked.origins.log, asked.origins.watch, asked.listen) {
        (Some(log), ..) => recorded(asked, log, servers, collector, stop).map(Some),
        (None, Some(time), _) => live(asked, (servers, time), collector, stop).map(Some),
        (None, None, Some(listen)) => proxied(asked, (servers, listen), collector, stop).map(Some),
        (None, None, None) => Ok(None),
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
    } else if asked.origins.rdb.is_empty() {
        (!servers.is_empty()).then(|| server(asked, servers, collector, stop)).transpose()
    } else {
        files(asked, collector, stop).map(Some)
    }
}

fn of<'a>(asked: &Asked<'a>) -> Traffic<'a> {
    let mut traffic = Traffic::new(asked.origins.database, asked.all_are.clone());
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
    for file in &asked.origins.rdb {
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
    (servers, time): (&[Endpoint], Duration),
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let bar = output::counter("watching", "calls");
    let shown = redact(asked.origins.redis.as_deref().unwrap_or_default());
    let seen = listen_to((servers, Some(time)), of(asked), collector, stop, |calls| match calls {
        None => bar.suspend(|| output::say(&format!("watching {shown}"))),
        Some(calls) => bar.set_position(calls),
    });
    bar.finish_and_clear();
    seen
}

fn proxied(
    asked: &Asked<'_>,
    (servers, (address, until)): (&[Endpoint], (&str, Option<Duration>)),
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let [upstream] = servers else {
        return Err(usage(
            "a proxy stands before one server, and these are several: give --watch in place of --listen",
        ));
    };
    let listen: Listen = address.parse().map_err(|error| usage(format!("{error:#}")))?;
    let bar = output::counter("serving", "calls");
    let seen = listen_at((&listen, upstream, until), of(asked), collector, stop, |calls| match calls {
        Err(address) => bar.suspend(|| output::say(&format!("listening at {address}"))),
        Ok(calls) => bar.set_position(calls),
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
    let clients = match &asked.origins.clients {
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
