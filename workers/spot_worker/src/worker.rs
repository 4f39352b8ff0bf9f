//! The loop: at each tick one request to the provider, one batch to the bus. What goes wrong is counted and logged, and
//! the next tick starts on time all the same.

use std::time::Duration;

use anyhow::Context as _;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use tokio::sync::watch;
use tracing::{error, info, warn};

use crate::provider::{Provider, ProviderError};
use crate::publish::{Counters, Tick, publish};
use crate::symbols::Watchlist;
use crate::ticker::Ticker;
use crate::unify::{InstrumentType, NoPrice, Price, unify};
use crate::wiring::{Batch, Config};

/// Everything a worker needs to run.
pub struct Worker {
    provider: Provider,
    list: Watchlist,
    bus: ConnectionManager,
    batch: Batch,
    /// Time for one batch to be written.
    deadline: Duration,
    /// Age up to which a price belongs into the trails.
    window_ms: i64,
    counters: Counters,
}

impl Worker {
    /// Connects to the bus; the connection comes back by itself after a failure.
    ///
    /// # Errors
    /// When the symbols cannot be followed, or the bus cannot be reached at the start.
    pub async fn connect(config: &Config, provider: Provider, bus_url: &str) -> anyhow::Result<Self> {
        let list = Watchlist::new(&config.massive_spot_symbols, &config.massive_stock_symbols)?;
        let client = redis::Client::open(bus_url).context("MARKET_REDIS_URL is not a URL of a Redis server")?;
        let deadline = config.massive_spot_interval_sec.max(Duration::from_millis(100));
        let timeouts = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(5)))
            .set_response_timeout(Some(deadline));
        let bus = ConnectionManager::new_with_config(client, timeouts).await.context("the bus cannot be reached")?;
        let batch = Batch::new(config);
        let window_ms = i64::try_from(config.massive_spot_trail_window_sec.as_millis()).unwrap_or(i64::MAX);
        Ok(Self { provider, list, bus, batch, deadline, window_ms, counters: Counters::default() })
    }

    /// Publishes at each tick until told to stop. The tick under way is finished first.
    ///
    /// # Errors
    /// When the interval cannot be kept at all.
    pub async fn run(&mut self, interval: Duration, stop: watch::Receiver<bool>) -> anyhow::Result<u64> {
        let mut ticker = Ticker::new(interval, stop)?;
        let mut ticks = 0;
        while let Some(slot) = ticker.next().await {
            if slot.skipped > 0 {
                self.counters.timeouts_tick += i64::try_from(slot.skipped).unwrap_or(i64::MAX);
                warn!(skipped = slot.skipped, "ticks were skipped: the last one took longer than the interval");
            }
            self.tick().await;
            ticks += 1;
        }
        Ok(ticks)
    }

    /// One tick.
    pub async fn tick(&mut self) {
        match self.provider.snapshot(&self.list.tickers()).await {
            Ok(snapshot) => {
                let price = |row| self.price(row, snapshot.received_ms);
                let prices: Vec<Price> = snapshot.rows.iter().filter_map(price).collect();
                self.write(&prices, snapshot.received_ms).await;
            }
            Err(error) => {
                self.provider_failed(&error);
                self.write(&[], 0).await;
            }
        }
    }

    fn price(&self, row: &crate::provider::Row, received_ms: i64) -> Option<Price> {
        let ticker = row.ticker.as_deref()?;
        let symbol = self.list.find(ticker)?;
        match unify(row, symbol, received_ms) {
            Ok(price) => Some(price),
            Err(NoPrice::Missing) => None,
            Err(refused) => {
                warn!(ticker, %refused, "no price");
                None
            }
        }
    }

    fn provider_failed(&mut self, failure: &ProviderError) {
        if matches!(failure, ProviderError::Timeout { .. }) {
            let followed = |kind| self.list.symbols().iter().any(|symbol| symbol.kind == kind);
            self.counters.timeouts_index += i64::from(followed(InstrumentType::Index));
            self.counters.timeouts_stock += i64::from(followed(InstrumentType::Stock));
        }
        if failure.needs_a_person() {
            error!(%failure, "the provider refuses; this does not pass by itself");
        } else {
            warn!(%failure, "no prices in this tick");
        }
    }

    /// Sends what the tick brought, and the counters of earlier ticks that could not be sent.
    async fn write(&mut self, prices: &[Price], received_ms: i64) {
        self.batch.clear();
        let trail_from_ms = received_ms.saturating_sub(self.window_ms);
        for invalid in publish(&mut self.batch, Tick { prices, counters: self.counters, trail_from_ms }) {
            warn!(%invalid, "a price breaks its contract and is not published");
        }
        // The connection's own time limit is per command; this one is for the whole batch.
        match tokio::time::timeout(self.deadline, self.batch.execute(&mut self.bus)).await {
            Ok(Ok(_)) => {
                info!(prices = prices.len(), "published");
                self.counters = Counters::default();
            }
            Ok(Err(failure)) if !failure.is_timeout() => warn!(%failure, "the bus refused the batch"),
            Ok(Err(_)) | Err(_) => {
                self.counters.timeouts_redis += 1;
                warn!("the bus did not answer in time");
            }
        }
    }
}
