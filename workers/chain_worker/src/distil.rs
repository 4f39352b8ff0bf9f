//! One row of the provider -> one contract as published; pure. What is missing or cannot be stays away, nothing is made up.

use std::fmt;

use jiff::civil::Date;
use massive_client::provider::chain::ContractRow;
use massive_client::time::{plausible_ns, rfc3339_millis};

use crate::wiring::payloads::{Contract, ContractType};

/// A price of the underlying, and when it was one.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// The price.
    pub value: f64,
    /// Its time in milliseconds since the epoch, if known.
    pub at_ms: Option<i64>,
}

impl Spot {
    /// Its time as RFC 3339.
    #[must_use]
    pub fn ts(&self) -> Option<String> {
        self.at_ms.map(rfc3339_millis)
    }

    /// The newer of two; one without a time is older than any.
    #[must_use]
    pub fn newer(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(if other.at_ms > one.at_ms { other } else { one }),
            (one, other) => one.or(other),
        }
    }
}

/// Why a row is no contract of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// It does not say what the contract is called.
    NoTicker,
    /// It is neither a call nor a put.
    NeitherCallNorPut,
    /// Its strike is missing, or no price.
    NoStrike,
    /// It belongs to another expiration, or to none.
    OtherExpiration,
}

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTicker => "it has no ticker",
            Self::NeitherCallNorPut => "it is neither a call nor a put",
            Self::NoStrike => "it has no strike",
            Self::OtherExpiration => "it is of another expiration",
        })
    }
}

/// The contract that a row of the chain of this expiration stands for.
///
/// # Errors
/// When it stands for none.
pub fn distil(row: &ContractRow, expiration: Date) -> Result<Contract, Odd> {
    let details = row.details.as_ref().ok_or(Odd::NoTicker)?;
    // A name shorter than O: and a letter is none.
    let ticker = details.ticker.as_ref().filter(|ticker| ticker.len() > 2).ok_or(Odd::NoTicker)?;
    let kind = match details.contract_type.as_deref() {
        Some("call") => ContractType::Call,
        Some("put") => ContractType::Put,
        _ => return Err(Odd::NeitherCallNorPut),
    };
    let strike = details.strike_price.filter(|strike| strike.is_finite() && *strike > 0.0).ok_or(Odd::NoStrike)?;
    // Other expirations have been seen on later pages.
    if details.expiration_date.as_deref().and_then(|day| day.parse::<Date>().ok()) != Some(expiration) {
        return Err(Odd::OtherExpiration);
    }
    let (quote, greeks, day) = (row.last_quote.as_ref(), row.greeks.as_ref(), row.day.as_ref());
    Ok(Contract {
        ticker: ticker.clone(),
        r#type: kind,
        strike,
        bid: amount(quote.and_then(|quote| quote.bid)),
        ask: amount(quote.and_then(|quote| quote.ask)),
        last: amount(row.last_trade.as_ref().and_then(|trade| trade.price)).filter(|price| *price > 0.0),
        quote_ts_ms: quote.and_then(|quote| quote.last_updated).and_then(plausible_ns).map(|ns| ns / 1_000_000),
        iv: amount(row.implied_volatility),
        delta: number(greeks.and_then(|greeks| greeks.delta)),
        gamma: number(greeks.and_then(|greeks| greeks.gamma)),
        theta: number(greeks.and_then(|greeks| greeks.theta)),
        vega: number(greeks.and_then(|greeks| greeks.vega)),
        open_interest: amount(row.open_interest),
        volume: amount(day.and_then(|day| day.volume)),
    })
}

/// The price of the underlying that a row tells.
#[must_use]
pub fn spot(row: &ContractRow) -> Option<Spot> {
    let asset = row.underlying_asset.as_ref()?;
    let value = asset.value.or(asset.price).filter(|value| value.is_finite() && *value > 0.0)?;
    let at_ms = asset.last_updated.and_then(plausible_ns).map(|ns| ns / 1_000_000);
    Some(Spot { value, at_ms })
}

fn number(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn amount(value: Option<f64>) -> Option<f64> {
    number(value).filter(|value| *value >= 0.0)
}
