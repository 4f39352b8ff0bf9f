//! When to work: slots at start, start + period, start + 2 periods and so on, whatever the work in between took.
//! Work never overlaps; a slot that comes while work is still going on is skipped and counted. Knows nothing of the work.

use std::time::Duration;

use anyhow::bail;
use tokio::sync::watch;
use tokio::time::Instant;

/// The arithmetic of slots, without a clock. Slot n lies n periods after the start, so errors never add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    period: Duration,
}

/// A slot that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its number, counted from 0.
    pub number: u64,
    /// When it is due, from the start.
    pub due: Duration,
    /// How many slots between the last one and this were skipped.
    pub skipped: u64,
}

impl Schedule {
    /// A schedule with one slot each `period`.
    ///
    /// # Errors
    /// If the period is shorter than a millisecond: timers are no finer.
    pub fn new(period: Duration) -> anyhow::Result<Self> {
        if period < Duration::from_millis(1) {
            bail!("the interval between ticks must be at least one millisecond");
        }
        Ok(Self { period })
    }

    /// The first slot after number `last` (None: none yet) that is not past when `elapsed` has passed since the start.
    #[must_use]
    pub fn next(self, last: Option<u64>, elapsed: Duration) -> Slot {
        let following = last.map_or(0, |last| last.saturating_add(1));
        let current = elapsed.as_nanos().div_ceil(self.period.as_nanos());
        let number = following.max(u64::try_from(current).unwrap_or(u64::MAX));
        let due = self.period.as_nanos().saturating_mul(u128::from(number));
        let due = Duration::from_nanos(u64::try_from(due).unwrap_or(u64::MAX));
        Slot { number, due, skipped: number - following }
    }
}

/// Waits for slots. Dropping it needs no care.
#[derive(Debug)]
pub struct Ticker {
    schedule: Schedule,
    /// Set by the first call, so that the first slot is never late.
    start: Option<Instant>,
    last: Option<u64>,
    skipped: u64,
    stop: watch::Receiver<bool>,
}

impl Ticker {
    /// A ticker whose first slot is the first call of `next`. It ends when `stop` becomes true or loses its sender.
    ///
    /// # Errors
    /// See [`Schedule::new`].
    pub fn new(period: Duration, stop: watch::Receiver<bool>) -> anyhow::Result<Self> {
        Ok(Self { schedule: Schedule::new(period)?, start: None, last: None, skipped: 0, stop })
    }

    /// Waits for the next slot and returns it; None once stopped, even if a slot is due.
    ///
    /// Call it again when the work is done: slots that have passed by then are skipped and counted. Safe to cancel.
    pub async fn next(&mut self) -> Option<Slot> {
        if *self.stop.borrow() {
            return None;
        }
        let now = Instant::now();
        let start = *self.start.get_or_insert(now);
        let slot = self.schedule.next(self.last, now.duration_since(start));
        if let Some(due) = start.checked_add(slot.due) {
            tokio::select! {
                // Stopping wins over a slot of the same moment.
                biased;
                _ = self.stop.wait_for(|stopped| *stopped) => return None,
                () = tokio::time::sleep_until(due) => {}
            }
        }
        // Counted only now, so that a cancelled wait counts nothing twice.
        self.last = Some(slot.number);
        self.skipped = self.skipped.saturating_add(slot.skipped);
        Some(slot)
    }

    /// How many slots were skipped since the start because work went on.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}
