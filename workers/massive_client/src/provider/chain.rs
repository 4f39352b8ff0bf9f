//! Option chains, a page at a time, and the expirations that there are. Walking from page to page is the caller's choice: a
//! page says where the next one is, and that never leads off the provider's origin, for the key goes along.

use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::Url;
use serde::Deserialize as _;
use serde_json::Value;

use super::rows::{lenient, lenient_structs, not_json};
use super::{ApiKey, BadBody, Provider, ProviderError};

/// The largest page of a chain that the provider serves.
pub const PAGE: usize = 250;

/// One page of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainPage {
    /// The rows, in the provider's order.
    pub rows: Vec<ContractRow>,
    /// How many elements of `results` were no objects and are not among the rows.
    pub malformed: usize,
    /// When the page had arrived, in milliseconds since the epoch.
    pub received_ms: i64,
    /// Where the next page is.
    pub next: Next,
}

/// What comes after a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was the last one.
    End,
    /// Another page.
    Page(Cursor),
    /// The provider names a place that is not on its own origin, or no place at all. The key does not go there.
    Elsewhere,
}

/// Where a page is: an address on the provider's origin. Two are equal if they lead to the same page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(Url);

lenient_structs! {
    /// One contract of a chain. What the specification calls required is missing all the same for illiquid contracts, and
    /// for plans without quotes or trades.
    ContractRow {
        /// What the contract is.
        details: ContractDetails,
        /// The trading day so far; may be empty.
        day: ContractDay,
        /// How the price depends on the market; missing for contracts deep in the money.
        greeks: Greeks,
        /// Implied volatility.
        implied_volatility: f64,
        /// Contracts that are held.
        open_interest: f64,
        /// Best bid and ask, if the plan includes quotes.
        last_quote: ContractQuote,
        /// The latest trade, if the plan includes trades.
        last_trade: ContractTrade,
        /// What the contract is on.
        underlying_asset: UnderlyingAsset,
    }
    /// What a contract is.
    ContractDetails {
        /// The name of the contract: `O:SPXW260130C06000000`.
        ticker: String,
        /// `call`, `put` or `other`.
        contract_type: String,
        /// The day on which it expires: `2026-01-30`.
        expiration_date: String,
        /// Price at which the right is used.
        strike_price: f64,
    }
    /// The trading day of a contract.
    ContractDay {
        /// The latest or closing price.
        close: f64,
        /// Contracts traded.
        volume: f64,
    }
    /// The greeks.
    Greeks {
        /// Change of the price with the underlying.
        delta: f64,
        /// Change of delta with the underlying.
        gamma: f64,
        /// Change of the price with time.
        theta: f64,
        /// Change of the price with volatility.
        vega: f64,
    }
    /// Best bid and ask.
    ContractQuote {
        /// Best price offered.
        bid: f64,
        /// Best price asked.
        ask: f64,
        /// When it changed, in nanoseconds.
        last_updated: i64,
    }
    /// The latest trade of a contract.
    ContractTrade {
        /// Its price.
        price: f64,
    }
    /// What a contract is on.
    UnderlyingAsset {
        /// The price of a stock.
        price: f64,
        /// The value of an index.
        value: f64,
        /// When it changed, in nanoseconds.
        last_updated: i64,
    }
}

impl Provider {
    /// The first page of the chain of an underlying (`I:SPX`, `SPY`) and an expiration.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn chain(&self, underlying: &str, expiration: Date) -> Result<ChainPage, ProviderError> {
        let mut url = self.snapshot_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(["options", underlying]);
        }
        let (day, limit) = (expiration.to_string(), PAGE.to_string());
        url.query_pairs_mut().extend_pairs([
            ("expiration_date", day.as_str()),
            ("limit", limit.as_str()),
            ("sort", "ticker"),
            ("order", "asc"),
        ]);
        self.page(url).await
    }

    /// A further page of a chain.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn chain_after(&self, cursor: &Cursor) -> Result<ChainPage, ProviderError> {
        self.page(cursor.0.clone()).await
    }

    async fn page(&self, url: Url) -> Result<ChainPage, ProviderError> {
        let value = self.json(url).await?;
        let mut page = ChainPage {
            rows: Vec::new(),
            malformed: 0,
            received_ms: Timestamp::now().as_millisecond(),
            next: self.next(&value),
        };
        for element in results(&value)? {
            match ContractRow::deserialize(element) {
                Ok(row) if element.is_object() => page.rows.push(row),
                _ => page.malformed += 1,
            }
        }
        Ok(page)
    }

    fn next(&self, body: &Value) -> Next {
        let text = match body.get("next_url") {
            None | Some(Value::Null) => return Next::End,
            Some(Value::String(text)) if text.is_empty() => return Next::End,
            Some(Value::String(text)) => text,
            Some(_) => return Next::Elsewhere,
        };
        let bare = |url: &Url| url.username().is_empty() && url.password().is_none();
        match self.snapshot_url.join(text) {
            Ok(url) if url.origin() == self.snapshot_url.origin() && bare(&url) => Next::Page(Cursor(url)),
            _ => Next::Elsewhere,
        }
    }

    /// The nearest expiration on or after a day of which the provider lists contracts; `None` if there is none.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub async fn expiration_from(&self, underlying: &str, day: Date) -> Result<Option<Date>, ProviderError> {
        let day = day.to_string();
        let mut url = self.contracts_url.clone();
        // The reference lists know indices without their prefix.
        url.query_pairs_mut().extend_pairs([
            ("underlying_ticker", underlying.strip_prefix("I:").unwrap_or(underlying)),
            ("expiration_date.gte", day.as_str()),
            ("expired", "false"),
            ("sort", "expiration_date"),
            ("order", "asc"),
            ("limit", "1"),
        ]);
        let value = self.json(url).await?;
        let Some(first) = results(&value)?.first() else { return Ok(None) };
        let date = first.get("expiration_date").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let date = date.ok_or_else(|| BadBody::NotASnapshot("a contract of the list has no expiration".to_owned()))?;
        Ok(Some(date))
    }

    async fn json(&self, url: Url) -> Result<Value, ProviderError> {
        let request = self.client.get(url).bearer_auth(ApiKey::expose(&self.api_key));
        let body = self.body(request).await?;
        Ok(serde_json::from_slice(&body).map_err(|error| not_json(&error))?)
    }
}

fn results(body: &Value) -> Result<&Vec<Value>, ProviderError> {
    let results = body.get("results").and_then(Value::as_array);
    results.ok_or_else(|| BadBody::NotASnapshot("it has no list of `results`".to_owned()).into())
}
