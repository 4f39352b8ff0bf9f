//! The contract check of one bus: joins an origin with the judge, looks twice at what may be a moment's, and says what
//! the verdict rests on. Reading and judging overlap: one thread fetches, another judges.

mod deployment;
mod dump;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use redis::aio::MultiplexedConnection;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::check::{Checker, Judge, KeyPlan, Options};
use crate::coverage::EntryCoverage;
use crate::finding::Finding;
use crate::observe::live::{self, Coverage, Pace, Scan};
use crate::observe::{Depth, Look, Seen, Want};
use crate::registry::{BusId, ModuleId, Registry};
use crate::server::connect::{self, Endpoint};
use deployment::{Deployment, Node};
pub use dump::verify_dumps;

/// Portions of observations that may wait to be judged.
const WAITING: usize = 4;

/// What is to be verified, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The bus.
    pub bus: BusId,
    /// Its URL: of a server, of any node of a cluster, or of Sentinels.
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
    /// Its URL, without credentials, or the files that were read instead.
    pub url: String,
    /// Flavour and version of the server, as far as it says, and how it is deployed unless it stands alone. Of a file, those
    /// of the server that saved it.
    pub server: String,
    /// Keys in the database, over all primaries of a cluster, if the servers say.
    pub keys_in_database: Option<u64>,
    /// Keys in other databases of the files that were read; `None` for servers, which are asked for one database.
    pub keys_elsewhere: Option<u64>,
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
    /// Did the scan come to its end, in all slots of a cluster?
    pub complete: bool,
    /// How long it took.
    pub seconds: f64,
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
    let deployment = runtime.block_on(Deployment::open(&request.url))?;
    let options = Options {
        module: request.module,
        all: request.all,
        config: request.config.clone(),
        approximate_slack: deployment.slack,
    };
    let checker = Checker::new(registry, request.bus, options)?;
    let run = Run { runtime, request, checker: &checker, wants: checker.wants() };
    let mut judge = Judge::new(&checker, request.show_values);
    let mut stop = pin!(stop);
    let mut complete = true;
    let mut scanned = 0;
    for node in &deployment.nodes {
        let coverage;
        (judge, coverage) =
            run.look_at(node, judge, stop.as_mut(), &|here| progress(scanned + here, deployment.keys))?;
        scanned += coverage.scanned;
        complete = coverage.complete;
        if !complete {
            break;
        }
    }
    complete = complete && run.runtime.block_on(deployment.is_whole())?;
    let verdict = judge.finish(complete);
    let bus = registry.bus(request.bus).name.clone();
    let evidence = Evidence {
        bus: bus.clone(),
        url: connect::redact(&request.url),
        server: deployment.server,
        keys_in_database: deployment.keys,
        keys_elsewhere: None,
        keys_scanned: scanned,
        keys_judged: verdict.keys,
        keys_undeclared: verdict.undeclared,
        values_judged: verdict.values,
        values_unread: verdict.unread,
        depth: request.depth.as_str(),
        complete,
        seconds: round(started.elapsed()),
    };
    Ok(Outcome { coverage: entries(&checker, &bus, &verdict.seen), findings: verdict.findings, evidence })
}

/// The servers behind a URL: one, the primary that a Sentinel names, or all primaries of a cluster. Each has answered.
///
/// # Errors
/// When one of them cannot be reached.
pub async fn endpoints(url: &str) -> Result<Vec<Endpoint>> {
    Ok(Deployment::open(url).await?.nodes.into_iter().map(|node| node.endpoint).collect())
}

/// What is the same for all nodes of a deployment.
struct Run<'a, 'r> {
    runtime: tokio::runtime::Runtime,
    request: &'a Request,
    checker: &'a Checker<'r>,
    wants: Vec<Want>,
}

impl<'a, 'r> Run<'a, 'r> {
    /// Looks at the keys of one node, twice at those that may be a moment's, and gives the judge back.
    fn look_at(
        &self,
        node: &Node,
        judge: Judge<'a, 'r>,
        stop: Pin<&mut impl Future<Output = ()>>,
        progress: &dyn Fn(u64),
    ) -> Result<(Judge<'a, 'r>, Coverage)> {
        let mut connection = self.runtime.block_on(node.ready())?;
        let (sender, receiver) = mpsc::channel(WAITING);
        let (judge, looked) = std::thread::scope(|scope| {
            let judge = scope.spawn(move || judge_all(judge, receiver));
            let look = Look {
                depth: self.request.depth,
                claim: &|name| self.checker.claim(name),
                unclaimed: &|name| self.checker.is_ours(name),
                wants: &self.wants,
            };
            let scan = Scan { look, pace: self.request.pace, glob: self.checker.glob().map(str::to_owned) };
            let reached = Cell::new(Coverage::default());
            let looking = live::look(connection.clone(), &node.endpoint, &scan, sender, |scanned, in_database| {
                reached.set(Coverage { in_database, scanned, complete: false });
                progress(scanned);
            });
            let looked = self.runtime.block_on(async {
                tokio::select! {
                    looked = looking => looked,
                    () = stop => Ok(reached.take()),
                }
            });
            (judge.join(), looked)
        });
        let mut judge =
            judge.map_err(|_| anyhow!("the judge stopped; this is a fault of keywire, please report it"))?;
        let coverage = looked.context("the keyspace could not be looked at to its end")?;
        if coverage.complete {
            let again = second_look(&self.runtime, &mut judge, &mut connection, &self.wants);
            again.map_err(|error| node.endpoint.explain(&error))?;
        }
        Ok((judge, coverage))
    }
}

/// How many keys of each judged entry were seen.
fn entries(checker: &Checker<'_>, bus: &str, seen: &[u64]) -> Vec<EntryCoverage> {
    let judged = checker.plans().iter().zip(seen).enumerate().filter(|(at, _)| checker.is_judged(*at));
    let coverage = |(_, (plan, keys)): (usize, (&KeyPlan<'_>, &u64))| EntryCoverage {
        bus: bus.to_owned(),
        module: checker.registry.module(plan.key.module).name.clone(),
        entry: plan.key.name.clone(),
        pattern: plan.key.pattern.as_str().to_owned(),
        keys: Some(*keys),
        operations: Vec::new(),
        reads: Vec::new(),
    };
    judged.map(coverage).collect()
}

fn judge_all<'c, 'r>(mut judge: Judge<'c, 'r>, mut receiver: mpsc::Receiver<Vec<Seen>>) -> Judge<'c, 'r> {
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

/// Seconds with three digits: more would only look exact.
fn round(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
