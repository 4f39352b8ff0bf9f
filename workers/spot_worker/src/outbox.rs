//! Prices on their way to the bus. A price that stands still is not written again; while the bus is away the newest price
//! of each symbol waits, and what that costs is counted. Holds at most one price a symbol twice: bounded by the watchlist.
//! Pure: knows neither clock nor connection.

use std::collections::BTreeMap;

use crate::unify::Price;

/// What is to be written, and what was.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: BTreeMap<String, Waiting>,
    written: BTreeMap<String, Price>,
    lost: i64,
}

#[derive(Debug)]
struct Waiting {
    price: Price,
    /// It was sent, and may have been written: what must not be done twice is not done again.
    uncertain: bool,
}

impl Outbox {
    /// Takes the prices of a tick, in any order. Those that were written just so are left out. A newer price takes the
    /// place of one that still waits, which is lost then.
    pub fn take(&mut self, prices: impl IntoIterator<Item = Price>) {
        for price in prices {
            if self.written.get(&price.symbol) == Some(&price) {
                // What waits is older than what the provider says now, and that is on the bus.
                self.waiting.remove(&price.symbol);
                continue;
            }
            if self.waiting.get(&price.symbol).is_some_and(|waiting| waiting.price == price) {
                continue;
            }
            let waiting = Waiting { price, uncertain: false };
            let before = self.waiting.insert(waiting.price.symbol.clone(), waiting);
            self.lost += i64::from(before.is_some_and(|before| !before.uncertain));
        }
    }

    /// Prices that are new to the bus, by symbol.
    pub fn fresh(&self) -> impl Iterator<Item = &Price> {
        self.waiting.values().filter(|waiting| !waiting.uncertain).map(|waiting| &waiting.price)
    }

    /// Prices that may have been written already, by symbol: only what may be done twice is to be done.
    pub fn repeated(&self) -> impl Iterator<Item = &Price> {
        self.waiting.values().filter(|waiting| waiting.uncertain).map(|waiting| &waiting.price)
    }

    /// Does nothing wait?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The bus has all that waited, and the count of what was lost.
    pub fn confirmed(&mut self) {
        for (symbol, waiting) in std::mem::take(&mut self.waiting) {
            self.written.insert(symbol, waiting.price);
        }
        self.lost = 0;
    }

    /// The bus did not confirm. If the writes may have been done all the same, messages and stream entries of these prices
    /// are not sent again, and count as lost.
    pub fn failed(&mut self, uncertain: bool) {
        for waiting in self.waiting.values_mut().filter(|waiting| uncertain && !waiting.uncertain) {
            waiting.uncertain = true;
            self.lost += 1;
        }
        // Half of a batch may have been written over what was there.
        if uncertain {
            for symbol in self.waiting.keys() {
                self.written.remove(symbol);
            }
        }
    }

    /// A price that breaks its contract never reaches the bus.
    pub fn refuse(&mut self, symbol: &str) {
        self.waiting.remove(symbol);
    }

    /// Forgets what the bus holds: after a restart it may be empty.
    pub fn forget_written(&mut self) {
        self.written.clear();
    }

    /// Prices lost since the bus last confirmed.
    #[must_use]
    pub fn lost(&self) -> i64 {
        self.lost
    }
}
