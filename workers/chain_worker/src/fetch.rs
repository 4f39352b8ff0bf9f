//! What a run asks the provider: the expirations of each underlying, then all chains, several at a time. Knows no bus.

use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::stream::{self, Stream, StreamExt as _};
use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use massive_client::provider::{Provider, ProviderError};
use tokio::time::Instant;

use crate::walk::{Walked, patiently, walk};

/// Chains that are fetched at a time. Each holds its contracts until it is written, so that this bounds memory as well.
const CURSORS: usize = 8;

/// A chain that was asked for.
#[derive(Debug)]
pub struct Fetched {
    /// Which of the underlyings.
    pub underlying: usize,
    /// Its expiration.
    pub expiration: Date,
    /// What came of it.
    pub walked: Result<Walked, ProviderError>,
}

/// The nearest expirations of each underlying, one request for each expiration, because the provider's list has a row for
/// each contract. A list that breaks off is an error: taken as it is, it would say that expirations are gone.
pub async fn expirations(
    provider: &Provider,
    underlyings: &[String],
    count: u64,
    deadline: Instant,
) -> Vec<Result<Vec<Date>, ProviderError>> {
    // After midnight UTC the day in New York is the one before, whose contracts have expired by then.
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    join_all(underlyings.iter().map(async |underlying| {
        let (mut listed, mut from) = (Vec::new(), today);
        for _ in 0..count {
            let next = patiently(deadline, || provider.expiration_from(underlying, from)).await?;
            // A list that goes back would never end.
            let Some(day) = next.filter(|day| *day >= from) else { break };
            listed.push(day);
            let Ok(after) = day.checked_add(1.day()) else { break };
            from = after;
        }
        Ok(listed)
    }))
    .await
}

/// All chains, as they come in.
pub fn chains(
    provider: &Arc<Provider>,
    underlyings: &[String],
    wanted: Vec<(usize, Date)>,
    deadline: Instant,
) -> impl Stream<Item = Fetched> + use<> {
    let (provider, underlyings) = (Arc::clone(provider), underlyings.to_vec());
    stream::iter(wanted)
        .map(move |(underlying, expiration)| {
            let (provider, name) = (Arc::clone(&provider), underlyings.get(underlying).cloned().unwrap_or_default());
            async move {
                let walked = walk(&provider, &name, expiration, deadline).await;
                Fetched { underlying, expiration, walked }
            }
        })
        .buffer_unordered(CURSORS)
}
