//! One row of the provider -> one unified price, or the reason why there is none. Pure: the receive time comes in as a
//! number. Zero, negative and non-finite numbers count as missing everywhere, because the provider sends zeros for
//! fields it has cleared overnight.

use std::fmt;

use crate::symbols::Symbol;
pub use crate::wiring::payloads::{
    SpotPrice as Price, SpotPriceInstrumentType as InstrumentType, SpotPriceTimeframe as Timeframe,
};
use jiff::Timestamp;
use massive_client::live::Quote as Told;
use massive_client::provider::{LastMinute, LastTrade, Row, Session};
use massive_client::time::{plausible_ns, rfc3339_millis, writable_ms};

/// The `source` of every price of this worker.
pub const SOURCE: &str = "massive";

/// Why a row yields no price.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoPrice {
    /// The provider refused this ticker: `NOT_FOUND`, `NOT_ENTITLED`.
    Refused {
        /// The provider's word for it.
        error: String,
    },
    /// None of the fields that can hold a price holds one.
    Missing,
}

impl fmt::Display for NoPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { error } => write!(f, "the provider refused the ticker: {}", error.escape_debug()),
            Self::Missing => f.write_str("the row holds no price"),
        }
    }
}

impl std::error::Error for NoPrice {}

/// A price with what is known of its making.
struct Quote<'a> {
    value: f64,
    made_ns: Option<i64>,
    timeframe: Option<&'a str>,
}

/// The unified price of `symbol` from its row, received at `received_ms` since the epoch.
///
/// # Errors
/// If the row says that the ticker has an error, or if no field holds a price.
pub fn unify(row: &Row, symbol: &Symbol, received_ms: i64) -> Result<Price, NoPrice> {
    if let Some(error) = &row.error {
        return Err(NoPrice::Refused { error: error.clone() });
    }
    let quote = match symbol.kind {
        InstrumentType::Index => index_quote(row),
        InstrumentType::Stock => stock_quote(row),
    };
    let quote = quote.ok_or(NoPrice::Missing)?;
    let epoch_ms = writable_ms(quote.made_ns.map_or(received_ms, |ns| ns.div_euclid(1_000_000)));
    let session = match symbol.kind {
        InstrumentType::Stock => row.session.as_ref(),
        InstrumentType::Index => None,
    };
    let positive_of = |field: fn(&Session) -> Option<f64>| session.and_then(field).and_then(positive);
    Ok(Price {
        symbol: symbol.name.clone(),
        value: quote.value,
        ts: rfc3339_millis(epoch_ms),
        source: SOURCE.to_owned(),
        timeframe: timeframe(quote.timeframe.or(row.timeframe.as_deref())),
        instrument_type: Some(symbol.kind),
        open: positive_of(|session| session.open),
        high: positive_of(|session| session.high),
        low: positive_of(|session| session.low),
        close: positive_of(|session| session.close),
        volume: session.and_then(|session| session.volume).filter(|volume| volume.is_finite() && *volume >= 0.0),
        ts_epoch_ms: (symbol.kind == InstrumentType::Stock).then_some(epoch_ms),
    })
}

/// The unified price of `symbol` from what the WebSocket told. It tells less of a stock's session than a snapshot does.
#[must_use]
pub fn unify_quote(told: &Told, symbol: &Symbol, timeframe: Timeframe) -> Price {
    let epoch_ms = writable_ms(told.at_ms);
    let stock = symbol.kind == InstrumentType::Stock;
    Price {
        symbol: symbol.name.clone(),
        value: told.value,
        ts: rfc3339_millis(epoch_ms),
        source: SOURCE.to_owned(),
        timeframe,
        instrument_type: Some(symbol.kind),
        open: told.open.filter(|_| stock),
        high: None,
        low: None,
        close: None,
        volume: told.volume.filter(|_| stock),
        ts_epoch_ms: stock.then_some(epoch_ms),
    }
}

fn index_quote(row: &Row) -> Option<Quote<'_>> {
    let close = || row.session.as_ref().and_then(|session| session.close).and_then(positive);
    let value = row.value.and_then(positive).or_else(close)?;
    Some(Quote { value, made_ns: row.last_updated.and_then(plausible_ns), timeframe: None })
}

/// From the freshest to the stalest: a trade, the session's price, the last minute, the close, yesterday's close.
fn stock_quote(row: &Row) -> Option<Quote<'_>> {
    let updated = row.last_updated.and_then(plausible_ns);
    if let Some(trade) = &row.last_trade
        && let Some(value) = trade.price.and_then(positive)
    {
        return Some(Quote { value, made_ns: trade_ns(trade).or(updated), timeframe: trade.timeframe.as_deref() });
    }
    let plain = |value: f64| Quote { value, made_ns: updated, timeframe: None };
    let session = row.session.as_ref();
    let of_session = |field: fn(&Session) -> Option<f64>| session.and_then(field).and_then(positive).map(plain);
    of_session(|session| session.price)
        .or_else(|| row.last_minute.as_ref().and_then(|minute| minute_quote(minute, updated)))
        .or_else(|| of_session(|session| session.close))
        .or_else(|| of_session(|session| session.previous_close))
}

fn minute_quote(minute: &LastMinute, updated: Option<i64>) -> Option<Quote<'_>> {
    let value = minute.close.and_then(positive)?;
    Some(Quote { value, made_ns: minute.last_updated.and_then(plausible_ns).or(updated), timeframe: None })
}

fn trade_ns(trade: &LastTrade) -> Option<i64> {
    [trade.sip_timestamp, trade.last_updated].into_iter().flatten().find_map(plausible_ns)
}

fn positive(number: f64) -> Option<f64> {
    (number.is_finite() && number > 0.0).then_some(number)
}

fn timeframe(text: Option<&str>) -> Timeframe {
    match text {
        Some("REAL-TIME") => Timeframe::RealTime,
        Some("DELAYED") => Timeframe::Delayed,
        Some(_) | None => Timeframe::Unknown,
    }
}

/// The moment of a price in milliseconds since the epoch; `None` when its `ts` is not one that this worker wrote.
#[must_use]
pub fn epoch_ms(price: &Price) -> Option<i64> {
    price.ts.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
