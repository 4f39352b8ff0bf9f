//! Reads the origins that were asked for, and shows how far it is.

use std::path::Path;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use tokio::sync::watch::Receiver;

use super::super::{output, usage};
use super::InferArgs;
use crate::extract::infer::Collector;
use crate::extract::infer::origins::{
    KeyspaceSeen, Looking, TrafficSeen, listen_at, listen_to, look_at, read_dump, read_traffic,
};
use crate::extract::infer::traffic::Traffic;
use crate::observe::input;
use crate::observe::traffic::monitor::ClientTable;
use crate::observe::traffic::proxy::Listen;
use crate::server::connect::{Endpoint, redact};
use crate::verify::endpoints;

/// What was covered.
pub(super) struct Seen {
    pub keyspace: Option<KeyspaceSeen>,
    pub traffic: Option<TrafficSeen>,
}

pub(super) fn read(args: &InferArgs, collector: &mut Collector, stop: &Receiver<bool>) -> Result<Seen> {
    let servers = match &args.redis {
        Some(url) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(endpoints(url))?
        }
        None => Vec::new(),
    };
    let traffic = match (&args.log, args.watch, &args.listen) {
        (Some(log), ..) => Some(recorded(args, log, &servers, collector, stop)?),
        (None, Some(time), _) => Some(live(args, (&servers, time), collector, stop)?),
        (None, None, Some(address)) => Some(proxied(args, (&servers, address), collector, stop)?),
        (None, None, None) => None,
    };
    let keyspace = if *stop.borrow() {
        None
    } else if args.rdb.is_empty() {
        (!servers.is_empty()).then(|| server(args, &servers, collector, stop)).transpose()?
    } else {
        Some(files(args, collector, stop)?)
    };
    Ok(Seen { keyspace, traffic })
}

fn of(args: &InferArgs) -> Traffic {
    Traffic::new(args.database, args.all_are.clone())
}

fn looking(args: &InferArgs) -> Looking {
    let database = u64::from(args.database.unwrap_or(0));
    Looking { depth: args.depth(), pace: args.pace(), glob: args.glob.clone(), database }
}

fn server(
    args: &InferArgs,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<KeyspaceSeen> {
    let bar = output::progress(&args.bus);
    let seen = look_at(servers, &looking(args), collector, stop, |done, of| {
        bar.set_length(of.unwrap_or(done).max(done));
        bar.set_position(done);
    });
    bar.finish_and_clear();
    seen
}

fn files(args: &InferArgs, collector: &mut Collector, stop: &Receiver<bool>) -> Result<KeyspaceSeen> {
    let mut all = KeyspaceSeen { keys_in_database: Some(0), ..KeyspaceSeen::default() };
    for file in &args.rdb {
        let bar = output::progress_bytes(&file.display().to_string());
        let seen = read_dump(file, &looking(args), collector, stop, |done, of| {
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
    args: &InferArgs,
    (servers, time): (&[Endpoint], std::time::Duration),
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let bar = output::counter("watching", "calls");
    let shown = redact(args.redis.as_deref().unwrap_or_default());
    let seen = listen_to((servers, Some(time)), of(args), collector, stop, |calls| match calls {
        None => bar.suspend(|| output::say(&format!("watching {shown}"))),
        Some(calls) => bar.set_position(calls),
    });
    bar.finish_and_clear();
    seen
}

fn proxied(
    args: &InferArgs,
    (servers, address): (&[Endpoint], &str),
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
    let seen = listen_at((&listen, upstream, args.until), of(args), collector, stop, |calls| match calls {
        Err(address) => bar.suspend(|| output::say(&format!("listening at {address}"))),
        Ok(calls) => bar.set_position(calls),
    });
    bar.finish_and_clear();
    seen
}

fn recorded(
    args: &InferArgs,
    log: &Path,
    servers: &[Endpoint],
    collector: &mut Collector,
    stop: &Receiver<bool>,
) -> Result<TrafficSeen> {
    let clients = match &args.clients {
        Some(file) => {
            let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            ClientTable::parse(&text).with_context(|| format!("{} is no CLIENT LIST", file.display()))?
        }
        None => ClientTable::default(),
    };
    let input = input::open(log)?;
    let (read, size) = (input.read.clone(), input.size);
    let bar = output::bytes_bar("log", size);
    let mut traffic = of(args);
    if let Some(server) = servers.first() {
        traffic.database = Some(server.database());
    }
    let seen = read_traffic((input, clients), traffic, collector, stop, |_| {
        bar.set_position(read.load(Ordering::Relaxed));
    });
    bar.finish_and_clear();
    seen
}
