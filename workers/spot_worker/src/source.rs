//! Where prices are asked for: the provider, or what was captured of it.

use chassis::health::Board;
use massive_client::pacer::Pacer;
use massive_client::patience::{self, Patience};
use massive_client::playback::Playback;
use massive_client::provider::{Provider, ProviderError, Snapshot};
use tokio::time::Instant;
use tracing::debug;

use crate::metrics;

/// Where prices come from.
#[derive(Debug)]
pub enum Source {
    /// The provider.
    Live(Box<Provider>),
    /// What was captured of it.
    Playback(Box<Playback>),
}

impl From<Provider> for Source {
    fn from(provider: Provider) -> Self {
        Self::Live(Box::new(provider))
    }
}

impl From<Playback> for Source {
    fn from(playback: Playback) -> Self {
        Self::Playback(Box::new(playback))
    }
}

/// The rows of a tick. After a failure that passes by itself the provider is asked again, as long as that fits into the time
/// for one request.
pub(crate) async fn snapshot(
    provider: &Provider,
    tickers: &[String],
    pacer: &Pacer,
    board: &Board,
) -> Result<Snapshot, ProviderError> {
    let patience = Patience { deadline: Instant::now() + provider.timeout(), attempts: u32::MAX, pacer };
    patience::ask(
        patience,
        || provider.snapshot(tickers),
        |failure| {
            debug!(%failure, "the provider is asked again within the tick");
            board.add(metrics::PROVIDER, failure.class(), 1.0);
        },
    )
    .await
}
