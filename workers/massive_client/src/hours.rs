//! How often to ask while the market is closed: the market status is looked at once a minute. Pure: the clock comes in.

use std::time::Duration;

use tokio::time::Instant;

/// How long a status is good for.
const STATUS: Duration = Duration::from_secs(60);

/// What is known of the market, and when the provider was asked last.
#[derive(Debug)]
pub struct Hours {
    interval: Duration,
    open: bool,
    heard: Option<Instant>,
    asked: Option<Instant>,
}

impl Hours {
    /// An open market, until something else is heard; while it is closed, prices are asked for each `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { interval, open: true, heard: None, asked: None }
    }

    /// Is it time to ask for prices?
    #[must_use]
    pub fn may_ask(&self, now: Instant) -> bool {
        self.open || self.asked.is_none_or(|asked| now.duration_since(asked) >= self.interval) || self.is_due(now)
    }

    /// Prices were asked for.
    pub fn asked(&mut self, now: Instant) {
        self.asked = Some(now);
    }

    /// Is it time to ask for the status?
    #[must_use]
    pub fn is_due(&self, now: Instant) -> bool {
        self.heard.is_none_or(|heard| now.duration_since(heard) >= STATUS)
    }

    /// The market is open, or is not. Has that changed?
    pub fn heard(&mut self, open: bool, now: Instant) -> bool {
        self.heard = Some(now);
        std::mem::replace(&mut self.open, open) != open
    }
}
