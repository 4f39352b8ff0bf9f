//! Which symbols are followed: configured names in, provider tickers out, and the way back from a row to the configured
//! name. Knows neither prices nor HTTP.

use std::collections::HashMap;

use anyhow::bail;

use crate::unify::InstrumentType;

/// The prefix under which the provider lists indices.
const INDEX_PREFIX: &str = "I:";

/// One followed symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name as configured, under which prices are published: `SPX`.
    pub name: String,
    /// The name as the provider knows it: `I:SPX`.
    pub ticker: String,
    /// Index or stock.
    pub kind: InstrumentType,
}

/// All followed symbols; no two share a name or a ticker.
#[derive(Debug, Clone, Default)]
pub struct Watchlist {
    symbols: Vec<Symbol>,
    by_ticker: HashMap<String, usize>,
}

impl Watchlist {
    /// The symbols of the two configured lists. Repetitions within a list and white space are forgiven.
    ///
    /// # Errors
    /// If a symbol stands in both lists (their prices would overwrite each other), holds a character that no ticker
    /// has, or if both lists are empty.
    pub fn new(indices: &[String], stocks: &[String]) -> anyhow::Result<Self> {
        let mut list = Self::default();
        for (names, kind) in [(indices, InstrumentType::Index), (stocks, InstrumentType::Stock)] {
            for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
                list.add(name, kind)?;
            }
        }
        if list.symbols.is_empty() {
            bail!("no symbols to follow: set MASSIVE_SPOT_SYMBOLS or MASSIVE_STOCK_SYMBOLS");
        }
        Ok(list)
    }

    fn add(&mut self, name: &str, kind: InstrumentType) -> anyhow::Result<()> {
        // A comma would split into two tickers at the provider.
        if !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
            bail!("{name:?} is no symbol: write symbols such as SPX or BRK.B, separated by commas");
        }
        let ticker = match kind {
            InstrumentType::Index if !name.starts_with(INDEX_PREFIX) => format!("{INDEX_PREFIX}{name}"),
            _ => name.to_owned(),
        };
        if let Some(known) = self.symbols.iter().find(|known| known.name == name || known.ticker == ticker) {
            if known.name == name && known.kind == kind {
                return Ok(());
            }
            bail!(
                "the symbols {:?} and {name:?} would overwrite each other: keep one of them in MASSIVE_SPOT_SYMBOLS or \
                 MASSIVE_STOCK_SYMBOLS",
                known.name
            );
        }
        self.by_ticker.insert(ticker.clone(), self.symbols.len());
        self.symbols.push(Symbol { name: name.to_owned(), ticker, kind });
        Ok(())
    }

    /// The tickers to ask the provider for, in configured order.
    #[must_use]
    pub fn tickers(&self) -> Vec<String> {
        self.symbols.iter().map(|symbol| symbol.ticker.clone()).collect()
    }

    /// All followed symbols, in configured order.
    #[must_use]
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// The symbol a row belongs to. Some answers name indices without their prefix: those are found, too, unless a stock
    /// has the bare name.
    #[must_use]
    pub fn find(&self, ticker: &str) -> Option<&Symbol> {
        let index = self.by_ticker.get(ticker).or_else(|| self.by_ticker.get(&format!("{INDEX_PREFIX}{ticker}")))?;
        self.symbols.get(*index)
    }
}
