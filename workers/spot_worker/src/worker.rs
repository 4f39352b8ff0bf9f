//! The loop: at each tick one request to the provider, one batch to the bus. What goes wrong is counted and logged, and
//! the next tick starts on time all the same.

use std::time::Duration;

use chassis::bus::{Bus, Failure, failure, said};
use chassis::health::Board;
use chassis::ticker::Ticker;
use jiff::Timestamp;
use redis::RedisError;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, error, info, warn};

use crate::feeds::{Endpoint, Feeds};
use crate::metrics::{self, METRICS};
use crate::outbox::Outbox;
use crate::outlet::{self, Outlet};
use crate::publish::{Counters, Tick, publish};
use crate::source::{Source, snapshot};
use crate::symbols::Watchlist;
use crate::unify::{InstrumentType, NoPrice, Price, unify};
use crate::wiring::{Batch, Config};
use massive_client::hours::Hours;
use massive_client::pacer::Pacer;
use massive_client::provider::{ProviderError, Snapshot};

/// A worker that has not turned for so long, and for ten intervals, has stalled.
const STALLED: Duration = Duration::from_secs(30);

/// Everything a worker needs to run.
#[derive(Debug)]
pub struct Worker {
    source: Source,
    /// The WebSocket, if it is a source as well.
    feeds: Option<Feeds>,
    /// Everything was played back.
    over: bool,
    pacer: Pacer,
    hours: Hours,
    list: Watchlist,
    outlet: Outlet,
    batch: Batch,
    outbox: Outbox,
    /// Time for one batch to be written.
    deadline: Duration,
    /// Age up to which a price belongs into the trails.
    window_ms: i64,
    counters: Counters,
    board: Board,
    /// Connections that the bus had lost when it was last looked at.
    bus_lost: u64,
    /// Did the bus confirm what was sent last?
    bus_well: bool,
}

impl Worker {
    /// A worker that asks this provider, or plays this capture, and writes to this outlet.
    ///
    /// # Errors
    /// When the symbols cannot be followed.
    pub fn new(config: &Config, source: impl Into<Source>, outlet: Outlet) -> anyhow::Result<Self> {
        Ok(Self {
            source: source.into(),
            feeds: None,
            over: false,
            pacer: Pacer::default(),
            hours: Hours::new(config.massive_spot_closed_interval_sec),
            list: Watchlist::new(&config.massive_spot_symbols, &config.massive_stock_symbols)?,
            outlet,
            batch: Batch::new(config),
            outbox: Outbox::default(),
            deadline: outlet::deadline(config),
            window_ms: i64::try_from(config.massive_spot_trail_window_sec.as_millis()).unwrap_or(i64::MAX),
            counters: Counters::default(),
            board: Board::new(METRICS, STALLED.max(config.massive_spot_interval_sec * 10)),
            bus_lost: 0,
            bus_well: true,
        })
    }

    /// The same worker, which listens to the WebSocket as well while it holds the lease on a feed.
    #[must_use]
    pub fn listening(mut self, config: &Config, endpoint: &Endpoint) -> Self {
        self.feeds = Some(Feeds::new(config, &self.list, endpoint));
        self
    }

    /// Publishes at each tick until told to stop. Writing gets its time; a request under way is given up.
    ///
    /// # Errors
    /// When the interval cannot be kept at all.
    pub async fn run(&mut self, interval: Duration, mut stop: watch::Receiver<bool>) -> anyhow::Result<u64> {
        let mut ticker = Ticker::new(interval, stop.clone())?;
        let mut ticks = 0;
        while let Some(slot) = ticker.next().await {
            if slot.skipped > 0 {
                self.counters.timeouts_tick += i64::try_from(slot.skipped).unwrap_or(i64::MAX);
                #[allow(clippy::cast_precision_loss, reason = "a count of ticks")]
                self.board.add(metrics::SKIPPED, "", slot.skipped as f64);
                warn!(skipped = slot.skipped, "ticks were skipped: the last one took longer than the interval");
            }
            let start = self.begin();
            tokio::select! {
                _ = stop.wait_for(|told| *told) => break,
                () = self.gain() => {}
            }
            self.write().await;
            self.board.set(metrics::TICK_SECONDS, start.elapsed().as_secs_f64());
            ticks += 1;
            if self.over && self.outbox.is_empty() {
                info!("everything was played back");
                break;
            }
        }
        if let (Some(feeds), Outlet::Bus(bus)) = (&mut self.feeds, &mut self.outlet) {
            feeds.give_back(bus).await;
        }
        Ok(ticks)
    }

    /// One tick.
    pub async fn tick(&mut self) {
        self.begin();
        self.gain().await;
        self.write().await;
    }

    fn begin(&self) -> Instant {
        self.board.turned();
        self.board.add(metrics::TICKS, "", 1.0);
        Instant::now()
    }

    /// The figures for operators.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Prices lost since the bus last confirmed.
    #[must_use]
    pub fn lost(&self) -> i64 {
        self.outbox.lost()
    }

    /// Takes the prices of a tick from wherever they come. Safe to cancel: prices are taken whole or not at all.
    async fn gain(&mut self) {
        if let Source::Playback(playback) = &mut self.source {
            match playback.due(Instant::now()) {
                Ok(Some(snapshot)) => {
                    let prices = self.prices(&snapshot);
                    self.outbox.take(prices);
                }
                Ok(None) => self.over = true,
                Err(error) => {
                    error!("{error:#}");
                    self.over = true;
                }
            }
            return;
        }
        if let (Some(feeds), Outlet::Bus(bus)) = (&mut self.feeds, &mut self.outlet) {
            feeds.hold(self.bus_well.then_some(bus.as_mut()), &self.board).await;
        }
        let tickers = self.feeds.as_ref().map_or_else(|| self.list.tickers(), |feeds| feeds.wanting(Instant::now()));
        let snapshot = if tickers.is_empty() { None } else { self.ask(&tickers).await };
        let mut prices = snapshot.as_ref().map_or_else(Vec::new, |snapshot| self.prices(snapshot));
        if let Some(feeds) = &mut self.feeds {
            if snapshot.is_some_and(|snapshot| snapshot.failed.is_none()) {
                feeds.snapshot_came(&tickers, Instant::now());
            }
            feeds.keep_newer(&mut prices);
            // Last, so that what they tell meanwhile is in this tick, and nothing is lost when it is given up.
            prices = feeds.hear(&self.list, prices, &self.board);
        }
        self.outbox.take(prices);
    }

    /// Asks the provider for a snapshot of these tickers, if it may be asked.
    async fn ask(&mut self, tickers: &[String]) -> Option<Snapshot> {
        let Source::Live(provider) = &self.source else { return None };
        if !self.pacer.may_ask(Instant::now()) {
            debug!("the provider is not asked yet");
            return None;
        }
        if !self.hours.may_ask(Instant::now()) {
            debug!("the market is closed: the provider is asked less often");
            return None;
        }
        self.hours.asked(Instant::now());
        let status =
            async { if self.hours.is_due(Instant::now()) { Some(provider.market_is_open().await) } else { None } };
        let (status, snapshot) = tokio::join!(status, snapshot(provider, tickers, &self.pacer, &self.board));
        self.market(status);
        match snapshot {
            Ok(snapshot) => {
                match &snapshot.failed {
                    Some(failure) => self.provider_failed(failure),
                    None => self.pacer.succeeded(),
                }
                Some(snapshot)
            }
            Err(failure) => {
                self.provider_failed(&failure);
                None
            }
        }
    }

    fn prices(&self, snapshot: &Snapshot) -> Vec<Price> {
        snapshot.rows.iter().filter_map(|row| self.price(row, snapshot.received_ms)).collect()
    }

    /// Takes note of what the provider says of the market. Where it says nothing, prices are asked for at full pace.
    fn market(&mut self, status: Option<Result<bool, ProviderError>>) {
        match status {
            Some(Ok(open)) if self.hours.heard(open, Instant::now()) => {
                info!(open, "the market has opened or closed");
            }
            None | Some(Ok(_)) => {}
            Some(Err(failure)) => {
                debug!(%failure, "the market status is not known");
                self.hours.heard(true, Instant::now());
            }
        }
    }

    fn price(&self, row: &massive_client::provider::Row, received_ms: i64) -> Option<Price> {
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
        self.board.add(metrics::PROVIDER, failure.class(), 1.0);
        let wait_ms = u64::try_from(self.pacer.failed(failure, Instant::now()).as_millis()).unwrap_or(u64::MAX);
        if failure.needs_a_person() {
            error!(%failure, wait_ms, "the provider refuses; this does not pass by itself");
        } else {
            warn!(%failure, wait_ms, "no prices in this tick");
        }
    }

    /// Sends what waits, and the counters of earlier ticks that could not be sent.
    async fn write(&mut self) {
        self.gather();
        let Outlet::Bus(bus) = &mut self.outlet else {
            chassis::printed::print(self.batch.commands());
            self.confirmed();
            return;
        };
        // The connection's own time limit is per command; this one is for the whole batch.
        let answer = tokio::time::timeout(self.deadline, send(&mut self.batch, bus)).await;
        if bus.lost() != self.bus_lost {
            self.bus_lost = bus.lost();
            #[allow(clippy::cast_precision_loss, reason = "a count of connections")]
            self.board.set(metrics::RECONNECTS, bus.lost() as f64);
            // Whoever answers next may be another server, or the same one with nothing in it.
            self.outbox.forget_written();
            if let Some(feeds) = &mut self.feeds {
                feeds.start_over();
            }
        }
        match answer {
            Ok(Ok(())) => self.confirmed(),
            Ok(Err(refusal)) => self.write_failed(failure(&refusal), Some(&refusal)),
            Err(_) => self.write_failed(Failure::Timeout, None),
        }
    }

    /// Fills the batch. A price that breaks its contract is left out for good.
    fn gather(&mut self) {
        self.batch.clear();
        let prices: Vec<&Price> = self.outbox.fresh().collect();
        let repeated: Vec<&Price> = self.outbox.repeated().collect();
        let trail_from_ms = Timestamp::now().as_millisecond().saturating_sub(self.window_ms);
        let counters = Counters { lost: self.outbox.lost(), ..self.counters };
        for refused in publish(&mut self.batch, Tick { prices: &prices, repeated: &repeated, counters, trail_from_ms })
        {
            self.board.add(metrics::INVALID, "", 1.0);
            warn!(invalid = %refused.invalid, "a price breaks its contract and is not published");
            self.outbox.refuse(&refused.symbol);
        }
    }

    fn confirmed(&mut self) {
        let lost = self.outbox.lost();
        if lost > 0 {
            warn!(lost, "the bus is whole again; messages and stream entries of so many prices may be missing");
        }
        let prices = self.outbox.fresh().count() + self.outbox.repeated().count();
        #[allow(clippy::cast_precision_loss, reason = "counts of prices")]
        for (metric, count) in [(metrics::PUBLISHED, prices as f64), (metrics::LOST, lost as f64)] {
            self.board.add(metric, "", count);
        }
        self.board.ready(true);
        self.bus_well = true;
        if prices > 0 {
            info!(prices, "published");
        } else {
            debug!("no price has changed");
        }
        self.outbox.confirmed();
        self.counters = Counters::default();
    }

    fn write_failed(&mut self, failure: Failure, refusal: Option<&RedisError>) {
        self.board.add(metrics::BUS, failure.name(), 1.0);
        self.board.ready(false);
        self.bus_well = false;
        if failure == Failure::Timeout {
            self.counters.timeouts_redis += 1;
        }
        // Refused as a whole, nothing was written; of anything else a part may have been.
        self.outbox.failed(!matches!(failure, Failure::ReadOnly | Failure::Loading | Failure::NotAllowed));
        let said = refusal.map(said).unwrap_or_default();
        let lost = self.outbox.lost();
        if failure.needs_a_person() {
            error!(kind = failure.name(), said, lost, "{failure}; this does not pass by itself");
        } else {
            warn!(kind = failure.name(), said, lost, "{failure}; the newest prices are kept and written on return");
        }
    }
}

/// Sends a batch. Where there is nothing to send, the bus is asked whether it is there: a price that stands still must not
/// hide that it is gone.
async fn send(batch: &mut Batch, bus: &mut Bus) -> Result<(), RedisError> {
    if batch.is_empty() {
        return redis::cmd("PING").query_async(bus).await;
    }
    if bus.is_cluster() {
        batch.execute_by_slot(bus).await?;
    } else {
        batch.execute(bus).await?;
    }
    Ok(())
}
