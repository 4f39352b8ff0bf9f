//! What operators see of a worker, on one port: `/metrics` for Prometheus, `/healthz` (does it still turn?) and `/readyz`
//! (does the bus have what it publishes?). Off unless an address is given.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// A metric, as Prometheus knows it.
#[derive(Debug)]
pub struct Metric {
    /// Its name, with its unit at the end: `spot_worker_ticks_total`.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// Does it only grow? Else it goes up and down.
    pub counter: bool,
    /// The name of its label, if it has one.
    pub label: Option<&'static str>,
}

impl Metric {
    /// A metric that only grows, without a label.
    #[must_use]
    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, help, counter: true, label: None }
    }

    /// A metric that goes up and down.
    #[must_use]
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, help, counter: false, label: None }
    }

    /// The same, with a value for each value of a label.
    #[must_use]
    pub const fn by(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }
}

/// Connections served at a time; others wait.
const CONNECTIONS: usize = 16;

/// How long a client may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

/// The figures of a worker; clones share them.
#[derive(Debug, Clone)]
pub struct Board {
    metrics: &'static [Metric],
    /// The worker is dead when it has not turned for so long.
    stalled_after: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    values: BTreeMap<(&'static str, &'static str), f64>,
    turned: Instant,
    ready: bool,
}

impl Board {
    /// A board of these metrics. Those without a label begin at 0.
    #[must_use]
    pub fn new(metrics: &'static [Metric], stalled_after: Duration) -> Self {
        let plain = metrics.iter().filter(|metric| metric.label.is_none());
        let values = plain.map(|metric| ((metric.name, ""), 0.0)).collect();
        let state = State { values, turned: Instant::now(), ready: false };
        Self { metrics, stalled_after, state: Arc::new(Mutex::new(state)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves figures that are still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to a metric; `label` is the value of its label, empty without one.
    pub fn add(&self, name: &'static str, label: &'static str, by: f64) {
        *self.lock().values.entry((name, label)).or_default() += by;
    }

    /// Sets a metric.
    pub fn set(&self, name: &'static str, value: f64) {
        self.lock().values.insert((name, ""), value);
    }

    /// The worker has turned once more.
    pub fn turned(&self) {
        self.lock().turned = Instant::now();
    }

    /// Does the bus have what the worker publishes?
    pub fn ready(&self, ready: bool) {
        self.lock().ready = ready;
    }

    /// Serves the board at an address until dropped; gives the address that it got.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn serve(&self, address: SocketAddr) -> anyhow::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("cannot listen at {address} for operators; is it taken?"))?;
        let address = listener.local_addr().context("the address of the listener cannot be read")?;
        Ok((address, tokio::spawn(accept(listener, self.clone()))))
    }

    /// The answer to a path: status and text.
    #[must_use]
    pub fn answer(&self, path: &str) -> (u16, String) {
        let state = self.lock();
        let turns = state.turned.elapsed() <= self.stalled_after;
        let verdict = |good: bool, words: &str| (if good { 200 } else { 503 }, format!("{words}\n"));
        match path {
            "/metrics" => (200, self.text(&state)),
            "/healthz" if turns => verdict(true, "ok"),
            "/healthz" => verdict(false, "the worker has stalled"),
            "/readyz" if state.ready && turns => verdict(true, "ok"),
            "/readyz" => verdict(false, "the bus does not have the newest of what the worker publishes"),
            _ => (404, "ask for /metrics, /healthz or /readyz\n".to_owned()),
        }
    }

    fn text(&self, state: &State) -> String {
        let mut text = String::new();
        for metric in self.metrics {
            let kind = if metric.counter { "counter" } else { "gauge" };
            let _ = writeln!(text, "# HELP {0} {1}\n# TYPE {0} {kind}", metric.name, metric.help);
            for ((_, label), value) in
                state.values.range((metric.name, "")..).take_while(|((name, _), _)| *name == metric.name)
            {
                let _ = match metric.label {
                    Some(name) => writeln!(text, "{}{{{name}=\"{label}\"}} {value}", metric.name),
                    None => writeln!(text, "{} {value}", metric.name),
                };
            }
        }
        text
    }
}

async fn accept(listener: TcpListener, board: Board) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.len() >= CONNECTIONS {
            connections.join_next().await;
        }
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // Out of descriptors, say: let a connection end before the next attempt.
                    if connections.join_next().await.is_none() {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                    continue;
                };
                let board = board.clone();
                connections.spawn(async move {
                    let service = service_fn(|request: Request<Incoming>| {
                        let reply = reply(&board, &request);
                        async move { Ok::<_, Infallible>(reply) }
                    });
                    let mut server = http1::Builder::new();
                    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
                    // A client that went away is its own affair.
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

fn reply(board: &Board, request: &Request<Incoming>) -> Response<String> {
    let (status, text) = board.answer(request.uri().path());
    let mut response = Response::new(text);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}
