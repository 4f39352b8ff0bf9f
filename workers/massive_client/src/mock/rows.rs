//! Rows of the universal snapshot in the documented shapes, sound or odd: where a walk stands -> JSON.
//! Odd rows are what the vendor is known to send. Knows nothing of HTTP.

use serde_json::{Map, Value, json};

use super::MockOptions;
use super::walk::Walk;

/// How a row may be odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Oddity {
    /// A plan without trades, or a ticker that has not traded.
    NoLastTrade,
    /// Cleared overnight: zeros in the place of prices.
    ZeroPrice,
    /// No session at all.
    NoSession,
    /// Neither a time nor a timeframe.
    NoTime,
    /// `null` in the place of objects.
    Nulls,
}

const ODDITIES: [Oddity; 5] =
    [Oddity::NoLastTrade, Oddity::ZeroPrice, Oddity::NoSession, Oddity::NoTime, Oddity::Nulls];

/// The row of a ticker the mock does not know.
pub(super) fn not_found(ticker: &str) -> Value {
    json!({"ticker": ticker, "error": "NOT_FOUND", "message": "Ticker not found."})
}

/// The row of a known ticker at `now_ms` since the epoch.
pub(super) fn row(walk: &Walk, now_ms: i64, options: &MockOptions) -> Value {
    let mut random = walk.random.clone();
    // Uneven digits below the millisecond show whether a reader keeps all of them.
    let now_ns = now_ms.saturating_mul(1_000_000).saturating_add(383_501);
    let mut row = match walk.ticker.starts_with("I:") {
        true => index(walk),
        false => stock(walk, now_ns, &options.timeframe),
    };
    row.insert("last_updated".to_owned(), json!(now_ns));
    row.insert("timeframe".to_owned(), json!(options.timeframe));
    if random.below(100) < u64::from(options.odd_percent)
        && let Some(oddity) = ODDITIES.get(usize::try_from(random.below(5)).unwrap_or(0))
    {
        oddity.apply(&mut row);
    }
    Value::Object(row)
}

fn index(walk: &Walk) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("ticker".to_owned(), json!(walk.ticker));
    row.insert("type".to_owned(), json!("indices"));
    row.insert("name".to_owned(), json!(format!("Mock index {}", walk.ticker)));
    row.insert("market_status".to_owned(), json!("regular_trading"));
    row.insert("value".to_owned(), cents(walk.last));
    row.insert("session".to_owned(), session(walk));
    row
}

fn stock(walk: &Walk, now_ns: i64, timeframe: &str) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("ticker".to_owned(), json!(walk.ticker));
    row.insert("type".to_owned(), json!("stocks"));
    row.insert("name".to_owned(), json!(format!("Mock stock {}", walk.ticker)));
    row.insert("market_status".to_owned(), json!("open"));
    let mut session = session(walk);
    session["price"] = cents(walk.last);
    session["volume"] = json!(walk.volume);
    session["decimal_volume"] = json!(format!("{}.0", walk.volume));
    row.insert("session".to_owned(), session);
    let trade = json!({
        "price": cents(walk.last), "size": 100, "id": "4064", "exchange": 4, "conditions": [14, 41],
        "sip_timestamp": now_ns, "participant_timestamp": now_ns, "timeframe": timeframe, "decimal_size": "100.0",
    });
    row.insert("last_trade".to_owned(), trade);
    let quote = json!({
        "ask": cents(walk.last + 1), "bid": cents(walk.last.saturating_sub(1)), "ask_size": 3, "bid_size": 5,
        "ask_exchange": 12, "bid_exchange": 11, "midpoint": cents(walk.last),
        "last_updated": now_ns, "timeframe": timeframe,
    });
    row.insert("last_quote".to_owned(), quote);
    let minute = json!({
        "open": cents(walk.open), "high": cents(walk.high), "low": cents(walk.low), "close": cents(walk.last),
        "volume": 610, "vwap": cents(walk.last), "transactions": 26, "decimal_volume": "610.0",
    });
    row.insert("last_minute".to_owned(), minute);
    row
}

fn session(walk: &Walk) -> Value {
    let (last, before) = (price(walk.last), price(walk.previous_close));
    let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
    json!({
        "change": rounded(last - before), "change_percent": rounded((last - before) / before * 100.0),
        "open": cents(walk.open), "high": cents(walk.high), "low": cents(walk.low), "close": cents(walk.last),
        "previous_close": cents(walk.previous_close),
    })
}

fn cents(hundredths: u64) -> Value {
    json!(price(hundredths))
}

#[allow(clippy::cast_precision_loss, reason = "invented prices stay far below 2^53 hundredths")]
pub(super) fn price(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}

impl Oddity {
    fn apply(self, row: &mut Map<String, Value>) {
        match self {
            Self::NoLastTrade => {
                row.remove("last_trade");
                row.remove("last_quote");
            }
            Self::ZeroPrice => {
                for (object, field) in [("last_trade", "price"), ("session", "price"), ("session", "close")] {
                    if let Some(price) = row.get_mut(object).and_then(|object| object.get_mut(field)) {
                        *price = json!(0);
                    }
                }
                if let Some(value) = row.get_mut("value") {
                    *value = json!(0);
                }
            }
            Self::NoSession => {
                row.remove("session");
            }
            Self::NoTime => {
                row.remove("last_updated");
                row.remove("timeframe");
            }
            Self::Nulls => {
                for name in ["last_trade", "last_minute", "name"] {
                    if let Some(value) = row.get_mut(name) {
                        *value = Value::Null;
                    }
                }
            }
        }
    }
}
