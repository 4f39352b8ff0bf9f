//! The tests of the provider's client as one program: client against mock, raw answers, captures, waits.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod capture;
mod chain;
mod client;
mod harness;
mod hours;
mod live;
mod mock;
mod pacer;
mod patience;
mod program;

use harness::{PATIENCE, provider, serve, tickers};
