//! Where entries go: another bus, by the generated writers, or a file of JSON lines: `{"id":"...","price":{...}}`.
//!
//! In: prices with the ids of their entries. Out: they are there, or why not; then they may be there in part.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use anyhow::Context as _;
use chassis::bus::{Bus, failure};

use crate::wiring::params::Symbol;
use crate::wiring::payloads::SpotPrice;
use crate::wiring::support::{Encoded, Invalid, Payload as _};
use crate::wiring::{Config, batch::ReplayRedisBatch};

/// A price that is ready to go out.
#[derive(Debug)]
pub struct Ready {
    id: String,
    symbol: Symbol,
    value: Encoded<SpotPrice>,
}

impl Ready {
    /// Checks a price.
    ///
    /// # Errors
    /// When it breaks the contract.
    pub fn new(id: &str, price: &SpotPrice) -> Result<Self, Invalid> {
        Ok(Self { id: id.to_owned(), symbol: Symbol::new(price.symbol.as_str())?, value: price.encode()? })
    }
}

/// Where entries go.
#[derive(Debug)]
pub enum Target {
    /// Another bus.
    Bus(Box<Bus>, ReplayRedisBatch),
    /// A file.
    Lines(Lines),
}

impl Target {
    /// The bus that was connected.
    #[must_use]
    pub fn bus(bus: Bus, config: &Config) -> Self {
        Self::Bus(Box::new(bus), ReplayRedisBatch::new(config))
    }

    /// Writes all of these, in order.
    ///
    /// # Errors
    /// When the bus does not confirm, or the disk does not take them. They may be there all the same, or a part of them.
    pub async fn write(&mut self, ready: &[Ready]) -> anyhow::Result<()> {
        match self {
            Self::Lines(lines) => tokio::task::block_in_place(|| lines.write(ready)),
            Self::Bus(bus, batch) => {
                batch.clear();
                for Ready { symbol, value, .. } in ready {
                    batch.replayed_stream_xadd(value).replayed_latest_set(symbol, value);
                    batch.replayed_spot_set(value).replayed_spot_publish(value);
                }
                let sent = match bus.is_cluster() {
                    true => batch.execute_by_slot(bus.as_mut()).await,
                    false => batch.execute(bus.as_mut()).await,
                };
                sent.map(drop).map_err(|error| anyhow::anyhow!("{}", failure(&error)))
            }
        }
    }
}

/// A file of JSON lines that grows.
#[derive(Debug)]
pub struct Lines {
    file: File,
    /// The end of the file is the end of a line.
    whole: bool,
}

impl Lines {
    /// Opens a file, or makes it; what it holds stays.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = file.with_context(|| format!("cannot open {} to write to it", path.display()))?;
        let mut last = [b'\n'];
        if file.metadata().context("cannot tell the size of the file")?.len() > 0 {
            file.seek(SeekFrom::End(-1)).context("cannot read the end of the file")?;
            file.read_exact(&mut last).context("cannot read the end of the file")?;
        }
        Ok(Self { file, whole: last == *b"\n" })
    }

    fn write(&mut self, ready: &[Ready]) -> anyhow::Result<()> {
        // What a crash or a full disk cut off is closed, so that it spoils no line but its own.
        let mut text = if self.whole { Vec::new() } else { b"\n".to_vec() };
        for Ready { id, value, .. } in ready {
            text.extend_from_slice(format!("{{\"id\":\"{id}\",\"price\":").as_bytes());
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"}\n");
        }
        self.whole = false;
        self.file.write_all(&text).and_then(|()| self.file.sync_data()).context("the file cannot be written")?;
        self.whole = true;
        Ok(())
    }
}
