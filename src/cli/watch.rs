//! `keywire watch`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use clap::Args;

use super::load::Loaded;
use super::traffic::{Seen, TrafficArgs, judge};
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output, usage};
use crate::coverage::Coverage;
use crate::observe::input;
use crate::observe::traffic::monitor::ClientTable;
use crate::registry::BusId;
use crate::server::connect::redact;
use crate::watch::{Outcome, Progress, Request, Server, judge_log, watch_servers};

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire watch --until 60s                                   every bus, at its own URL, for a minute
  keywire watch --bus market-redis --redis redis://10.0.0.5:6379/0
  keywire watch --module spot_worker --until 5m --fail-on-coverage-below 100
  keywire watch --file monitor.log.zst --clients clients.txt  what `redis-cli MONITOR` and `CLIENT LIST` printed
  redis-cli MONITOR | keywire watch --file -                  from a pipe, until it ends or Ctrl-C

Who is who: a connection that calls itself like a module (CLIENT SETNAME), or logs in as an ACL user of that name, is that
module; `clients:` in the module's file says otherwise, and --as says it for all connections.

MONITOR costs a busy server up to half of its throughput. keywire never keeps it waiting: what it is too slow to judge it
leaves out, and says how much. A user needs these rights:
  ACL SETUSER keywire on >PASSWORD +monitor +ping +info +client|list +client|setname +client|no-evict +dbsize")]
pub(super) struct WatchArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    traffic: TrafficArgs,
    /// URL of the server, in place of the bus's own
    #[arg(long, value_name = "URL", conflicts_with = "file")]
    redis: Option<String>,
    /// A recorded MONITOR log in place of a server: plain, gzip or zstd; `-` is standard input
    #[arg(long, value_name = "LOG")]
    file: Option<PathBuf>,
    /// What CLIENT LIST printed when the log was recorded: tells whose connections are whose
    #[arg(long, value_name = "FILE", requires = "file")]
    clients: Option<PathBuf>,
    /// The keyspace was empty when the log begins: a key that was never written is not there
    #[arg(long, requires = "file")]
    from_empty: bool,
    /// How long to watch, such as 30s or 5m; without it until Ctrl-C
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "file")]
    until: Option<std::time::Duration>,
    #[command(flatten)]
    report: ReportArgs,
}

/// A duration as in the registry.
pub(super) fn duration(text: &str) -> Result<std::time::Duration, String> {
    crate::registry::duration(text)
}

pub(super) fn run(args: &WatchArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "watch", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    args.traffic.demands.check(&loaded.registry)?;
    let interrupted = interrupt::watch()?;
    let outcomes = match &args.file {
        Some(file) => vec![recorded(args, &loaded, file, &interrupted)?],
        None => live(args, &loaded, &interrupted)?,
    };
    let verdict = conclude(args, &loaded, outcomes)?;
    // A live server is watched until Ctrl-C, unless told otherwise: then it is the ordinary end.
    let cut_off = args.file.is_some() || args.until.is_some();
    verdict.interrupted(cut_off && *interrupted.borrow()).write(&loaded.registry.sources, &args.report)
}

fn recorded(
    args: &WatchArgs,
    loaded: &Loaded,
    file: &Path,
    interrupted: &tokio::sync::watch::Receiver<bool>,
) -> Result<Outcome> {
    let buses = args.traffic.buses(&loaded.registry)?;
    let [bus] = buses[..] else {
        let names = load::bus_names(&loaded.registry, &buses);
        return Err(usage(format!("a log is of one server, and there are {names}; name one with --bus")));
    };
    let shown = if file == Path::new(input::STANDARD_INPUT) { "standard input".into() } else { file.to_string_lossy() };
    let mut request = args.traffic.request(&loaded.registry, bus, shown.into_owned())?;
    request.options.from_empty = args.from_empty;
    let clients = match &args.clients {
        Some(file) => {
            let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            ClientTable::parse(&text).with_context(|| format!("{} is no CLIENT LIST", file.display()))?
        }
        None => ClientTable::default(),
    };
    let input = input::open(file)?;
    let (read, size) = (input.read.clone(), input.size);
    let bar = output::bytes_bar(&loaded.registry.bus(bus).name, size);
    let stop = interrupt::flag(interrupted.clone());
    let outcome = judge_log(&loaded.registry, &request, (input, clients), &stop, |_| {
        bar.set_position(read.load(Ordering::Relaxed));
    });
    bar.finish_and_clear();
    outcome
}

fn live(args: &WatchArgs, loaded: &Loaded, interrupted: &tokio::sync::watch::Receiver<bool>) -> Result<Vec<Outcome>> {
    let registry = &loaded.registry;
    let buses = args.traffic.buses(registry)?;
    if args.redis.is_some() && buses.len() > 1 {
        let names = load::bus_names(registry, &buses);
        return Err(usage(format!("--redis is one server, and there are {names}; name one with --bus")));
    }
    let server = |bus: &BusId| {
        let url = load::url(registry, *bus, args.redis.as_deref())?;
        Ok(Server { request: args.traffic.request(registry, *bus, redact(&url))?, url })
    };
    let servers = buses.iter().map(server).collect::<Result<Vec<_>>>()?;
    let calls: Vec<AtomicU64> = servers.iter().map(|_| AtomicU64::new(0)).collect();
    let bar = output::counter("watching", "calls");
    let outcomes = watch_servers(registry, &servers, args.until, interrupted, |progress| match progress {
        Progress::Began(at) => {
            let Request { bus, source, .. } = &servers[at].request;
            bar.suspend(|| output::say(&format!("watching {} at {source}", registry.bus(*bus).name)));
        }
        Progress::Judged(at, count) => {
            calls[at].store(count, Ordering::Relaxed);
            bar.set_position(calls.iter().map(|calls| calls.load(Ordering::Relaxed)).sum());
        }
    });
    bar.finish_and_clear();
    outcomes
}

fn conclude(args: &WatchArgs, loaded: &Loaded, outcomes: Vec<Outcome>) -> Result<Verdict> {
    let mut seen = Seen {
        command: "watch",
        findings: Vec::new(),
        traffic: Vec::new(),
        coverage: Coverage::default(),
        more: BTreeMap::new(),
        closing: Vec::new(),
        incomplete: false,
        failed: false,
    };
    for outcome in outcomes {
        seen.findings.extend(outcome.findings);
        seen.traffic.push(outcome.evidence);
        seen.coverage = seen.coverage.merge(outcome.coverage);
    }
    judge(&args.traffic, output::level(&args.report.fail_on), loaded, seen)
}
