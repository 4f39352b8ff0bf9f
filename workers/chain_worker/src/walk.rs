//! From page to page through one chain: rows become contracts as they come, so that no page is held. However the provider
//! leads, a walk ends: after so many pages, at its deadline, or where pages lead in circles.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::Date;
use massive_client::pacer::Pacer;
use massive_client::patience::{self, Patience};
use massive_client::provider::chain::{ChainPage, Next};
use massive_client::provider::{Provider, ProviderError};
use tokio::time::Instant;

use crate::distil::{Spot, distil, spot};
use crate::wiring::payloads::Contract;

/// The most pages of one chain: 50,000 contracts.
const PAGES: usize = 200;

/// So many pages in a row without a contract, and the rest is not looked for.
const EMPTY_PAGES: usize = 3;

/// How often a page is asked for.
const ATTEMPTS: u32 = 3;

/// What a walk brought.
#[derive(Debug, Default)]
pub struct Walked {
    /// The contracts, as they came.
    pub contracts: Vec<Contract>,
    /// When the first page arrived, in milliseconds since the epoch: nothing is older by more than the provider made it.
    pub first_ms: i64,
    /// The newest price of the underlying that rows tell.
    pub spot: Option<Spot>,
    /// Rows that were no contracts of this chain.
    pub odd: usize,
    /// Why it is a part of the chain only, if it is.
    pub broken: Option<Broken>,
}

/// Why a walk ended before the chain did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A further page could not be had.
    Failed(ProviderError),
    /// The time for it was over.
    Deadline,
    /// A page led to one that was there before.
    Circle,
    /// There were more pages than any chain has, or only empty ones.
    Endless,
    /// A page led away from the provider.
    Elsewhere,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Deadline => f.write_str("the time for a run was over"),
            Self::Circle => f.write_str("the provider's pages lead in a circle"),
            Self::Endless => f.write_str("the provider's pages have no end"),
            Self::Elsewhere => f.write_str("the provider's next_url leads to another origin: is a proxy in between?"),
        }
    }
}

/// Walks through the chain of an underlying and an expiration, until `deadline`.
///
/// # Errors
/// When not even the first page could be had.
pub async fn walk(
    provider: &Provider,
    underlying: &str,
    expiration: Date,
    deadline: Instant,
) -> Result<Walked, ProviderError> {
    let mut page = patiently(deadline, || provider.chain(underlying, expiration)).await?;
    let mut walked = Walked { first_ms: page.received_ms, ..Walked::default() };
    let (mut been, mut empty) = (HashSet::new(), 0);
    loop {
        let before = walked.contracts.len();
        let next = walked.take(page, expiration);
        empty = if walked.contracts.len() == before { empty + 1 } else { 0 };
        let cursor = match next {
            Next::End => break,
            Next::Elsewhere => return Ok(walked.broken(Broken::Elsewhere)),
            Next::Page(cursor) => cursor,
        };
        if !been.insert(cursor.clone()) {
            return Ok(walked.broken(Broken::Circle));
        }
        if empty >= EMPTY_PAGES || been.len() >= PAGES {
            return Ok(walked.broken(Broken::Endless));
        }
        page = match patiently(deadline, || provider.chain_after(&cursor)).await {
            Ok(page) => page,
            Err(_) if Instant::now() >= deadline => return Ok(walked.broken(Broken::Deadline)),
            Err(error) => return Ok(walked.broken(Broken::Failed(error))),
        };
    }
    Ok(walked)
}

impl Walked {
    fn broken(self, why: Broken) -> Self {
        Self { broken: Some(why), ..self }
    }

    fn take(&mut self, page: ChainPage, expiration: Date) -> Next {
        self.odd += page.malformed;
        for row in &page.rows {
            self.spot = Spot::newer(self.spot.take(), spot(row));
            match distil(row, expiration) {
                Ok(contract) => self.contracts.push(contract),
                Err(odd) => {
                    tracing::debug!(%odd, %expiration, "a row is no contract of the chain");
                    self.odd += 1;
                }
            }
        }
        page.next
    }
}

/// Asks until there is an answer, or a failure that does not pass by itself, or no time is left.
///
/// # Errors
/// The last failure.
pub async fn patiently<T, A: Future<Output = Result<T, ProviderError>>>(
    deadline: Instant,
    ask: impl Fn() -> A,
) -> Result<T, ProviderError> {
    patience::ask(Patience { deadline, attempts: ATTEMPTS, pacer: &Pacer::default() }, ask, |_| {}).await
}
