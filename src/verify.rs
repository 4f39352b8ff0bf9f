//! The contract check of one bus: joins an origin with the judge, looks twice at what may be a moment's, and says what
//! the verdict rests on. Reading and judging overlap: one thread fetches, another judges.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use redis::aio::MultiplexedConnection;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::check::{Checker, Judge, KeyPlan, Options};
use crate::finding::Finding;
use crate::observe::live::{self, Coverage, Look, Pace};
use crate::observe::{Depth, Seen, Want};
use crate::registry::{BusId, ModuleId, Registry};
use crate::server::Flavour;
use crate::server::connect::{self, Endpoint, Mode, ServerInfo, Timeouts};

/// Portions of observations that may wait to be judged.
const WAITING: usize = 4;

/// What is to be verified, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The bus.
    pub bus: BusId,
    /// Its URL.
    pub url: String,
    /// Only this module.
    pub module: Option<ModuleId>,
    /// How much of the data.
    pub depth: Depth,
    /// How hard the server is worked.
    pub pace: Pace,
    /// Names outside what the bus owns are undeclared too.
    pub all: bool,
    /// Values of config variables other than their defaults.
    pub config: BTreeMap<String, String>,
    /// May examples hold values?
    pub show_values: bool,
}

impl Request {
    /// Everything on a bus, politely.
    #[must_use]
    pub fn new(bus: BusId, url: impl Into<String>) -> Self {
        Self {
            bus,
            url: url.into(),
            module: None,
            depth: Depth::Full,
            pace: Pace::Polite,
            all: false,
            config: BTreeMap::new(),
            show_values: false,
        }
    }
}

/// What a verdict rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Name of the bus.
    pub bus: String,
    /// Its URL, without credentials.
    pub url: String,
    /// Flavour and version of the server, as far as it says.
    pub server: String,
    /// Keys in the database, if the server says.
    pub keys_in_database: Option<u64>,
    /// Names that were scanned.
    pub keys_scanned: u64,
    /// Keys that a judged pattern claims.
    pub keys_judged: u64,
    /// Names that nobody declared.
    pub keys_undeclared: u64,
    /// Values, fields, elements, members and entries that were judged.
    pub values_judged: u64,
    /// Values too large to be read, and keys whose contents were read in part only.
    pub values_unread: u64,
    /// `keys`, `sample` or `full`.
    pub depth: &'static str,
    /// Did the scan come to its end?
    pub complete: bool,
    /// How long it took.
    pub seconds: f64,
}

/// How many keys of an entry were seen.
#[derive(Debug, Clone, Serialize)]
pub struct EntryCoverage {
    /// Name of the bus.
    pub bus: String,
    /// Name of the module.
    pub module: String,
    /// Name of the entry.
    pub entry: String,
    /// Its pattern.
    pub pattern: String,
    /// Keys seen.
    pub keys: u64,
}

/// What verifying one bus came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// Entry by entry.
    pub coverage: Vec<EntryCoverage>,
}

/// Verifies one bus. Ends early, with what was seen until then, when `stop` does. Runs a runtime of its own: not to be
/// called from async code.
///
/// # Errors
/// When the server cannot be reached or looked at, or the registry cannot be checked.
pub fn verify(
    registry: &Registry,
    request: &Request,
    stop: impl Future<Output = ()>,
    progress: impl Fn(u64, Option<u64>),
) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let started = Instant::now();
    let endpoint = connect::parse_url(&request.url)?;
    let (mut connection, info) = runtime.block_on(open(&endpoint))?;
    let options = Options {
        module: request.module,
        all: request.all,
        config: request.config.clone(),
        approximate_slack: info.nodes.stream_entries,
    };
    let checker = Checker::new(registry, request.bus, options)?;
    let wants = checker.wants();
    let (sender, receiver) = mpsc::channel(WAITING);
    let (judge, looked) = std::thread::scope(|scope| {
        let judge = scope.spawn(|| judge_all(&checker, request.show_values, receiver));
        let look = Look {
            depth: request.depth,
            pace: request.pace,
            glob: checker.glob().map(str::to_owned),
            claim: &|name| checker.claim(name),
            unclaimed: &|name| checker.is_ours(name),
            wants: &wants,
        };
        let reached = Cell::new(Coverage::default());
        let looking = live::look(connection.clone(), &endpoint, &look, sender, |scanned, in_database| {
            reached.set(Coverage { in_database, scanned, complete: false });
            progress(scanned, in_database);
        });
        let looked = runtime.block_on(async {
            tokio::select! {
                looked = looking => looked,
                () = stop => Ok(reached.take()),
            }
        });
        (judge.join(), looked)
    });
    let mut judge = judge.map_err(|_| anyhow!("the judge stopped; this is a fault of keywire, please report it"))?;
    let coverage = looked.context("the keyspace could not be looked at to its end")?;
    if coverage.complete {
        second_look(&runtime, &mut judge, &mut connection, &wants).map_err(|error| endpoint.explain(&error))?;
    }
    let verdict = judge.finish(coverage.complete);
    let bus = registry.bus(request.bus).name.clone();
    let evidence = Evidence {
        bus: bus.clone(),
        url: connect::redact(&request.url),
        server: describe(&info),
        keys_in_database: coverage.in_database,
        keys_scanned: coverage.scanned,
        keys_judged: verdict.keys,
        keys_undeclared: verdict.undeclared,
        values_judged: verdict.values,
        values_unread: verdict.unread,
        depth: request.depth.as_str(),
        complete: coverage.complete,
        seconds: round(started.elapsed()),
    };
    Ok(Outcome { coverage: entries(&checker, &bus, &verdict.seen), findings: verdict.findings, evidence })
}

/// How many keys of each judged entry were seen.
fn entries(checker: &Checker<'_>, bus: &str, seen: &[u64]) -> Vec<EntryCoverage> {
    let judged = checker.plans().iter().zip(seen).enumerate().filter(|(at, _)| checker.is_judged(*at));
    let coverage = |(_, (plan, keys)): (usize, (&KeyPlan<'_>, &u64))| EntryCoverage {
        bus: bus.to_owned(),
        module: checker.registry.module(plan.key.module).name.clone(),
        entry: plan.key.name.clone(),
        pattern: plan.key.pattern.as_str().to_owned(),
        keys: *keys,
    };
    judged.map(coverage).collect()
}

async fn open(endpoint: &Endpoint) -> Result<(MultiplexedConnection, ServerInfo)> {
    let mut connection = connect::connect_with(endpoint, Timeouts::default()).await?;
    connect::client_setup(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
    let info = ServerInfo::read(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
    match info.mode {
        Mode::Standalone => Ok((connection, info)),
        Mode::Cluster => bail!(
            "{endpoint} is a node of a cluster, and holds only a part of the keys; verify each primary by its own URL with \
             a registry whose bus is standalone, until keywire verifies clusters as a whole"
        ),
        Mode::Sentinel => bail!("{endpoint} is a Sentinel and holds no keys; give the URL of the primary"),
    }
}

fn judge_all<'c, 'r>(
    checker: &'c Checker<'r>,
    show_values: bool,
    mut receiver: mpsc::Receiver<Vec<Seen>>,
) -> Judge<'c, 'r> {
    let mut judge = Judge::new(checker, show_values);
    while let Some(portion) = receiver.blocking_recv() {
        for seen in portion {
            judge.see(seen);
        }
    }
    judge
}

fn second_look(
    runtime: &tokio::runtime::Runtime,
    judge: &mut Judge<'_, '_>,
    connection: &mut MultiplexedConnection,
    wants: &[Want],
) -> redis::RedisResult<()> {
    let suspects = judge.take_suspects();
    let keys: Vec<(Vec<u8>, Want)> =
        suspects.iter().map(|suspect| (suspect.name.clone(), wants[suspect.plan].clone())).collect();
    let headers = runtime.block_on(live::headers(connection, &keys))?;
    for (suspect, header) in suspects.into_iter().zip(headers) {
        judge.settle(suspect, header);
    }
    Ok(())
}

fn describe(info: &ServerInfo) -> String {
    let flavour = match info.flavour {
        Flavour::Redis => "Redis",
        Flavour::Valkey => "Valkey",
        Flavour::Other => "server",
    };
    info.version.map_or_else(|| flavour.to_owned(), |version| format!("{flavour} {version}"))
}

/// Seconds with three digits: more would only look exact.
fn round(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
