//! The loop: at each tick one request to the provider, one batch to the bus. What goes wrong is counted and logged, and
//! the next tick starts on time all the same.

use std::time::Duration;

use chassis::bus::{Failure, failure};
use chassis::health::Board;
use chassis::ticker::Ticker;
use jiff::Timestamp;
use redis::RedisError;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, error, info, warn};

use crate::metrics::{self, METRICS};
use crate::outbox::Outbox;
use crate::outlet::{self, Outlet};
use crate::publish::{Counters, Tick, publish};
use crate::symbols::Watchlist;
use crate::unify::{InstrumentType, NoPrice, Price, unify};
use crate::wiring::{Batch, Config};
use massive_client::hours::Hours;
use massive_client::pacer::Pacer;
use massive_client::playback::Playback;
use massive_client::provider::{Provider, ProviderError, Snapshot};

/// A worker that has not turned for so long, and for ten intervals, has stalled.
const STALLED: Duration = Duration::from_secs(30);

/// Everything a worker needs to run.
#[derive(Debug)]
pub struct Worker {
    source: Source,
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
}

/// Where prices come from.
#[derive(Debug)]
pub enum Source {
    /// The provider.
    Live(Box<Provider>),
    /// What was captured of it.
    Playback(Box<Playback>),
}

impl From<Provider> for Source {
    fn from(provider: Provider) -> Self {
        Self::Live(Box::new(provider))
    }
}

impl From<Playback> for Source {
    fn from(playback: Playback) -> Self {
        Self::Playback(Box::new(playback))
    }
}

impl Worker {
    /// A worker that asks this provider, or plays this capture, and writes to this outlet.
    ///
    /// # Errors
    /// When the symbols cannot be followed.
    pub fn new(config: &Config, source: impl Into<Source>, outlet: Outlet) -> anyhow::Result<Self> {
        Ok(Self {
            source: source.into(),
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
        })
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
                () = self.ask() => {}
            }
            self.write().await;
            self.board.set(metrics::TICK_SECONDS, start.elapsed().as_secs_f64());
            ticks += 1;
            if self.over && self.outbox.is_empty() {
                info!("everything was played back");
                break;
            }
        }
        Ok(ticks)
    }

    /// One tick.
    pub async fn tick(&mut self) {
        self.begin();
        self.ask().await;
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

    /// Asks the provider, if it may be asked. Safe to cancel: prices are taken whole or not at all.
    async fn ask(&mut self) {
        let provider = match &mut self.source {
            Source::Live(provider) => provider,
            Source::Playback(playback) => {
                match playback.due(Instant::now()) {
                    Ok(Some(snapshot)) => self.take(&snapshot),
                    Ok(None) => self.over = true,
                    Err(error) => {
                        error!("{error:#}");
                        self.over = true;
                    }
                }
                return;
            }
        };
        if !self.pacer.may_ask(Instant::now()) {
            debug!("the provider is not asked yet");
            return;
        }
        if !self.hours.may_ask(Instant::now()) {
            debug!("the market is closed: the provider is asked less often");
            return;
        }
        self.hours.asked(Instant::now());
        let status =
            async { if self.hours.is_due(Instant::now()) { Some(provider.market_is_open().await) } else { None } };
        let tickers = self.list.tickers();
        let (status, snapshot) = tokio::join!(status, snapshot(provider, &tickers, &self.pacer, &self.board));
        self.market(status);
        match snapshot {
            Ok(snapshot) => {
                match &snapshot.failed {
                    Some(failure) => self.provider_failed(failure),
                    None => self.pacer.succeeded(),
                }
                self.take(&snapshot);
            }
            Err(failure) => self.provider_failed(&failure),
        }
    }

    fn take(&mut self, snapshot: &Snapshot) {
        let prices: Vec<Price> = snapshot.rows.iter().filter_map(|row| self.price(row, snapshot.received_ms)).collect();
        self.outbox.take(prices);
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
        let lost_before = bus.lost();
        // The connection's own time limit is per command; this one is for the whole batch.
        let answer = if bus.is_cluster() {
            tokio::time::timeout(self.deadline, self.batch.execute_by_slot(bus.as_mut())).await
        } else {
            tokio::time::timeout(self.deadline, self.batch.execute(bus.as_mut())).await
        };
        if bus.lost() != lost_before {
            #[allow(clippy::cast_precision_loss, reason = "a count of connections")]
            self.board.set(metrics::RECONNECTS, bus.lost() as f64);
            // Whoever answers next may be another server, or the same one with nothing in it.
            self.outbox.forget_written();
        }
        match answer {
            Ok(Ok(_)) => self.confirmed(),
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
        if failure == Failure::Timeout {
            self.counters.timeouts_redis += 1;
        }
        // Refused as a whole, nothing was written; of anything else a part may have been.
        self.outbox.failed(!matches!(failure, Failure::ReadOnly | Failure::Loading | Failure::NotAllowed));
        let said = refusal.and_then(RedisError::detail).unwrap_or_default();
        let lost = self.outbox.lost();
        if failure.needs_a_person() {
            error!(kind = failure.name(), said, lost, "{failure}; this does not pass by itself");
        } else {
            warn!(kind = failure.name(), said, lost, "{failure}; the newest prices are kept and written on return");
        }
    }
}

/// The rows of a tick. After a failure that passes by itself the provider is asked again, as long as that fits into the time
/// for one request.
async fn snapshot(
    provider: &Provider,
    tickers: &[String],
    pacer: &Pacer,
    board: &Board,
) -> Result<Snapshot, ProviderError> {
    let (start, within) = (Instant::now(), provider.timeout());
    let mut failures = 0;
    loop {
        let left = within.saturating_sub(start.elapsed());
        let answer = tokio::time::timeout(left, provider.snapshot(tickers)).await;
        let answer = answer.unwrap_or(Err(ProviderError::Timeout { after: within }));
        let wait = pacer.wait(failures);
        match &answer {
            Err(failure) if failure.passes() && start.elapsed() + wait < within => {
                debug!(%failure, "the provider is asked again within the tick");
                board.add(metrics::PROVIDER, failure.class(), 1.0);
            }
            _ => return answer,
        }
        failures += 1;
        tokio::time::sleep(wait).await;
    }
}
