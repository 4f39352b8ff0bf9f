//! Traffic of live servers: for each bus a thread that judges, and for each of its servers a task that listens.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::{Outcome, Request, WAITING, judge, told};
use crate::observe::traffic::Event;
use crate::observe::traffic::monitor::{self, Started, WatchOptions, WatchSummary};
use crate::registry::Registry;
use crate::server::connect::Endpoint;
use crate::verify::endpoints;

/// A bus, and where it is.
#[derive(Debug, Clone)]
pub struct Server {
    /// What is judged. Its database and its beginning are found out here.
    pub request: Request,
    /// URL of a server, of any node of a cluster, or of Sentinels.
    pub url: String,
}

/// How far it is with one of the servers, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All that its clients send from now on is heard.
    Began(usize),
    /// So many calls were judged.
    Judged(usize, u64),
}

/// Watches servers until `until` has passed or `stop` becomes true, and tells `progress` how far it is. Blocks its thread.
///
/// # Errors
/// When one of the servers cannot be reached or does not allow MONITOR, or the registry cannot be checked.
pub fn watch_servers(
    registry: &Registry,
    servers: &[Server],
    until: Option<Duration>,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(Progress) + Sync,
) -> Result<Vec<Outcome>> {
    let runtime = Runtime::new().context("cannot start to watch")?;
    let (ended, any_ended) = watch::channel(false);
    let outcomes = std::thread::scope(|scope| {
        let watching: Vec<_> = servers
            .iter()
            .enumerate()
            .map(|(at, server)| {
                let (handle, progress, ended) = (runtime.handle().clone(), &progress, &ended);
                let stops = [stop.clone(), any_ended.clone()];
                scope.spawn(move || {
                    let watched = watch_bus(&handle, registry, (at, server), (until, stops), &progress);
                    // One that cannot be watched ends all: a verdict on the others would be taken for the whole.
                    if watched.is_err() {
                        ended.send_replace(true);
                    }
                    watched
                })
            })
            .collect();
        watching.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
    });
    let broken = || anyhow!("the judge stopped; this is a fault of keywire, please report it");
    outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|_| Err(broken()))).collect()
}

type Listening = (JoinHandle<Result<WatchSummary>>, oneshot::Receiver<Started>);

fn watch_bus(
    handle: &Handle,
    registry: &Registry,
    (at, server): (usize, &Server),
    (until, stops): (Option<Duration>, [watch::Receiver<bool>; 2]),
    progress: &(impl Fn(Progress) + Sync),
) -> Result<Outcome> {
    let nodes = handle.block_on(endpoints(&server.url))?;
    let mut request = server.request.clone();
    request.options.database = nodes.first().map(Endpoint::database);
    let (sender, receiver) = mpsc::channel(WAITING);
    let options = WatchOptions { until, calls: None };
    let listening: Vec<Listening> =
        nodes.into_iter().map(|node| listen(handle, node, options, (sender.clone(), stops.clone()))).collect();
    drop(sender);
    let (tasks, started): (Vec<_>, Vec<_>) = listening.into_iter().unzip();
    let started: Vec<Started> = handle.block_on(async {
        let mut all = Vec::new();
        for one in started {
            all.extend(one.await); // One that never started tells why at its end.
        }
        all
    });
    request.options.from_empty = started.len() == tasks.len() && started.iter().all(|started| started.from_empty);
    if started.len() == tasks.len() {
        progress(Progress::Began(at));
    }
    let judged = judge(registry, &request, receiver, |calls| progress(Progress::Judged(at, calls)));
    let mut notes = Vec::new();
    for task in tasks {
        let summary = handle.block_on(task).context("the listener ended early")??;
        notes.extend(summary.notes);
        if summary.skipped > 0 {
            notes.push(format!("{} lines of MONITOR were not understood", summary.skipped));
        }
    }
    let mut outcome = judged?;
    outcome.evidence.notes.extend(notes);
    outcome.evidence.server = started.first().map(|started| started.server.to_string());
    Ok(outcome)
}

fn listen(
    handle: &Handle,
    node: Endpoint,
    options: WatchOptions,
    (sender, stops): (mpsc::Sender<Vec<Event>>, [watch::Receiver<bool>; 2]),
) -> Listening {
    let (ready, started) = oneshot::channel();
    let task = handle.spawn(async move {
        let tell = |what| drop(ready.send(what));
        monitor::watch(&node, options, tell, sender, any_of(stops)).await
    });
    (task, started)
}

/// Ends when one of them becomes true.
async fn any_of([first, second]: [watch::Receiver<bool>; 2]) {
    tokio::select! {
        () = told(first) => {}
        () = told(second) => {}
    }
}
