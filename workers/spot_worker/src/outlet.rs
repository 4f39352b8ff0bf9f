//! Where batches go: to the bus, or, to see what would be sent, to the standard output.

use std::time::Duration;

use chassis::bus::Bus;

use crate::wiring::Config;

/// What the worker's connection is called on the bus.
pub const CLIENT_NAME: &str = "spot_worker";

/// Where batches go.
#[derive(Debug)]
pub enum Outlet {
    /// To the bus.
    Bus(Box<Bus>),
    /// To the standard output, as commands, a line each.
    Print,
}

impl Outlet {
    /// A connection to the bus, which comes back by itself after a failure.
    ///
    /// # Errors
    /// When the bus cannot be reached at the start.
    pub async fn bus(config: &Config, url: &str) -> anyhow::Result<Self> {
        Ok(Self::Bus(Box::new(Bus::connect(url, CLIENT_NAME, deadline(config)).await?)))
    }
}

/// The time for a batch to be written.
pub(crate) fn deadline(config: &Config) -> Duration {
    config.massive_spot_interval_sec.max(Duration::from_millis(100))
}
