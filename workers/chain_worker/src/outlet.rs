//! Where batches go: to the bus, or, to see what would be sent, to the standard output.

use std::time::Duration;

use chassis::bus::{Bus, Failure, failure, said};
use redis::RedisError;

use crate::wiring::{Batch, Config};

/// What the worker's connection is called on the bus.
pub const CLIENT_NAME: &str = "chain_worker";

/// The longest time for one batch.
const LONGEST: Duration = Duration::from_secs(10);

/// Where batches go.
#[derive(Debug)]
pub enum Outlet {
    /// To the bus.
    Bus(Box<Bus>),
    /// To the standard output, as commands, a line each.
    Print,
}

/// Why a batch did not go through.
#[derive(Debug)]
pub struct Undone {
    /// The case.
    pub failure: Failure,
    /// What the server said.
    pub said: String,
}

impl Outlet {
    /// A connection to the bus, which comes back by itself after a failure.
    ///
    /// # Errors
    /// When the bus cannot be reached at the start.
    pub async fn bus(config: &Config, url: &str) -> anyhow::Result<Self> {
        Ok(Self::Bus(Box::new(Bus::connect(url, CLIENT_NAME, deadline(config)).await?)))
    }

    /// Sends a batch, in one transaction if its writes belong together. It is empty afterwards in any case: what the bus could
    /// not take is not kept for later.
    ///
    /// # Errors
    /// When the bus does not confirm it.
    pub async fn send(&mut self, batch: &mut Batch, together: bool, within: Duration) -> Result<(), Undone> {
        let Self::Bus(bus) = self else {
            chassis::printed::print(batch.commands());
            batch.clear();
            return Ok(());
        };
        // The connection's own time limit is per command; this one is for the whole batch.
        let answer = match together {
            true => tokio::time::timeout(within, batch.execute_atomic(bus.as_mut())).await,
            false => tokio::time::timeout(within, batch.execute_by_slot(bus.as_mut())).await,
        };
        batch.clear();
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(refusal)) => Err(Undone::of(&refusal)),
            Err(_) => Err(Undone { failure: Failure::Timeout, said: String::new() }),
        }
    }

    /// Connections lost so far.
    #[must_use]
    pub fn lost(&self) -> u64 {
        match self {
            Self::Bus(bus) => bus.lost(),
            Self::Print => 0,
        }
    }
}

impl Undone {
    fn of(refusal: &RedisError) -> Self {
        Self { failure: failure(refusal), said: said(refusal) }
    }
}

/// The time for a batch to be written.
pub(crate) fn deadline(config: &Config) -> Duration {
    config.massive_chain_interval_sec.clamp(Duration::from_millis(100), LONGEST)
}
