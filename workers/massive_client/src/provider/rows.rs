//! The documented shapes of the universal snapshot, as far as prices need them: bytes in, rows out.
//! Everything is optional, unknown fields are normal, and a field of an unexpected type counts as absent, so that one odd
//! field never costs a price and one odd row never costs the others. Judging values is not done here.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use super::{BadBody, ProviderError};

/// The rows of one tick.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// The rows, in the provider's order.
    pub rows: Vec<Row>,
    /// How many elements of `results` were no objects and are not among the rows.
    pub malformed: usize,
    /// The provider's id of the (last) request, to quote to its support.
    pub request_id: Option<String>,
    /// When the (last) answer had arrived, in milliseconds since the epoch.
    pub received_ms: i64,
    /// What was wrong with the first request that failed, when others went well: its rows are missing.
    pub failed: Option<ProviderError>,
}

impl Snapshot {
    /// The snapshot that an answer holds.
    ///
    /// # Errors
    /// When it is none.
    pub fn of(answer: &Value) -> Result<Self, ProviderError> {
        read(answer)
    }

    /// Takes the rows of a later answer as well.
    pub fn absorb(&mut self, page: Self) {
        self.rows.extend(page.rows);
        self.malformed += page.malformed;
        self.request_id = page.request_id.or(self.request_id.take());
    }
}

/// Declares structs whose fields are all optional and leniently read.
macro_rules! lenient_structs {
    ($($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name { $(
            $(#[$doc])*
            #[serde(default, deserialize_with = "lenient")]
            pub $field: Option<$type>,
        )* }
    )*};
}

pub(super) use lenient_structs;

lenient_structs! {
    /// One ticker of a snapshot. Times are nanoseconds since the epoch and exceed what an f64 can hold.
    Row {
        /// The ticker as the provider names it: `AAPL`, `I:SPX`.
        ticker: String,
        /// `open`, `closed`, `regular_trading` and others.
        market_status: String,
        /// The value of an index.
        value: f64,
        /// The trading day so far.
        session: Session,
        /// The latest trade, if the plan includes trades.
        last_trade: LastTrade,
        /// The latest minute bar.
        last_minute: LastMinute,
        /// When the row changed, in nanoseconds.
        last_updated: i64,
        /// `REAL-TIME` or `DELAYED`.
        timeframe: String,
        /// Why this ticker has no data: `NOT_FOUND`, `NOT_ENTITLED`.
        error: String,
        /// The same for people.
        message: String,
    }
    /// The trading day so far.
    Session {
        /// The latest price of a stock.
        price: f64,
        /// The first price.
        open: f64,
        /// The highest price; the vendor's data does not always keep it above `low`.
        high: f64,
        /// The lowest price.
        low: f64,
        /// The latest or closing price.
        close: f64,
        /// The close of the day before.
        previous_close: f64,
        /// Shares traded.
        volume: f64,
    }
    /// The latest trade.
    LastTrade {
        /// Price of one share.
        price: f64,
        /// When the tape received it, in nanoseconds.
        sip_timestamp: i64,
        /// When the vendor updated it, in nanoseconds.
        last_updated: i64,
        /// `REAL-TIME` or `DELAYED`.
        timeframe: String,
    }
    /// The latest minute bar.
    LastMinute {
        /// Its last price.
        close: f64,
        /// When it changed, in nanoseconds.
        last_updated: i64,
    }
}

/// The value if it has the expected type, else None. Numbers stay integers on the way, so nanoseconds keep every digit.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    // No field is a list, but serde would fill a struct from one, by position.
    if value.is_array() {
        return Ok(None);
    }
    Ok(serde_json::from_value(value).ok())
}

/// The rows of one body of status 200.
pub(super) fn parse(body: &[u8]) -> Result<Snapshot, ProviderError> {
    read(&serde_json::from_slice(body).map_err(|error| not_json(&error))?)
}

fn read(value: &Value) -> Result<Snapshot, ProviderError> {
    let Some(results) = value.get("results").and_then(Value::as_array) else {
        return Err(BadBody::NotASnapshot("it has no list of `results`".to_owned()).into());
    };
    let mut snapshot = Snapshot {
        request_id: value.get("request_id").and_then(Value::as_str).map(str::to_owned),
        ..Snapshot::default()
    };
    for element in results {
        match Row::deserialize(element) {
            Ok(row) if element.is_object() => snapshot.rows.push(row),
            _ => snapshot.malformed += 1,
        }
    }
    Ok(snapshot)
}

pub(super) fn not_json(error: &serde_json::Error) -> BadBody {
    if error.is_eof() {
        return BadBody::Truncated;
    }
    // serde_json's message may quote a piece of the body, its place may not.
    BadBody::NotASnapshot(format!("it is no JSON at line {}, column {}", error.line(), error.column()))
}
