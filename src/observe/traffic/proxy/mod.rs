//! The proxy as an origin: it stands between clients and a server, forwards bytes as they are, and overhears calls together
//! with what became of them.
//!
//! In: addresses to listen at, and a server. Out: events, in portions. It never delays traffic for the sake of whoever
//! takes them, and it does not judge; a gate that is given to it may refuse calls.

mod connection;
mod gate;
mod ledger;
mod listen;
mod outbox;
mod peek;
mod role;
mod session;
mod upstream;

use std::future::Future;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

pub use gate::Gate;
pub use listen::Listen;

use super::Event;
use crate::server::connect::Endpoint;
use listen::{Arrival, Listener};
use outbox::Outbox;

/// How long an event may wait for others.
const TICK: Duration = Duration::from_millis(50);
/// How long the end may take: connections first, then the last portion.
const GRACE: Duration = Duration::from_secs(2);

/// What a proxy does with connections.
#[derive(Clone)]
pub struct ProxyOptions {
    /// The server. If the address holds credentials, the proxy logs in with them for each client, and selects the
    /// address's database. A client that sends RESET is logged out like any other.
    pub upstream: Endpoint,
    /// The module that all clients are said to be.
    pub module: Option<String>,
    /// Refuses calls: the client gets `-KEYWIRE` and the reason, and the server never sees the call.
    pub gate: Option<Gate>,
}

/// What came by, in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProxySummary {
    /// Clients that connected.
    pub connections: u64,
    /// Calls that were seen, the missed and the refused ones among them.
    pub calls: u64,
    /// Calls that were seen and are in no event, because checking fell behind or too many were under way.
    pub sampled_out: u64,
    /// Calls that the gate refused.
    pub refused: u64,
    /// Connections that could not be followed to their end, such as replicas'.
    pub lost: u64,
    /// Clients that were sent away because the server could not be reached.
    pub unreachable: u64,
}

/// A proxy that listens, and does not serve yet.
pub struct Proxy {
    listeners: Vec<Listener>,
    addresses: Vec<Listen>,
}

/// What all connections of a proxy share.
struct Shared {
    options: ProxyOptions,
    outbox: Outbox,
    calls: AtomicU64,
    refused: AtomicU64,
    lost: AtomicU64,
    unreachable: AtomicU64,
}

impl Shared {
    fn count(&self, calls: &mut u64, refused: &mut u64) {
        self.calls.fetch_add(mem::take(calls), Ordering::Relaxed);
        self.refused.fetch_add(mem::take(refused), Ordering::Relaxed);
    }

    fn lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    fn unreachable(&self) {
        self.unreachable.fetch_add(1, Ordering::Relaxed);
    }
}

impl Proxy {
    /// Begins to listen. Clients that connect wait until it serves.
    ///
    /// # Errors
    /// When an address is taken, or not to be had.
    pub async fn bind(listen: &[Listen]) -> Result<Self> {
        let mut listeners = Vec::new();
        for address in listen {
            listeners.push(Listener::bind(address).await?);
        }
        let addresses = listeners.iter().map(Listener::address).collect::<Result<_>>()?;
        Ok(Self { listeners, addresses })
    }

    /// Where it listens, with the ports that were found. `Display` shows them as URLs.
    #[must_use]
    pub fn addresses(&self) -> &[Listen] {
        &self.addresses
    }

    /// Serves clients until `stop`. Portions of events go to `out` if it has room; else they are dropped, and an
    /// [`Event::Gap`] says how many. Calls of transactions that were aborted or discarded never ran, and are no events.
    ///
    /// # Errors
    /// When the server's address is one that the proxy cannot use. What befalls a connection is no error.
    pub async fn serve(
        self,
        options: ProxyOptions,
        out: mpsc::Sender<Vec<Event>>,
        stop: impl Future<Output = ()>,
    ) -> Result<ProxySummary> {
        upstream::check(&options.upstream)?;
        let zero = || AtomicU64::new(0);
        let outbox = Outbox::new(out);
        let shared = Shared { options, outbox, calls: zero(), refused: zero(), lost: zero(), unreachable: zero() };
        let shared = Arc::new(shared);
        let connections = serve_until(self.listeners, &shared, stop).await;
        let sampled_out = shared.outbox.finish(GRACE).await;
        Ok(ProxySummary {
            connections,
            calls: shared.calls.load(Ordering::Relaxed),
            sampled_out,
            refused: shared.refused.load(Ordering::Relaxed),
            lost: shared.lost.load(Ordering::Relaxed),
            unreachable: shared.unreachable.load(Ordering::Relaxed),
        })
    }
}

/// Serves, and gives the number of connections once all have ended.
async fn serve_until(listeners: Vec<Listener>, shared: &Arc<Shared>, stop: impl Future<Output = ()>) -> u64 {
    let (sender, mut arrivals) = mpsc::channel(1);
    let mut accepting = JoinSet::new();
    for listener in listeners {
        accepting.spawn(accept(listener, sender.clone()));
    }
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut number = 0;
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(arrival) = arrivals.recv() => {
                number += 1;
                let (shared, stopped) = (shared.clone(), stopped.clone());
                connections.spawn(async move { connection::run(&shared, arrival, number, stopped).await });
            }
            Some(_) = connections.join_next() => {}
            _ = tick.tick() => shared.outbox.flush(),
        }
    }
    accepting.shutdown().await;
    // Nobody listens only if there is no connection.
    let _ = stopping.send(true);
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
    number
}

async fn accept(listener: Listener, arrivals: mpsc::Sender<Arrival>) {
    loop {
        match listener.accept().await {
            Ok(arrival) => {
                if arrivals.send(arrival).await.is_err() {
                    return;
                }
            }
            // Too many open files, mostly, and nothing tells when there are fewer.
            Err(_) => sleep(TICK).await,
        }
    }
}
