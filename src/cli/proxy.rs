//! `keywire proxy`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;

use super::load::Loaded;
use super::traffic::{Seen, TrafficArgs, report};
use super::watch::duration;
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output, usage};
use crate::check::Checker;
use crate::check::traffic::Gate as Contract;
use crate::observe::traffic::proxy::{Gate, Listen};
use crate::registry::{BusId, Registry};
use crate::server::connect::{parse_url, redact};
use crate::watch::{Proxied, Request, start};

/// Arguments of `proxy`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire proxy --listen 127.0.0.1:7000 --upstream redis://127.0.0.1:6379/0
  keywire proxy --listen 127.0.0.1:7000 --upstream redis://127.0.0.1:6379/0 --as spot_worker --enforce
  keywire proxy --listen 127.0.0.1:7001=vigil --listen 127.0.0.1:7002=vexy --upstream redis://127.0.0.1:6379/0
  keywire proxy --listen /run/keywire.sock --upstream unix:///run/redis.sock --until 10m --format json

Point the clients to the address it listens at. Bytes pass untouched; the report is written at the end (Ctrl-C, SIGTERM or
--until). With --enforce, a call that breaks the contract by itself is answered with -KEYWIRE and the rule, and never
reaches the server; what only later calls can mend, such as a trim that must follow, is reported and not refused.")]
pub(super) struct ProxyArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    traffic: TrafficArgs,
    /// Where clients connect: IP:PORT, redis://IP:PORT, or the path of a socket; with =MODULE, all who connect there are
    /// that module; may be given several times
    #[arg(long, value_name = "ADDRESS[=MODULE]", required = true)]
    listen: Vec<String>,
    /// URL of the server, in place of the bus's own; its credentials are used for all clients
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// Refuse calls that break the contract
    #[arg(long)]
    enforce: bool,
    /// See what scripts do, by MONITOR on the server: it costs the server up to half of its throughput
    #[arg(long)]
    monitor_scripts: bool,
    /// How long to serve, such as 10m; without it until Ctrl-C
    #[arg(long, value_name = "TIME", value_parser = duration)]
    until: Option<Duration>,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &ProxyArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "proxy", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    args.traffic.demands.check(&loaded.registry)?;
    let buses = args.traffic.buses(&loaded.registry)?;
    let [bus] = buses[..] else {
        let names = load::bus_names(&loaded.registry, &buses);
        return Err(usage(format!("a proxy is for one bus, and there are {names}; name one with --bus")));
    };
    serve(args, &loaded, bus)
}

fn serve(args: &ProxyArgs, loaded: &Loaded, bus: BusId) -> Result<Exit> {
    let registry = &loaded.registry;
    let url = load::url(registry, bus, args.upstream.as_deref())?;
    let upstream = parse_url(&url).map_err(|error| usage(format!("{error:#}")))?;
    let mut request = args.traffic.request(registry, bus, redact(&url))?;
    request.options.database = Some(upstream.database());
    let listen = args.listen.iter().map(|text| listener(registry, text)).collect::<Result<Vec<_>>>()?;
    let gate = if args.enforce { Some(gate(loaded, &request)?) } else { None };
    let interrupted = interrupt::watch()?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start to serve")?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let proxied = Proxied { request, upstream, listen, gate, monitor_scripts: args.monitor_scripts };
    let running = runtime.block_on(start(proxied, stopped))?;
    for address in &running.addresses {
        output::say(&format!("listening at {address}"));
    }
    let until = args.until;
    runtime.spawn(async move {
        let time = async {
            match until {
                Some(until) => tokio::time::sleep(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = time => {}
            () = interrupt::told(interrupted) => {}
        }
        stop.send_replace(true);
    });
    let bar = output::counter("serving", "calls");
    let judged = running.judge(runtime.handle(), registry, |calls| bar.set_position(calls));
    bar.finish_and_clear();
    let (outcome, summary) = judged?;
    let seen = Seen {
        command: "proxy",
        findings: outcome.findings,
        traffic: vec![outcome.evidence],
        coverage: outcome.coverage,
        more: BTreeMap::from([("connections", json!(summary.connections)), ("calls_refused", json!(summary.refused))]),
        closing: Vec::new(),
        incomplete: false,
        failed: false,
    };
    report(&args.traffic, &args.report, loaded, seen)
}

/// `ADDRESS`, or `ADDRESS=MODULE`.
fn listener(registry: &Registry, text: &str) -> Result<(Listen, Option<String>)> {
    let (address, module) = match text.rsplit_once('=') {
        Some((address, module)) => (address, Some(module.to_owned())),
        None => (text, None),
    };
    if let Some(name) = &module {
        load::party(registry, name)?;
    }
    Ok((address.parse().map_err(|error| usage(format!("{error:#}")))?, module))
}

/// What refuses calls. It is asked from all connections at once, for as long as the process lives, and so is what it
/// borrows from.
fn gate(loaded: &Loaded, request: &Request) -> Result<Gate> {
    let registry = Box::leak(Box::new(loaded.registry.clone()));
    let checker = Box::leak(Box::new(Checker::new(registry, request.bus, request.check_options())?));
    let contract = Contract::new(checker, request.options.clone())?;
    let settings = loaded.settings.clone();
    Ok(Arc::new(move |call| contract.refusal(call, |finding| settings.level(finding))))
}
