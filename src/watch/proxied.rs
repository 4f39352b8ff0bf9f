//! Traffic through a proxy of keywire's own: for each bus a proxy, and a thread that judges.

use anyhow::{Context, Result, anyhow};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::merge::in_order;
use super::{Outcome, Request, WAITING, judge, told};
use crate::observe::traffic::monitor::{self, Started, WatchOptions};
use crate::observe::traffic::proxy::{Gate, Listen, Proxy, ProxyOptions, ProxySummary};
use crate::observe::traffic::{Event, Within};
use crate::registry::Registry;
use crate::server::connect::Endpoint;

/// A proxy before a bus.
pub struct Proxied {
    /// What is judged. Its database and its beginning are found out here.
    pub request: Request,
    /// The server behind it.
    pub upstream: Endpoint,
    /// Where clients connect, and which module all are who connect there, if that can be told.
    pub listen: Vec<(Listen, Option<String>)>,
    /// Refuses calls.
    pub gate: Option<Gate>,
    /// Is the server one that MONITOR may be run on, to see what scripts do?
    pub monitor_scripts: bool,
}

/// A proxy that serves.
pub struct Running {
    /// Where it listens.
    pub addresses: Vec<Listen>,
    request: Request,
    events: mpsc::Receiver<Vec<Event>>,
    serving: Vec<JoinHandle<Result<ProxySummary>>>,
    scripts: Option<JoinHandle<()>>,
    notes: Vec<String>,
    server: Option<String>,
}

/// Starts a proxy. It serves until `stop` becomes true, which ends what [`Running::judge`] waits for.
///
/// # Errors
/// When the address to listen at is taken, or the server cannot be used.
pub async fn start(proxied: Proxied, stop: watch::Receiver<bool>) -> Result<Running> {
    let Proxied { mut request, upstream, listen, gate, monitor_scripts } = proxied;
    let (mut proxies, mut addresses) = (Vec::new(), Vec::new());
    for (address, module) in listen {
        let proxy = Proxy::bind(&[address]).await?;
        addresses.extend_from_slice(proxy.addresses());
        proxies.push((proxy, module));
    }
    let (sender, mut events) = mpsc::channel(WAITING);
    let mut notes = Vec::new();
    let (mut scripts, mut server) = (None, None);
    request.options.database = Some(upstream.database());
    request.options.shows_scripts = false;
    if monitor_scripts {
        let (heard, of_scripts) = mpsc::channel(WAITING);
        match hear_scripts(&upstream, heard, stop.clone()).await {
            Ok((task, started)) => {
                let (out, merged) = mpsc::channel(WAITING);
                tokio::spawn(in_order(std::mem::replace(&mut events, merged), of_scripts, out));
                request.options.from_empty = started.from_empty;
                request.options.shows_scripts = true;
                server = Some(started.server.to_string());
                scripts = Some(task);
            }
            Err(error) => notes.push(format!("what scripts do is not seen: {error:#}")),
        }
    }
    let serve = |(proxy, module): (Proxy, Option<String>)| {
        let options = ProxyOptions { upstream: upstream.clone(), module, gate: gate.clone() };
        tokio::spawn(proxy.serve(options, sender.clone(), told(stop.clone())))
    };
    let serving = proxies.into_iter().map(serve).collect();
    Ok(Running { addresses, request, events, serving, scripts, notes, server })
}

impl Running {
    /// Judges what comes by until the proxy ends. Blocks its thread, which must not be one of the runtime's.
    ///
    /// # Errors
    /// When the registry cannot be checked, or the proxy could not serve.
    pub fn judge(
        self,
        handle: &Handle,
        registry: &Registry,
        progress: impl FnMut(u64),
    ) -> Result<(Outcome, ProxySummary)> {
        let judged = judge(registry, &self.request, self.events, progress);
        let mut summary = ProxySummary::default();
        for serving in self.serving {
            let one = handle.block_on(serving).context("the proxy ended early")??;
            summary.connections += one.connections;
            summary.calls += one.calls;
            summary.sampled_out += one.sampled_out;
            summary.refused += one.refused;
            summary.lost += one.lost;
            summary.unreachable += one.unreachable;
        }
        if let Some(scripts) = self.scripts {
            handle.block_on(scripts).context("the listener ended early")?;
        }
        let mut outcome = judged?;
        outcome.evidence.server = self.server;
        outcome.evidence.notes.extend(self.notes);
        for (count, what) in [
            (summary.refused, "calls were refused"),
            (summary.lost, "connections could not be followed to their end"),
            (summary.unreachable, "clients were sent away, because the server could not be reached"),
        ] {
            if count > 0 {
                outcome.evidence.notes.push(format!("{count} {what}"));
            }
        }
        Ok((outcome, summary))
    }
}

/// Overhears what scripts and functions call, which a proxy does not see; the calls of clients it has already.
async fn hear_scripts(
    upstream: &Endpoint,
    out: mpsc::Sender<Vec<Event>>,
    stop: watch::Receiver<bool>,
) -> Result<(JoinHandle<()>, Started)> {
    let (sender, mut heard) = mpsc::channel::<Vec<Event>>(WAITING);
    let (ready, started) = oneshot::channel();
    let endpoint = upstream.clone();
    let watching = tokio::spawn(async move {
        let tell = |what| drop(ready.send(what));
        monitor::watch(&endpoint, WatchOptions::default(), tell, sender, told(stop)).await
    });
    let Ok(started) = started.await else {
        let failed = watching.await.context("the listener ended early")?;
        return Err(failed.err().unwrap_or_else(|| anyhow!("it ended before it began")));
    };
    let passing = tokio::spawn(async move {
        while let Some(mut portion) = heard.recv().await {
            // Of what was missed, some may have been scripts'.
            portion.retain(|event| match event {
                Event::Call(call) => call.within == Within::Script,
                Event::Gap(_) => true,
                Event::Failures(_) => false,
            });
            if !portion.is_empty() && out.send(portion).await.is_err() {
                return;
            }
        }
    });
    Ok((passing, started))
}
