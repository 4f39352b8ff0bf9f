//! Where batches go: to the bus, or, to see what would be sent, to the standard output.

use std::io::Write as _;
use std::time::Duration;

use chassis::bus::Bus;

use crate::wiring::{Batch, Config};

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

/// The commands of a batch, a line each, with quotes where a word needs them.
pub(crate) fn print(batch: &Batch) {
    let mut out = std::io::stdout().lock();
    for words in batch.commands() {
        let words: Vec<String> = words.iter().map(|word| shown(&String::from_utf8_lossy(word))).collect();
        // Nobody reads what is printed: then there is nothing to do about it.
        let _ = writeln!(out, "{}", words.join(" "));
    }
}

fn shown(word: &str) -> String {
    let plain = !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\\', "\\\\").replace('\'', "\\'")) }
}
