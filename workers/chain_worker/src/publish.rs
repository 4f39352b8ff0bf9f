//! Chains, their geometry and counts -> batches of the generated writers. Decides nothing about connections.

use jiff::Timestamp;
use jiff::civil::Date;
use massive_client::time::rfc3339_millis;

use crate::distil::Spot;
use crate::geometry::Geometry;
use crate::shape::Shaped;
use crate::wiring::payloads::{ChainGeometry, ChainSnapshot};
use crate::wiring::support::{Invalid, Payload as _};
use crate::wiring::{Batch, keys, params};

/// A chain that is ready to be written.
#[derive(Debug)]
pub struct Chain<'a> {
    /// Whose chain it is.
    pub underlying: &'a params::Underlying,
    /// Its expiration.
    pub expiration: Date,
    /// When its first page arrived, in milliseconds since the epoch.
    pub first_ms: i64,
    /// The price that atm follows.
    pub spot: Option<Spot>,
    /// Is it a part of the chain only?
    pub partial: bool,
    /// How far strikes are from the money at most.
    pub range_points: u64,
    /// Its contracts.
    pub shaped: Shaped,
}

impl Chain<'_> {
    /// Adds the snapshot to a batch; gives what its name is to be written with, once it is there.
    ///
    /// # Errors
    /// When it breaks its contract: nothing is added then.
    pub fn snapshot(self, batch: &mut Batch) -> Result<Name, Invalid> {
        let expiration = params::Expiration::new(self.expiration.to_string())?;
        let ts_ms = params::TsMs::new(self.first_ms)?;
        let snapshot = ChainSnapshot {
            ts: rfc3339_millis(self.first_ms),
            underlying: self.underlying.to_string(),
            expiration: expiration.to_string(),
            atm: self.shaped.atm,
            spot: self.spot.as_ref().map(|spot| spot.value),
            spot_ts: self.spot.as_ref().and_then(Spot::ts),
            range_points: i64::try_from(self.range_points).unwrap_or(i64::MAX),
            partial: self.partial,
            contracts: self.shaped.contracts,
        };
        batch.chain_snapshot_set(self.underlying, &expiration, &ts_ms, &snapshot.encode()?);
        let name = keys::chain_snapshot(self.underlying, &expiration, &ts_ms);
        Ok(Name { underlying: self.underlying.clone(), expiration, name })
    }
}

/// The name of a snapshot that was written.
#[derive(Debug)]
pub struct Name {
    underlying: params::Underlying,
    expiration: params::Expiration,
    name: String,
}

impl Name {
    /// Adds the way to the snapshot to a batch.
    pub fn latest(&self, batch: &mut Batch) {
        batch.chain_latest_set(&self.underlying, &self.expiration, &self.name);
    }
}

/// The list of subscriptions, as a whole: one transaction.
pub fn subscriptions(batch: &mut Batch, geometry: &Geometry) {
    batch.subscription_list_del();
    for ticker in geometry.tickers() {
        batch.subscription_list_sadd(ticker);
    }
}

/// A message for each underlying whose geometry has changed.
///
/// # Errors
/// When a message breaks its contract; those before it are added.
pub fn changes(batch: &mut Batch, geometry: &Geometry) -> Result<(), Invalid> {
    let ts = rfc3339_millis(Timestamp::now().as_millisecond());
    for underlying in geometry.untold() {
        let expirations = geometry.expirations(underlying);
        let message = ChainGeometry { ts: ts.clone(), underlying: underlying.to_owned(), expirations };
        batch.geometry_updated_publish(&message.encode()?);
    }
    Ok(())
}

/// What a run adds to the analytics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Chains, lists of expirations and batches that failed.
    pub errors: i64,
    /// Contracts published.
    pub contracts: i64,
    /// Chains of which only a part was published.
    pub partial: i64,
}

/// The analytics of a run that took so long.
pub fn analytics(batch: &mut Batch, counters: Counters, latency_ms: i64) {
    let Counters { errors, contracts, partial } = counters;
    batch.chain_analytics_hincrby_runs(1);
    if errors != 0 {
        batch.chain_analytics_hincrby_errors(errors);
    }
    if contracts != 0 {
        batch.chain_analytics_hincrby_contracts(contracts);
    }
    if partial != 0 {
        batch.chain_analytics_hincrby_partial(partial);
    }
    batch.chain_analytics_hset_latency_last_ms(latency_ms);
}
