//! What is known of the chains' geometry: which contracts there are for each underlying and expiration, and whose change the
//! bus has not been told. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::wiring::payloads::{Contract, ExpirationShape};

/// The strikes and contracts of one expiration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strikes {
    /// Each strike once, the lowest first.
    strikes: Vec<f64>,
    tickers: BTreeSet<String>,
}

impl Strikes {
    /// Those of contracts that are in order.
    #[must_use]
    pub fn of(contracts: &[Contract]) -> Self {
        let mut strikes: Vec<f64> = contracts.iter().map(|contract| contract.strike).collect();
        strikes.dedup();
        Self { strikes, tickers: contracts.iter().map(|contract| contract.ticker.clone()).collect() }
    }
}

/// What a run saw of one expiration.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The contracts; none at all says nothing, because the provider empties chains before the market opens.
    pub strikes: Strikes,
    /// Is it a part of the chain only? Then it counts only where nothing was known before.
    pub partial: bool,
}

/// All that is known.
#[derive(Debug, Default)]
pub struct Geometry {
    known: BTreeMap<String, BTreeMap<Date, Strikes>>,
    untold: BTreeSet<String>,
}

impl Geometry {
    /// Takes what a run saw of the expirations that are listed for an underlying. Those that are listed no more are gone.
    pub fn see(&mut self, underlying: &str, listed: &[Date], mut sights: BTreeMap<Date, Sight>) {
        let before = self.known.remove(underlying).unwrap_or_default();
        let mut after = BTreeMap::new();
        for day in listed {
            let (known, seen) = (before.get(day), sights.remove(day));
            let seen = seen.filter(|sight| !sight.strikes.tickers.is_empty() && (!sight.partial || known.is_none()));
            if let Some(strikes) = seen.map(|sight| sight.strikes).or_else(|| known.cloned()) {
                after.insert(*day, strikes);
            }
        }
        if after != before {
            self.untold.insert(underlying.to_owned());
        }
        self.known.insert(underlying.to_owned(), after);
    }

    /// Underlyings whose change the bus has not been told.
    pub fn untold(&self) -> impl Iterator<Item = &str> {
        self.untold.iter().map(String::as_str)
    }

    /// Expirations and strikes of an underlying.
    #[must_use]
    pub fn expirations(&self, underlying: &str) -> Vec<ExpirationShape> {
        let known = self.known.get(underlying).into_iter().flatten();
        let shape =
            |(day, of): (&Date, &Strikes)| ExpirationShape { expiration: day.to_string(), strikes: of.strikes.clone() };
        known.map(shape).collect()
    }

    /// All contracts of all underlyings, each once, in order.
    #[must_use]
    pub fn tickers(&self) -> BTreeSet<&str> {
        let all = self.known.values().flat_map(BTreeMap::values);
        all.flat_map(|strikes| strikes.tickers.iter().map(String::as_str)).collect()
    }

    /// The bus was told everything.
    pub fn told(&mut self) {
        self.untold.clear();
    }

    /// Another server may answer from now on, which knows nothing: it is told everything.
    pub fn forget_told(&mut self) {
        self.untold = self.known.iter().filter(|(_, days)| !days.is_empty()).map(|(name, _)| name.clone()).collect();
    }
}
