//! Who may listen to a feed of the provider's WebSocket. The provider cuts the older of two connections off, so that two workers
//! would evict each other for ever: a lease on the bus, which the registry declares like any key, says whose turn it is.
//!
//! Taken by SET NX with its TTL, renewed and given back only after GET has told that it is still this worker's. Between the two a
//! lease may run out and be taken by another: then it is prolonged for that one, or taken from it, which costs that one a turn.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use chassis::bus::Bus;
use redis::Value;
use tokio::time::Instant;

use crate::wiring::params::Feed;
use crate::wiring::support::ReadError;
use crate::wiring::{Batch, Config, readers};

/// The lease of one feed, as far as this worker knows.
#[derive(Debug)]
pub struct Lease {
    feed: Feed,
    /// Stands for this worker, and for no other that ever was.
    token: String,
    ttl: Duration,
    /// The time between two looks of the worker.
    interval: Duration,
    batch: Batch,
    /// Held until then, counted from before it was asked for.
    until: Option<Instant>,
    /// When to ask the bus again.
    next: Option<Instant>,
}

/// Why the bus did not say whose the lease is.
#[derive(Debug)]
pub struct Unknown(String);

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "whose the lease is cannot be told: {}", self.0)
    }
}

impl std::error::Error for Unknown {}

impl From<ReadError> for Unknown {
    fn from(error: ReadError) -> Self {
        Self(error.to_string())
    }
}

impl From<redis::RedisError> for Unknown {
    fn from(error: redis::RedisError) -> Self {
        Self(error.to_string())
    }
}

impl Lease {
    /// The lease of a feed, not held yet.
    #[must_use]
    pub fn new(config: &Config, feed: Feed) -> Self {
        let random = RandomState::new();
        let token = format!("{}-{:016x}{:016x}", std::process::id(), random.hash_one(0), random.hash_one(1));
        Self {
            feed,
            token,
            ttl: config.massive_spot_lease_ttl_sec,
            interval: config.massive_spot_interval_sec,
            batch: Batch::new(config),
            until: None,
            next: None,
        }
    }

    /// Is it this worker's, and will it be so at the next look?
    #[must_use]
    pub fn is_held(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now + self.interval < until)
    }

    /// Takes it if it is free, or renews it; a third of its time must have passed since the last time.
    ///
    /// # Errors
    /// When the bus fails. Then it is held as long as it would have been, and the next call asks again.
    pub async fn renew(&mut self, bus: &mut Bus, now: Instant) -> Result<(), Unknown> {
        if self.next.is_some_and(|next| now < next) {
            return Ok(());
        }
        let holder = readers::spot_lease_get(bus, &self.feed).await?;
        self.batch.clear();
        match holder {
            // Its own, even if the answer to the SET that took it was lost.
            Some(holder) if holder == self.token => self.batch.spot_lease_pexpire(&self.feed),
            Some(_) => {
                (self.until, self.next) = (None, Some(now + self.ttl / 3));
                return Ok(());
            }
            None => self.batch.spot_lease_set_nx(&self.feed, &self.token),
        };
        let answer = self.batch.execute(bus).await?;
        let done = matches!(answer.first(), Some(Value::Okay | Value::Int(1)));
        (self.until, self.next) = (done.then(|| now + self.ttl), Some(now + self.ttl / 3));
        Ok(())
    }

    /// Gives it back if it is this worker's, so that another need not wait until it runs out.
    ///
    /// # Errors
    /// When the bus fails.
    pub async fn give_back(&mut self, bus: &mut Bus) -> Result<(), Unknown> {
        (self.until, self.next) = (None, None);
        if readers::spot_lease_get(bus, &self.feed).await?.is_some_and(|holder| holder == self.token) {
            self.batch.clear();
            self.batch.spot_lease_del(&self.feed);
            self.batch.execute(bus).await?;
        }
        Ok(())
    }
}
