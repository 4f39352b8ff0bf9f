//! The contract check of traffic: joins an origin of calls with the judge, bus by bus, and says what the verdict rests on.
//! The origin runs beside the judge; between them is a bounded channel. It knows nothing of the command line.

mod evidence;
mod live;
mod merge;
mod proxied;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use tokio::sync::{mpsc, watch};

use crate::check::traffic::{self, Judge};
use crate::check::{self, Checker};
use crate::coverage::Coverage;
use crate::finding::Finding;
use crate::observe::traffic::Event;
use crate::registry::{BusId, Party, Registry};
pub use evidence::Evidence;
pub use live::{Progress, Server, watch_servers};
pub use proxied::{Proxied, Running, start};
pub use recorded::judge_log;

/// Portions of events that may wait to be judged.
pub const WAITING: usize = 64;

/// Ends when told to: when `stop` becomes true.
pub async fn told(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What is to be judged, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The bus.
    pub bus: BusId,
    /// Where the traffic comes from, without credentials: a server's URL, a file.
    pub source: String,
    /// Names outside what the bus owns are undeclared too.
    pub all: bool,
    /// Values of config variables other than their defaults.
    pub config: BTreeMap<String, String>,
    /// How traffic is judged.
    pub options: traffic::Options,
}

impl Request {
    /// All traffic of a bus.
    #[must_use]
    pub fn new(bus: BusId, source: impl Into<String>) -> Self {
        Self { bus, source: source.into(), all: false, config: BTreeMap::new(), options: traffic::Options::default() }
    }

    /// How keys are checked.
    #[must_use]
    pub fn check_options(&self) -> check::Options {
        let module = match self.options.only {
            Some(Party::Module(module)) => Some(module),
            Some(Party::Service(_) | Party::Unknown) | None => None,
        };
        check::Options { module, all: self.all, config: self.config.clone(), approximate_slack: 0 }
    }
}

/// What judging the traffic of one bus came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// What was seen of what is declared.
    pub coverage: Coverage,
}

/// Judges events as they come, until the origin has no more. Blocks its thread: the origin must run on another.
/// `progress` hears of each portion, with the number of calls so far.
///
/// # Errors
/// When the registry cannot be checked.
pub fn judge(
    registry: &Registry,
    request: &Request,
    mut events: mpsc::Receiver<Vec<Event>>,
    mut progress: impl FnMut(u64),
) -> Result<Outcome> {
    let checker = Checker::new(registry, request.bus, request.check_options())?;
    let mut judge = Judge::new(&checker, request.options.clone())?;
    while let Some(portion) = events.blocking_recv() {
        for event in &portion {
            judge.see(event);
        }
        progress(judge.counts().calls);
    }
    let verdict = judge.finish();
    let mut parties: BTreeSet<String> =
        verdict.parties.iter().map(|party| registry.party_name(*party).to_owned()).collect();
    let mut entries = verdict.coverage;
    if let Some(only) = request.options.only {
        let name = registry.party_name(only);
        parties = BTreeSet::from([name.to_owned()]);
        entries.retain(|entry| entry.concerns(name));
    }
    Ok(Outcome {
        evidence: Evidence::new(registry.bus(request.bus).name.clone(), request.source.clone(), verdict.counts),
        findings: verdict.findings,
        coverage: Coverage::new(parties, entries),
    })
}
