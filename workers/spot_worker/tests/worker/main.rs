//! The tests of the worker as one program: client against mock, raw answers, unification, symbols, ticks.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/deployments.rs"]
mod deployments;
#[path = "../../../massive_client/tests/massive/harness.rs"]
mod harness;
#[path = "../../../chassis/tests/chassis/operated.rs"]
mod operated;
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

use harness::{PATIENCE, provider, serve, tickers};
use spot_worker::unify::{InstrumentType, Price, Timeframe};

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
