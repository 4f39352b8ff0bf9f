//! Traffic through a proxy of our own: unlike MONITOR it shows which calls failed, and needs no rights on the server.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::super::Collector;
use super::super::traffic::Traffic;
use super::traffic::{WAITING, seen};
use super::{TrafficSeen, told};
use crate::observe::traffic::proxy::{Listen, Proxy, ProxyOptions};
use crate::server::connect::Endpoint;

/// Serves clients at an address, in front of a server, for a while or until told to stop. `progress` is told once where it
/// listens, then how many calls were heard. Not to be called from async code.
///
/// # Errors
/// When the address is taken, or the proxy cannot use the server.
pub fn listen_at(
    (listen, upstream, time): (&Listen, &Endpoint, Option<Duration>),
    mut traffic: Traffic,
    collector: &mut Collector,
    stop: &watch::Receiver<bool>,
    progress: impl Fn(Result<u64, &Listen>),
) -> Result<TrafficSeen> {
    let runtime = Runtime::new().context("cannot start to serve")?;
    traffic.database = Some(upstream.database());
    let proxy = runtime.block_on(Proxy::bind(std::slice::from_ref(listen)))?;
    proxy.addresses().iter().for_each(|address| progress(Err(address)));
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let stop = stop.clone();
    let until = async move {
        let time = async {
            match time {
                Some(time) => sleep(time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = time => {}
            () = told(stop) => {}
        }
    };
    let options = ProxyOptions { upstream: upstream.clone(), module: None, gate: None };
    let start = Instant::now();
    let serving = runtime.spawn(proxy.serve(options, sender, until));
    while let Some(portion) = receiver.blocking_recv() {
        portion.iter().for_each(|event| traffic.see(event, collector));
        progress(Ok(traffic.calls));
    }
    traffic.flush(collector);
    let summary = runtime.block_on(serving).context("the proxy ended early")??;
    let mut notes = Vec::new();
    for (count, one, what) in [
        (traffic.failed, "call", "failed and do not count"),
        (summary.lost, "connection", "could not be followed to the end"),
        (summary.unreachable, "client", "sent away, because the server could not be reached"),
    ] {
        if count > 0 {
            notes.push(format!("{} {what}", super::super::shape::counted(count, one)));
        }
    }
    Ok(TrafficSeen { notes, seconds: super::super::shape::seconds(start.elapsed()), ..seen(&traffic) })
}
