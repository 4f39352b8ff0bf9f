//! The payloads that `spot_worker` writes and reads.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{Dfa, Invalid, Object, Payload, byte_classes, characters, is_date_time, present, rule, word};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
/// Spot price.
///
/// The unified price of one symbol, the same for indices and stocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(remote = "Self")]
pub struct SpotPrice {
    /// Symbol as configured.
    #[schemars(extend("pattern" = "^(?:I:)?[A-Z][A-Z.]{0,9}$"))]
    pub symbol: String,
    /// Last price or index value.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub value: f64,
    /// Time of the price, RFC 3339 in UTC.
    #[schemars(extend("format" = "date-time", "pattern" = "Z$"))]
    pub ts: String,
    /// Where the price comes from.
    #[schemars(extend("minLength" = 1))]
    pub source: String,
    /// Is the price delayed? As the provider says.
    pub timeframe: SpotPriceTimeframe,
    /// First price of the session; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64")]
    pub open: Option<f64>,
    /// Highest price of the session; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64")]
    pub high: Option<f64>,
    /// Lowest price of the session; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64")]
    pub low: Option<f64>,
    /// Last regular price of the session; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64")]
    pub close: Option<f64>,
    /// Shares traded in the session; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64", extend("minimum" = 0))]
    pub volume: Option<f64>,
    /// Time of the price in milliseconds since 1970; stocks only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "i64", extend("minimum" = 0))]
    pub ts_epoch_ms: Option<i64>,
    /// What kind of instrument it is.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "SpotPriceInstrumentType")]
    pub instrument_type: Option<SpotPriceInstrumentType>,
}
impl Serialize for SpotPrice {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for SpotPrice {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl SpotPrice {
    fn check_symbol(&self) -> Result<(), Invalid> {
        rule(PATTERN_1.matches(self.symbol.as_bytes()), "/symbol", "must match `^(?:I:)?[A-Z][A-Z.]{0,9}$`")
    }
    fn check_value(&self) -> Result<(), Invalid> {
        rule(self.value.is_finite(), "/value", "must be a finite number")?;
        rule(self.value > 0.0, "/value", "must be above 0")
    }
    fn check_ts(&self) -> Result<(), Invalid> {
        rule(is_date_time(&self.ts), "/ts", "must be a date and time with offset as in RFC 3339")?;
        rule(PATTERN_2.matches(self.ts.as_bytes()), "/ts", "must match `Z$`")
    }
    fn check_source(&self) -> Result<(), Invalid> {
        rule(characters(&self.source) >= 1, "/source", "must have at least 1 character")
    }
    fn check_open(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.open {
            rule(value.is_finite(), "/open", "must be a finite number")?;
        }
        Ok(())
    }
    fn check_high(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.high {
            rule(value.is_finite(), "/high", "must be a finite number")?;
        }
        Ok(())
    }
    fn check_low(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.low {
            rule(value.is_finite(), "/low", "must be a finite number")?;
        }
        Ok(())
    }
    fn check_close(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.close {
            rule(value.is_finite(), "/close", "must be a finite number")?;
        }
        Ok(())
    }
    fn check_volume(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.volume {
            rule(value.is_finite(), "/volume", "must be a finite number")?;
            rule(*value >= 0.0, "/volume", "must be at least 0")?;
        }
        Ok(())
    }
    fn check_ts_epoch_ms(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.ts_epoch_ms {
            rule(*value >= 0, "/ts_epoch_ms", "must be at least 0")?;
        }
        Ok(())
    }
}
impl Payload for SpotPrice {
    fn validate(&self) -> Result<(), Invalid> {
        self.check_symbol()?;
        self.check_value()?;
        self.check_ts()?;
        self.check_source()?;
        self.check_open()?;
        self.check_high()?;
        self.check_low()?;
        self.check_close()?;
        self.check_volume()?;
        self.check_ts_epoch_ms()
    }
}
/// Is the price delayed? As the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum SpotPriceTimeframe {
    /// The word `REAL-TIME`.
    #[serde(rename = "REAL-TIME")]
    RealTime,
    /// The word `DELAYED`.
    #[serde(rename = "DELAYED")]
    Delayed,
    /// The word `UNKNOWN`.
    #[serde(rename = "UNKNOWN")]
    Unknown,
}
impl SpotPriceTimeframe {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::RealTime, Self::Delayed, Self::Unknown];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RealTime => "REAL-TIME",
            Self::Delayed => "DELAYED",
            Self::Unknown => "UNKNOWN",
        }
    }
}
impl<'de> Deserialize<'de> for SpotPriceTimeframe {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for SpotPriceTimeframe {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// What kind of instrument it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum SpotPriceInstrumentType {
    /// The word `index`.
    #[serde(rename = "index")]
    Index,
    /// The word `stock`.
    #[serde(rename = "stock")]
    Stock,
}
impl SpotPriceInstrumentType {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Index, Self::Stock];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Stock => "stock",
        }
    }
}
impl<'de> Deserialize<'de> for SpotPriceInstrumentType {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for SpotPriceInstrumentType {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The automaton of the pattern `^(?:I:)?[A-Z][A-Z.]{0,9}$`.
static PATTERN_1: Dfa = Dfa {
    classes: &byte_classes(
        &[
            (b'.', b'.', 1),
            (b':', b':', 2),
            (b'A', b'H', 3),
            (b'I', b'I', 4),
            (b'J', b'Z', 3),
        ],
    ),
    class_count: 5,
    transitions: b"\0\x01\0\x01\0\x01\0\x02\0\x03\0\x01\0\x01\0\x01\0\x01\0\x01\0\x01\0\x04\0\x01\0\x04\0\x04\0\x01\0\x04\0\x05\0\x04\0\x04\0\x01\0\x06\0\x01\0\x06\0\x06\0\x01\0\x01\0\x01\0\x02\0\x02\0\x01\0\x07\
        \0\x01\0\x07\0\x07\0\x01\0\x08\0\x01\0\x08\0\x08\0\x01\0\x09\0\x01\0\x09\0\x09\0\x01\0\x0a\0\x01\0\x0a\0\x0a\0\x01\0\x0b\0\x01\0\x0b\0\x0b\0\x01\0\x0c\0\x01\0\x0c\0\x0c\0\x01\0\x0d\0\x01\0\x0d\
        \0\x0d\0\x01\0\x01\0\x01\0\x01\0\x01",
    accepting: b"\0\0\x01\x01\x01\0\x01\x01\x01\x01\x01\x01\x01\x01",
    start: 0,
};
/// The automaton of the pattern `Z$`.
static PATTERN_2: Dfa = Dfa {
    classes: &byte_classes(&[(b'Z', b'Z', 1)]),
    class_count: 2,
    transitions: b"\0\0\0\x01\0\0\0\x01",
    accepting: b"\0\x01",
    start: 0,
};
