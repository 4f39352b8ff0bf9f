//! The tests of the worker as one program: client against mock, raw answers, unification, symbols, ticks.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/deployments.rs"]
mod deployments;
#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/servers.rs"]
mod servers;

mod contract;
mod feeds;
mod fixtures;
mod lease;
mod operation;
mod outbox;
mod relay;
mod samples;
mod symbols;
mod trace;
mod trouble;
mod under_contract;
mod unify;

use std::time::Duration;

use massive_client::mock::http::{Reply, Request, Server};
use massive_client::provider::Provider;
use spot_worker::unify::{InstrumentType, Price, Timeframe};
use tokio::net::TcpListener;

/// Long enough for a busy machine, and never waited out in a test that passes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client with a key that must never show.
fn provider(url: &str, timeout: Duration) -> Provider {
    Provider::new(url, "s3cret-key".parse().unwrap(), timeout).unwrap()
}

fn tickers(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A server that answers everything as told, and its base URL.
async fn serve(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Server, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(listener, answer).unwrap();
    let url = format!("http://{}", server.address());
    (server, url)
}

/// A price of a symbol, always the same.
fn price(symbol: &str) -> Price {
    Price {
        symbol: symbol.to_owned(),
        value: 6012.5,
        ts: "2026-01-30T14:30:00.250Z".to_owned(),
        source: "massive".to_owned(),
        timeframe: Timeframe::RealTime,
        open: None,
        high: None,
        low: None,
        close: None,
        volume: None,
        ts_epoch_ms: None,
        instrument_type: Some(InstrumentType::Index),
    }
}
