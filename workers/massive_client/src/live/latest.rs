//! The newest price of each ticker that was not yet taken: however many events come between two ticks, one stays. Holds at
//! most one price a ticker, of the tickers that it was made with; pure.

use std::collections::HashMap;

use super::event::Quote;

/// The newest prices of a fixed set of tickers.
#[derive(Debug)]
pub struct Latest {
    tickers: HashMap<String, Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    quote: Option<Quote>,
    /// The moment of the newest price so far, taken or not.
    newest_ms: Option<i64>,
}

impl Latest {
    /// Of these tickers, and of no others.
    #[must_use]
    pub fn of(tickers: &[String]) -> Self {
        Self { tickers: tickers.iter().map(|ticker| (ticker.clone(), Slot::default())).collect() }
    }

    /// Takes note of a price, unless a newer one came before it; of two of the same moment the later one stays. Is it
    /// one of the tickers?
    pub fn hear(&mut self, quote: Quote) -> bool {
        let Some(slot) = self.tickers.get_mut(&quote.ticker) else { return false };
        if slot.newest_ms.is_none_or(|newest| quote.at_ms >= newest) {
            slot.newest_ms = Some(quote.at_ms);
            slot.quote = Some(quote);
        }
        true
    }

    /// The newest prices since the last call, by ticker.
    pub fn take(&mut self) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = self.tickers.values_mut().filter_map(|slot| slot.quote.take()).collect();
        quotes.sort_by(|a, b| a.ticker.cmp(&b.ticker));
        quotes
    }
}
