//! The loop: at each tick a run, which fetches all chains and writes them as they come in. What goes wrong is counted and
//! logged, and the next run starts on time all the same.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chassis::health::Board;
use chassis::ticker::Ticker;
use futures_util::stream::StreamExt as _;
use jiff::Timestamp;
use jiff::civil::Date;
use massive_client::hours::Hours;
use massive_client::pacer::Pacer;
use massive_client::provider::{Provider, ProviderError};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tracing::{debug, error, info, warn};

use crate::distil::Spot;
use crate::fetch::{self, Fetched};
use crate::geometry::{Geometry, Sight, Strikes};
use crate::metrics::{self, METRICS};
use crate::outlet::{self, Outlet, Undone};
use crate::publish::{self, Chain, Counters};
use crate::shape::shape;
use crate::underlyings::{Followed, followed};
use crate::wiring::support::ReadError;
use crate::wiring::{Batch, Config, readers};

/// A worker that has not turned for so long, and for ten intervals, has stalled.
const STALLED: Duration = Duration::from_secs(30);

/// Everything a worker needs to run.
#[derive(Debug)]
pub struct Worker {
    provider: Arc<Provider>,
    pacer: Pacer,
    hours: Hours,
    list: Vec<Followed>,
    names: Vec<String>,
    config: Config,
    outlet: Outlet,
    batch: Batch,
    geometry: Geometry,
    counters: Counters,
    board: Board,
    /// Connections lost when last looked.
    lost: u64,
}

/// What a run has seen so far.
#[derive(Debug, Default)]
struct Seen {
    listed: BTreeMap<usize, Vec<Date>>,
    sights: BTreeMap<usize, BTreeMap<Date, Sight>>,
    failure: Option<ProviderError>,
    /// The bus did not take something: the rest of the run is given up.
    bus_failed: bool,
    snapshots: u64,
}

impl Seen {
    /// Of several failures that counts which asks for the most patience, so that a page that was late does not hide a limit.
    fn failed(&mut self, failure: ProviderError) {
        let weight = |failure: &ProviderError| match failure {
            ProviderError::RateLimited { .. } => 3,
            failure if failure.needs_a_person() => 2,
            ProviderError::Timeout { .. } => 0,
            _ => 1,
        };
        if self.failure.as_ref().is_none_or(|known| weight(&failure) > weight(known)) {
            self.failure = Some(failure);
        }
    }
}

/// The word to stop has come; what is under way at the provider is given up.
#[derive(Debug)]
struct Stopped;

impl Worker {
    /// A worker that asks this provider and writes to this outlet.
    ///
    /// # Errors
    /// When the underlyings cannot be followed.
    pub fn new(config: &Config, provider: Provider, outlet: Outlet) -> anyhow::Result<Self> {
        let list = followed(&config.massive_chain_symbols)?;
        Ok(Self {
            provider: Arc::new(provider),
            pacer: Pacer::default(),
            hours: Hours::new(config.massive_chain_closed_interval_sec),
            names: list.iter().map(|followed| followed.name.to_string()).collect(),
            list,
            config: config.clone(),
            lost: outlet.lost(),
            outlet,
            batch: Batch::new(config),
            geometry: Geometry::default(),
            counters: Counters::default(),
            board: Board::new(METRICS, STALLED.max(config.massive_chain_interval_sec * 10)),
        })
    }

    /// Runs at each tick until told to stop. A batch under way gets its time; a request under way is given up.
    ///
    /// # Errors
    /// When the interval cannot be kept at all.
    pub async fn run(&mut self, mut stop: watch::Receiver<bool>) -> anyhow::Result<u64> {
        let mut ticker = Ticker::new(self.config.massive_chain_interval_sec, stop.clone())?;
        let mut runs = 0;
        while let Some(slot) = ticker.next().await {
            if slot.skipped > 0 {
                #[allow(clippy::cast_precision_loss, reason = "a count of runs")]
                self.board.add(metrics::SKIPPED, "", slot.skipped as f64);
                warn!(skipped = slot.skipped, "runs were skipped: the last one took longer than the interval");
            }
            if self.turn(&mut stop).await.is_err() {
                break;
            }
            runs += 1;
        }
        Ok(runs)
    }

    /// One run.
    pub async fn tick(&mut self) {
        // Its sender lives as long as the run: nobody says stop.
        let (_quiet, mut stop) = watch::channel(false);
        let _ = self.turn(&mut stop).await;
    }

    /// The figures for operators.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    async fn turn(&mut self, stop: &mut watch::Receiver<bool>) -> Result<(), Stopped> {
        self.board.turned();
        if !self.pacer.may_ask(Instant::now()) {
            debug!("the provider is not asked yet");
            return Ok(());
        }
        if self.hours.is_due(Instant::now()) {
            let provider = Arc::clone(&self.provider);
            // A status that is late must not cost the run its time.
            let patience = self.config.massive_chain_interval_sec / 5;
            let status = unless(stop, timeout(patience, provider.market_is_open())).await?;
            self.market(status.unwrap_or(Err(ProviderError::Timeout { after: patience })));
        }
        if !self.hours.may_ask(Instant::now()) {
            debug!("the market is closed: the provider is asked less often");
            return Ok(());
        }
        let start = Instant::now();
        self.hours.asked(start);
        self.board.add(metrics::RUNS, "", 1.0);
        let mut seen = Seen::default();
        self.chains(start, stop, &mut seen).await?;
        self.tell(&mut seen).await;
        self.finish(start, seen).await;
        Ok(())
    }

    /// Takes note of what the provider says of the market. Where it says nothing, chains are asked for at full pace.
    fn market(&mut self, status: Result<bool, ProviderError>) {
        let open = status.unwrap_or_else(|failure| {
            debug!(%failure, "the market status is not known");
            true
        });
        if self.hours.heard(open, Instant::now()) {
            info!(open, "the market has opened or closed");
        }
    }

    /// Fetches all chains, and writes each as it comes in.
    async fn chains(
        &mut self,
        start: Instant,
        stop: &mut watch::Receiver<bool>,
        seen: &mut Seen,
    ) -> Result<(), Stopped> {
        // What is left of the interval is for writing.
        let deadline = start + self.config.massive_chain_interval_sec.mul_f64(0.8);
        let spots = self.spots().await;
        let (provider, names) = (Arc::clone(&self.provider), self.names.clone());
        let count = self.config.massive_chain_num_expirations;
        let lists = unless(stop, fetch::expirations(&provider, &names, count, deadline)).await?;
        for (number, list) in lists.into_iter().enumerate() {
            match list {
                Ok(days) => {
                    seen.listed.insert(number, days);
                }
                Err(failure) => self.provider_failed(failure, &names[number], None, seen),
            }
        }
        let wanted = seen.listed.iter().flat_map(|(number, days)| days.iter().map(|day| (*number, *day))).collect();
        let mut chains = pin!(fetch::chains(&provider, &names, wanted, deadline));
        while let Some(fetched) = unless(stop, chains.next()).await? {
            self.chain(fetched, &spots, seen).await;
            if seen.bus_failed {
                // An old chain is worth nothing: the rest of the run is given up.
                break;
            }
        }
        Ok(())
    }

    /// The prices of the underlyings, as the spot worker published them. What cannot be read is not known.
    async fn spots(&mut self) -> Vec<Option<Spot>> {
        let mut spots = vec![None; self.list.len()];
        let Outlet::Bus(bus) = &mut self.outlet else { return spots };
        for (followed, known) in self.list.iter().zip(&mut spots) {
            for symbol in &followed.symbols {
                match readers::spot_latest_get(bus.as_mut(), symbol).await {
                    Ok(Some(price)) => {
                        let at_ms = price.ts.parse().ok().map(Timestamp::as_millisecond);
                        *known = Spot::newer(known.take(), Some(Spot { value: price.value, at_ms }));
                    }
                    Ok(None) => {}
                    Err(ReadError::Invalid(error)) => {
                        debug!(%error, %symbol, "the price of the underlying is not what the registry says");
                    }
                    Err(error) => {
                        // Each further question might take as long as this one.
                        debug!(%error, "the bus does not tell the prices of the underlyings");
                        return spots;
                    }
                }
            }
        }
        spots
    }

    async fn chain(&mut self, fetched: Fetched, spots: &[Option<Spot>], seen: &mut Seen) {
        let Fetched { underlying: number, expiration, walked } = fetched;
        let Some(followed) = self.list.get(number).map(|followed| followed.name.clone()) else { return };
        let walked = match walked {
            Ok(walked) => walked,
            Err(failure) => return self.provider_failed(failure, followed.as_str(), Some(expiration), seen),
        };
        if let Some(broken) = &walked.broken {
            warn!(underlying = %followed, %expiration, %broken, "only a part of the chain");
            if let crate::walk::Broken::Failed(failure) = broken {
                self.board.add(metrics::PROVIDER, failure.class(), 1.0);
                seen.failed(failure.clone());
            }
        }
        #[allow(clippy::cast_precision_loss, reason = "a count of rows")]
        self.board.add(metrics::ODD, "", walked.odd as f64);
        let partial = walked.broken.is_some();
        let spot = Spot::newer(spots.get(number).cloned().flatten(), walked.spot);
        let range_points = self.config.massive_chain_range_points;
        let shaped = shape(walked.contracts, spot.as_ref().map(|spot| spot.value), range_points);
        let (contracts, strikes) = (shaped.contracts.len(), Strikes::of(&shaped.contracts));
        seen.sights.entry(number).or_default().insert(expiration, Sight { strikes, partial });
        if contracts == 0 {
            debug!(underlying = %followed, %expiration, "the chain is empty");
            return;
        }
        let first_ms = walked.first_ms;
        let chain = Chain { underlying: &followed, expiration, first_ms, spot, partial, range_points, shaped };
        self.write(chain, contracts, seen).await;
    }

    /// Writes a snapshot, and then the way to it: no reader is led to one that is not there.
    async fn write(&mut self, chain: Chain<'_>, contracts: usize, seen: &mut Seen) {
        let partial = chain.partial;
        let name = match chain.snapshot(&mut self.batch) {
            Ok(name) => name,
            Err(invalid) => {
                self.board.add(metrics::INVALID, "", 1.0);
                self.counters.errors += 1;
                error!(%invalid, "a chain breaks its contract and is not published");
                return;
            }
        };
        if !self.send(false, seen).await {
            return;
        }
        name.latest(&mut self.batch);
        if !self.send(false, seen).await {
            return;
        }
        seen.snapshots += 1;
        self.counters.contracts += i64::try_from(contracts).unwrap_or(i64::MAX);
        self.counters.partial += i64::from(partial);
        #[allow(clippy::cast_precision_loss, reason = "a count of contracts")]
        let contracts = contracts as f64;
        let figures = [
            (metrics::SNAPSHOTS, 1.0),
            (metrics::CONTRACTS, contracts),
            (metrics::PARTIAL, f64::from(u8::from(partial))),
        ];
        for (metric, by) in figures {
            self.board.add(metric, "", by);
        }
    }

    /// Tells the bus what has changed in the geometry.
    async fn tell(&mut self, seen: &mut Seen) {
        for (number, listed) in std::mem::take(&mut seen.listed) {
            let sights = seen.sights.remove(&number).unwrap_or_default();
            self.geometry.see(&self.names[number], &listed, sights);
        }
        if seen.bus_failed || self.geometry.untold().next().is_none() {
            return;
        }
        publish::subscriptions(&mut self.batch, &self.geometry);
        if !self.send(true, seen).await {
            return;
        }
        if let Err(invalid) = publish::changes(&mut self.batch, &self.geometry) {
            error!(%invalid, "a change of the geometry breaks its contract and is not published");
        }
        if self.send(false, seen).await {
            info!(contracts = self.geometry.tickers().len(), "the geometry has changed");
            self.geometry.told();
        }
    }

    async fn finish(&mut self, start: Instant, mut seen: Seen) {
        match seen.failure.take() {
            Some(failure) => {
                let wait_ms =
                    u64::try_from(self.pacer.failed(&failure, Instant::now()).as_millis()).unwrap_or(u64::MAX);
                debug!(wait_ms, "the provider is left alone for so long");
            }
            None => self.pacer.succeeded(),
        }
        let latency_ms = i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX);
        let counters = self.counters;
        if !seen.bus_failed {
            publish::analytics(&mut self.batch, counters, latency_ms);
            if self.send(false, &mut seen).await {
                self.counters = Counters::default();
            }
        }
        // Contracts of a run that the bus did not take whole are not counted later; troubles are.
        self.counters.contracts = 0;
        self.board.set(metrics::RUN_SECONDS, start.elapsed().as_secs_f64());
        self.board.ready(!seen.bus_failed);
        info!(snapshots = seen.snapshots, latency_ms, "a run has ended");
    }

    /// Sends the batch. Has the bus taken it?
    async fn send(&mut self, together: bool, seen: &mut Seen) -> bool {
        let answer = self.outlet.send(&mut self.batch, together, outlet::deadline(&self.config)).await;
        if self.outlet.lost() != self.lost {
            self.lost = self.outlet.lost();
            #[allow(clippy::cast_precision_loss, reason = "a count of connections")]
            self.board.set(metrics::RECONNECTS, self.lost as f64);
            // Whoever answers next may be another server, or the same one with nothing in it.
            self.geometry.forget_told();
        }
        let Err(Undone { failure, said }) = answer else { return true };
        seen.bus_failed = true;
        self.counters.errors += 1;
        self.board.add(metrics::BUS, failure.name(), 1.0);
        if failure.needs_a_person() {
            error!(kind = failure.name(), said, "{failure}; this does not pass by itself");
        } else {
            warn!(kind = failure.name(), said, "{failure}; the run is lost, and the next one writes anew");
        }
        false
    }

    fn provider_failed(&mut self, failure: ProviderError, underlying: &str, expiration: Option<Date>, seen: &mut Seen) {
        self.counters.errors += 1;
        self.board.add(metrics::PROVIDER, failure.class(), 1.0);
        let expiration = expiration.map(tracing::field::display);
        if failure.needs_a_person() {
            error!(underlying, expiration, %failure, "the provider refuses; this does not pass by itself");
        } else {
            warn!(underlying, expiration, %failure, "no chain in this run");
        }
        seen.failed(failure);
    }
}

/// The outcome, unless the word to stop comes first.
async fn unless<T>(stop: &mut watch::Receiver<bool>, work: impl Future<Output = T>) -> Result<T, Stopped> {
    tokio::select! {
        _ = stop.wait_for(|told| *told) => Err(Stopped),
        done = work => Ok(done),
    }
}
