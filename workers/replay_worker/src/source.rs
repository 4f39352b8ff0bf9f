//! The entries of the stream, by its consumer group: what this worker still holds, then what others held and left, then what
//! is new. At least once: an entry is there again until it is acknowledged.
//!
//! In: a bus. Out: entries with their ids, or why there is none. It does not know what becomes of them.

use std::time::Duration;

use chassis::bus::Bus;
use redis::{FromRedisValue as _, RedisError, Value};
use tokio::time::Instant;

use crate::wiring::payloads::SpotPrice;
use crate::wiring::support::{Invalid, Pairs, Payload as _, RawEntries, ReadError};
use crate::wiring::{Config, keys, readers};

/// The consumer group, as the registry declares it.
pub const GROUP: &str = "replay";

/// How long a read waits for new entries; a stop or a claim need not wait longer.
const BLOCK: Duration = Duration::from_millis(500);

/// An entry of the stream.
#[derive(Debug)]
pub struct Entry {
    /// Its id: milliseconds since 1970, and a number.
    pub id: String,
    /// What it holds.
    pub content: Content,
}

/// What an entry holds.
#[derive(Debug)]
pub enum Content {
    /// A price.
    Price(Box<SpotPrice>),
    /// Something that is no price.
    Invalid(Invalid),
    /// Nothing any more: it was trimmed while it was held.
    Gone,
}

impl Entry {
    /// When it was added, in milliseconds since 1970.
    #[must_use]
    pub fn at_ms(&self) -> i64 {
        self.id.split('-').next().and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// Where the next entries come from.
#[derive(Debug, Clone, PartialEq)]
enum Phase {
    /// The group may not be there.
    Open,
    /// What this worker holds, after this id.
    Held(String),
    /// What others hold, from this id on.
    Left(String),
    /// What is new.
    New,
}

/// Reads by the group.
#[derive(Debug)]
pub struct Source {
    bus: Bus,
    consumer: String,
    batch: usize,
    idle: Duration,
    phase: Phase,
    look_for_left: Instant,
    claimed: i64,
}

impl Source {
    /// Reads from a bus.
    #[must_use]
    pub fn new(bus: Bus, config: &Config) -> Self {
        Self {
            bus,
            consumer: config.replay_consumer.clone(),
            batch: usize::try_from(config.replay_batch).unwrap_or(usize::MAX),
            idle: config.replay_claim_idle_sec,
            phase: Phase::Open,
            look_for_left: Instant::now(),
            claimed: 0,
        }
    }

    /// The connection.
    pub fn bus(&mut self) -> &mut Bus {
        &mut self.bus
    }

    /// After this time without a sign of life, others take over what this worker holds.
    #[must_use]
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// Entries that were taken over from others since the last question.
    pub fn take_claimed(&mut self) -> i64 {
        std::mem::take(&mut self.claimed)
    }

    /// The next entries; none when nothing new has come. Does not `wait` for any unless told to. Safe to cancel: what was on
    /// its way is held by this worker, and comes again after [`Source::again`].
    ///
    /// # Errors
    /// Why the bus did not answer; the next call begins with what this worker holds.
    pub async fn next(&mut self, wait: bool) -> Result<Vec<Entry>, RedisError> {
        loop {
            let step = self.step(wait).await;
            match step {
                Ok(Some(entries)) => return Ok(entries),
                Ok(None) => {}
                Err(error) if error.code() == Some("NOGROUP") && self.phase != Phase::Open => {
                    tracing::warn!("the consumer group {GROUP} is gone, with the stream perhaps: it is made anew");
                    self.phase = Phase::Open;
                }
                Err(error) => {
                    self.again();
                    return Err(error);
                }
            }
        }
    }

    /// Begins anew with what this worker holds: an answer may have been lost.
    pub fn again(&mut self) {
        self.phase = Phase::Open;
    }

    /// One command. `None`: there is more to ask.
    async fn step(&mut self, wait: bool) -> Result<Option<Vec<Entry>>, RedisError> {
        match self.phase.clone() {
            Phase::Open => {
                self.open().await?;
                self.phase = Phase::Held("0".to_owned());
                Ok(None)
            }
            Phase::Held(after) => {
                let held = self.read(&after, None).await?;
                self.phase = match held.last() {
                    Some(last) => Phase::Held(last.id.clone()),
                    None => Phase::Left("0".to_owned()),
                };
                Ok((!held.is_empty()).then_some(held))
            }
            Phase::Left(from) => {
                let (next, left) = self.claim(&from).await?;
                self.phase = if next == "0-0" { Phase::New } else { Phase::Left(next) };
                self.look_for_left = Instant::now() + self.idle;
                self.claimed += i64::try_from(left.len()).unwrap_or(i64::MAX);
                Ok((!left.is_empty()).then_some(left))
            }
            Phase::New if Instant::now() >= self.look_for_left => {
                self.phase = Phase::Left("0".to_owned());
                Ok(None)
            }
            Phase::New => {
                let block = BLOCK.min(self.idle);
                Ok(Some(self.read(">", wait.then_some(block)).await?))
            }
        }
    }

    /// Makes the group, from the oldest entry on, unless it is there.
    async fn open(&mut self) -> Result<(), RedisError> {
        let arguments: [&[u8]; 3] = [GROUP.as_bytes(), b"0", b"MKSTREAM"];
        match redis_of(readers::spot_stream_xgroup_create(&mut self.bus, &arguments).await) {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            made => made.map(drop),
        }
    }

    /// Reads by the group. Not by the generated reader, for which one entry that is no price is an error of all: here it must
    /// not hold up the others.
    async fn read(&mut self, after: &str, block: Option<Duration>) -> Result<Vec<Entry>, RedisError> {
        let mut command = redis::cmd("XREADGROUP");
        command.arg("GROUP").arg(GROUP).arg(&self.consumer).arg("COUNT").arg(self.batch);
        if let Some(block) = block {
            command.arg("BLOCK").arg(u64::try_from(block.as_millis()).unwrap_or(u64::MAX).max(1));
        }
        command.arg("STREAMS").arg(keys::SPOT_STREAM).arg(after);
        let reply: Vec<(Vec<u8>, RawEntries)> = command.query_async(&mut self.bus).await?;
        Ok(reply.into_iter().flat_map(|(_, entries)| entries).map(entry).collect())
    }

    /// Takes over what others have held for too long: where to go on, and the entries.
    async fn claim(&mut self, from: &str) -> Result<(String, Vec<Entry>), RedisError> {
        let (idle, count) = (self.idle.as_millis().to_string(), self.batch.to_string());
        let arguments: [&[u8]; 6] =
            [GROUP.as_bytes(), self.consumer.as_bytes(), idle.as_bytes(), from.as_bytes(), b"COUNT", count.as_bytes()];
        let reply = redis_of(readers::spot_stream_xautoclaim(&mut self.bus, &arguments).await)?;
        let Value::Array(parts) = reply else { return Ok(("0-0".to_owned(), Vec::new())) };
        // Since Redis 7 the ids of trimmed entries come third, and are forgotten by the server; before, they came as nil.
        let mut parts = parts.into_iter();
        let next = parts.next().map(String::from_redis_value).transpose()?.unwrap_or_else(|| "0-0".to_owned());
        let Some(Value::Array(entries)) = parts.next() else { return Ok((next, Vec::new())) };
        let entries = entries.into_iter().filter(|entry| *entry != Value::Nil);
        let entries = RawEntries::from_redis_value(Value::Array(entries.collect()))?;
        Ok((next, entries.into_iter().map(entry).collect()))
    }

    /// A sign of life for entries that wait until they are due.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub async fn renew(&mut self, ids: &[&str]) -> Result<(), RedisError> {
        let mut arguments: Vec<&[u8]> = vec![GROUP.as_bytes(), self.consumer.as_bytes(), b"0"];
        arguments.extend(ids.iter().map(|id| id.as_bytes()));
        arguments.push(b"JUSTID");
        redis_of(readers::spot_stream_xclaim(&mut self.bus, &arguments).await).map(drop)
    }

    /// The entries are where they belong.
    ///
    /// # Errors
    /// When the bus does not answer: they will come again.
    pub async fn acknowledge(&mut self, ids: &[&str]) -> Result<(), RedisError> {
        redis_of(readers::spot_stream_xack(&mut self.bus, GROUP, ids).await).map(drop)
    }
}

/// Answers of these commands hold nothing that the registry describes.
fn redis_of<T>(answer: Result<T, ReadError>) -> Result<T, RedisError> {
    answer.map_err(|error| match error {
        ReadError::Redis(error) => error,
        ReadError::Invalid(invalid) => {
            (redis::ErrorKind::UnexpectedReturnType, "an answer is not what it should be", invalid.to_string()).into()
        }
    })
}

fn entry((id, fields): (String, Pairs)) -> Entry {
    let content = match fields.iter().find(|(name, _)| name == b"payload") {
        _ if fields.is_empty() => Content::Gone,
        None => Content::Invalid(Invalid::new("payload", "is missing")),
        Some((_, payload)) => match SpotPrice::decode(payload) {
            Ok(price) => Content::Price(Box::new(price)),
            Err(invalid) => Content::Invalid(invalid),
        },
    };
    Entry { id, content }
}
