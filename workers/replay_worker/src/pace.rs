//! When an entry is due: as long after the one before it as it was added after it, divided by the speed. Pure: the clock
//! comes in.

use std::time::Duration;

use tokio::time::Instant;

/// What may be caught up on after a write that took long. More is not hurried after: the pauses count, not the hour.
const CATCH_UP: Duration = Duration::from_secs(1);

/// Tells when entries are due.
#[derive(Debug)]
pub struct Pace {
    speed: f64,
    longest: Duration,
    last: Option<(Instant, i64)>,
}

impl Pace {
    /// Time passes `speed` times as fast as it did, and 0 is without pauses; no pause is longer than `longest`.
    #[must_use]
    pub fn new(speed: f64, longest: Duration) -> Self {
        Self { speed, longest, last: None }
    }

    /// Are there pauses at all?
    #[must_use]
    pub fn is_paced(&self) -> bool {
        self.speed > 0.0
    }

    /// When an entry is due that was added at `at_ms` since 1970. Entries that come out of order are due at once.
    pub fn due(&mut self, at_ms: i64, now: Instant) -> Instant {
        let Some((last, last_ms)) = self.last else {
            self.last = Some((now, at_ms));
            return now;
        };
        let gap = Duration::from_millis(u64::try_from(at_ms.saturating_sub(last_ms)).unwrap_or(0));
        // Of a speed of 0, or close to it, the longest pause is all that is left.
        let gap = Duration::try_from_secs_f64(gap.as_secs_f64() / self.speed).unwrap_or(self.longest).min(self.longest);
        let gap = if self.speed > 0.0 { gap } else { Duration::ZERO };
        let due = last.checked_add(gap).unwrap_or(now);
        self.last = Some((due.max(now.checked_sub(CATCH_UP).unwrap_or(now)), at_ms.max(last_ms)));
        due
    }
}
