//! Prices of one tick -> one batch of writes, by the generated writers. Serialises each price once.

use crate::unify::{Price, epoch_ms};
use crate::wiring::Batch;
use crate::wiring::params::Symbol;
use crate::wiring::support::{Encoded, Invalid, Payload};

/// What a tick adds to the analytics besides its prices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Writes to the bus that timed out.
    pub timeouts_redis: i64,
    /// Requests that timed out, and held indices.
    pub timeouts_index: i64,
    /// Requests that timed out, and held stocks.
    pub timeouts_stock: i64,
    /// Ticks that took longer than their interval.
    pub timeouts_tick: i64,
    /// Prices whose message and stream entry the bus may lack.
    pub lost: i64,
}

/// A price that breaks its contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Whose price it is.
    pub symbol: String,
    /// What is wrong with it.
    pub invalid: Invalid,
}

/// What a tick brought.
#[derive(Debug, Clone, Copy)]
pub struct Tick<'a> {
    /// Prices that are new to the bus.
    pub prices: &'a [&'a Price],
    /// Prices that may have been written already: messages and entries of the stream are not sent twice.
    pub repeated: &'a [&'a Price],
    /// What went wrong since the last tick that was written.
    pub counters: Counters,
    /// The moment before which prices are too old for the trails, in milliseconds since the epoch. The provider repeats
    /// the last trade of a quiet symbol for weeks; in a trail it would outlive the window, because trails are trimmed
    /// by the prices that are written to them.
    pub trail_from_ms: i64,
}

/// Adds all writes of a tick to a batch. A price that breaks its own contract is left out and returned: the others go out.
pub fn publish(batch: &mut Batch, tick: Tick<'_>) -> Vec<Refused> {
    let Tick { prices, repeated, counters, trail_from_ms } = tick;
    let mut refused = Vec::new();
    let (mut frames, mut bytes, mut last) = (0, 0, None);
    let refusal = |price: &Price, invalid| Refused { symbol: price.symbol.clone(), invalid };
    for price in repeated {
        if let Err(invalid) = state(batch, price, trail_from_ms) {
            refused.push(refusal(price, invalid));
        }
    }
    for price in prices {
        match publish_one(batch, price, trail_from_ms) {
            Ok(size) => {
                frames += 1;
                bytes += i64::try_from(size).unwrap_or(i64::MAX);
                last = Some(&price.ts);
            }
            Err(invalid) => refused.push(refusal(price, invalid)),
        }
    }
    if let Some(last) = last {
        batch.spot_analytics_hincrby_frames(frames).spot_analytics_hincrby_bytes(bytes);
        if let Err(invalid) = batch.spot_analytics_hset_last_ts(last) {
            tracing::warn!(%invalid, "the time of the last price is not written");
        }
    }
    count(batch, counters);
    refused
}

/// All writes of one price; gives the bytes of its payload.
fn publish_one(batch: &mut Batch, price: &Price, trail_from_ms: i64) -> Result<usize, Invalid> {
    let value = state(batch, price, trail_from_ms)?;
    batch.spot_publish(&value).spot_stream_xadd(&value);
    Ok(value.len())
}

/// Those writes of one price that leave the same when they are done twice.
fn state(batch: &mut Batch, price: &Price, trail_from_ms: i64) -> Result<Encoded<Price>, Invalid> {
    // Everything that can be refused comes before the first write: a price goes out whole or not at all.
    let symbol = Symbol::new(price.symbol.as_str())?;
    let at_ms = epoch_ms(price).ok_or_else(|| Invalid::new("/ts", "must be a moment"))?;
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of any year that can be written are below 2^53")]
    let at_s = at_ms as f64 / 1000.0;
    let value = price.encode()?;
    if at_ms > trail_from_ms {
        batch.spot_symbol_trail_zadd(&symbol, at_s, &value)?.spot_trail_zadd(at_ms, &value);
    }
    batch.spot_latest_set(&symbol, &value).spot_set(&value);
    Ok(value)
}

fn count(batch: &mut Batch, counters: Counters) {
    let Counters { timeouts_redis, timeouts_index, timeouts_stock, timeouts_tick, lost } = counters;
    if timeouts_redis != 0 {
        batch.spot_analytics_hincrby_timeouts_redis(timeouts_redis);
    }
    if timeouts_index != 0 {
        batch.spot_analytics_hincrby_timeouts_index(timeouts_index);
    }
    if timeouts_stock != 0 {
        batch.spot_analytics_hincrby_timeouts_stock(timeouts_stock);
    }
    if timeouts_tick != 0 {
        batch.spot_analytics_hincrby_timeouts_tick(timeouts_tick);
    }
    if lost != 0 {
        batch.spot_analytics_hincrby_lost(lost);
    }
}
