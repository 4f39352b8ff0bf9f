//! The loop: entries come from the source, wait until they are due, go to the target, and are acknowledged. Nothing that the
//! target has not confirmed is acknowledged; what fails is tried again, with waits that grow.

use std::time::Duration;

use chassis::bus::{failure, said};
use chassis::health::Board;
use redis::RedisError;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, warn};

use crate::metrics::{self, METRICS};
use crate::pace::Pace;
use crate::source::{Content, Entry, Source};
use crate::target::{Ready, Target};
use crate::wiring::{Batch, Config};

/// A worker that has not turned for so long has stalled.
const STALLED: Duration = Duration::from_secs(30);

/// The waits between two attempts: the first, which doubles, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Everything a replay needs to run.
#[derive(Debug)]
pub struct Replay {
    source: Source,
    target: Target,
    pace: Pace,
    counts: Counts,
    journal: Batch,
    board: Board,
    stop: watch::Receiver<bool>,
}

/// What is to be told in the analytics.
#[derive(Debug, Default)]
struct Counts {
    replayed: i64,
    refused: i64,
    gone: i64,
    claimed: i64,
    last_id: Option<String>,
}

/// It was told to stop; what is held stays held.
struct Stopped;

impl Replay {
    /// A replay from a source to a target, until `stop` says true.
    #[must_use]
    pub fn new(config: &Config, source: Source, target: Target, stop: watch::Receiver<bool>) -> Self {
        Self {
            source,
            target,
            pace: Pace::new(config.replay_speed, config.replay_max_pause_sec),
            counts: Counts::default(),
            journal: Batch::new(config),
            board: Board::new(METRICS, STALLED.max(config.replay_max_pause_sec)),
            stop,
        }
    }

    /// The figures for operators.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Replays until told to stop, or, with `once`, until nothing is left. Gives the number of entries.
    pub async fn run(&mut self, once: bool) -> u64 {
        let mut replayed = 0;
        let mut failures = 0;
        loop {
            self.board.turned();
            let mut stop = self.stop.clone();
            let next = tokio::select! {
                biased;
                _ = stop.wait_for(|told| *told) => break,
                next = self.source.next(!once) => next,
            };
            let held = match next {
                Ok(held) if held.is_empty() && once => break,
                Ok(held) => held,
                Err(error) => {
                    self.source_failed(&error);
                    if self.wait(failures).await.is_err() {
                        break;
                    }
                    failures += 1;
                    continue;
                }
            };
            failures = 0;
            self.counts.claimed += self.source.take_claimed();
            self.board.ready(true);
            match self.play(held).await {
                Ok(count) => replayed += count,
                Err(Stopped) => break,
            }
        }
        replayed
    }

    /// Plays entries as they come due.
    async fn play(&mut self, mut held: Vec<Entry>) -> Result<u64, Stopped> {
        let mut played = 0;
        while let Some(first) = held.first() {
            let due = self.pace.due(first.at_ms(), Instant::now());
            self.wait_until(due, &held).await?;
            // Those that are due as well go out together.
            let now = Instant::now();
            let mut count = 1;
            while let Some(next) = held.get(count) {
                if next.at_ms() != held[count - 1].at_ms() && self.pace.is_paced() {
                    break;
                }
                count += 1;
            }
            let rest = held.split_off(count);
            played += self.settle(&held, &rest).await?;
            self.board.set(metrics::LATE_SECONDS, now.saturating_duration_since(due).as_secs_f64());
            held = rest;
        }
        Ok(played)
    }

    /// Waits, and gives a sign of life for what is held meanwhile.
    async fn wait_until(&mut self, due: Instant, held: &[Entry]) -> Result<(), Stopped> {
        loop {
            self.board.turned();
            let sign = Instant::now() + self.source.idle() / 3;
            let mut stop = self.stop.clone();
            tokio::select! {
                biased;
                _ = stop.wait_for(|told| *told) => return Err(Stopped),
                () = tokio::time::sleep_until(due.min(sign)) => {}
            }
            if Instant::now() >= due {
                return Ok(());
            }
            self.renew(held).await;
        }
    }

    async fn renew(&mut self, held: &[Entry]) {
        let ids: Vec<&str> = held.iter().map(|entry| entry.id.as_str()).collect();
        if let Err(error) = self.source.renew(&ids).await {
            // Then another worker may take them over: they are replayed twice.
            self.source_failed(&error);
        }
    }

    /// Writes entries and acknowledges them. `rest` is held on meanwhile.
    async fn settle(&mut self, entries: &[Entry], rest: &[Entry]) -> Result<u64, Stopped> {
        let mut ready = Vec::with_capacity(entries.len());
        for entry in entries {
            match &entry.content {
                Content::Gone => self.counts.gone += 1,
                Content::Invalid(invalid) => self.refuse(&entry.id, invalid),
                Content::Price(price) => match Ready::new(&entry.id, price) {
                    Ok(price) => ready.push(price),
                    Err(invalid) => self.refuse(&entry.id, &invalid),
                },
            }
        }
        let mut failures = 0;
        while let Err(error) = if ready.is_empty() { Ok(()) } else { self.target.write(&ready).await } {
            self.board.add(metrics::TARGET, "", 1.0);
            self.board.ready(false);
            warn!("not replayed: {error:#}; it is tried again");
            self.wait(failures).await?;
            self.renew(entries).await;
            self.renew(rest).await;
            failures += 1;
        }
        self.counts.replayed += i64::try_from(ready.len()).unwrap_or(i64::MAX);
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        self.counts.last_id = ids.last().map(|id| (*id).to_owned());
        debug!(entries = ids.len(), "replayed");
        match self.source.acknowledge(&ids).await {
            Ok(()) => self.tell().await,
            Err(error) => {
                // They are held still, and come again.
                self.source_failed(&error);
                self.source.again();
            }
        }
        Ok(u64::try_from(ready.len()).unwrap_or(u64::MAX))
    }

    fn refuse(&mut self, id: &str, invalid: &impl std::fmt::Display) {
        self.counts.refused += 1;
        warn!(id, %invalid, "an entry is no spot price and is left out");
    }

    /// Adds to the analytics; what cannot be told now is told with the next entries.
    async fn tell(&mut self) {
        let Counts { replayed, refused, gone, claimed, last_id } = &self.counts;
        let journal = &mut self.journal;
        journal.clear();
        journal.replay_analytics_hincrby_replayed(*replayed);
        if *refused != 0 {
            journal.replay_analytics_hincrby_refused(*refused);
        }
        if *gone != 0 {
            journal.replay_analytics_hincrby_gone(*gone);
        }
        if *claimed != 0 {
            journal.replay_analytics_hincrby_claimed(*claimed);
        }
        if let Some(id) = last_id {
            journal.replay_analytics_hset_last_id(id);
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of entries")]
        let counted = [
            (metrics::REPLAYED, *replayed as f64),
            (metrics::REFUSED, *refused as f64),
            (metrics::GONE, *gone as f64),
            (metrics::CLAIMED, *claimed as f64),
        ];
        match journal.execute(self.source.bus()).await {
            Ok(_) => {
                counted.into_iter().for_each(|(name, value)| self.board.add(name, "", value));
                self.counts = Counts::default();
            }
            Err(error) => self.source_failed(&error),
        }
    }

    fn source_failed(&self, error: &RedisError) {
        let failure = failure(error);
        self.board.add(metrics::SOURCE, failure.name(), 1.0);
        self.board.ready(false);
        warn!(kind = failure.name(), said = said(error), "{failure}; it is tried again");
    }

    /// Waits after so many failures before this one.
    async fn wait(&self, failures: u32) -> Result<(), Stopped> {
        self.board.turned();
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            _ = stop.wait_for(|told| *told) => Err(Stopped),
            () = tokio::time::sleep(WAITS.0.saturating_mul(1 << failures.min(10)).min(WAITS.1)) => Ok(()),
        }
    }
}
