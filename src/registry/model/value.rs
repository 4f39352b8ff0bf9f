//! Values: scalars, and payloads described by a JSON Schema.

use super::{Address, ModuleId, PayloadId};

/// What a key, element, member, field or message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// JSON of a payload.
    Payload(PayloadId),
    /// A name that is neither (lint: unknown-payload).
    Unknown(String),
}

/// The scalar value types. Their meaning stands in `format::SCALARS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named as in the registry, explained in format::SCALARS")]
pub enum Scalar {
    Integer,
    Number,
    Boolean,
    Text,
    Bytes,
    Json,
    DateTime,
    EpochS,
    EpochMs,
    EpochUs,
    EpochNs,
}

impl Scalar {
    /// All, in the order of `format::SCALARS`.
    pub const ALL: [Self; 11] = [
        Self::Integer,
        Self::Number,
        Self::Boolean,
        Self::Text,
        Self::Bytes,
        Self::Json,
        Self::DateTime,
        Self::EpochS,
        Self::EpochMs,
        Self::EpochUs,
        Self::EpochNs,
    ];

    /// The word for it in a registry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Json => "json",
            Self::DateTime => "date-time",
            Self::EpochS => "epoch_s",
            Self::EpochMs => "epoch_ms",
            Self::EpochUs => "epoch_us",
            Self::EpochNs => "epoch_ns",
        }
    }

    /// Milliseconds in one unit of a point in time; `None` for what is not a number of time units.
    #[must_use]
    pub fn unit_ms(self) -> Option<f64> {
        match self {
            Self::EpochS => Some(1000.0),
            Self::EpochMs => Some(1.0),
            Self::EpochUs => Some(1e-3),
            Self::EpochNs => Some(1e-6),
            Self::Integer | Self::Number | Self::Boolean | Self::Text | Self::Bytes | Self::Json | Self::DateTime => {
                None
            }
        }
    }

    /// The scalar of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.as_str() == word)
    }
}

/// A JSON value described by a JSON Schema.
#[derive(Debug, Clone)]
pub struct Payload {
    /// Its name.
    pub name: String,
    /// The module that declares it; `None` for those of `registry.yaml`.
    pub module: Option<ModuleId>,
    /// The schema as written, references to other payloads as `#/$defs/NAME`.
    pub schema: serde_json::Value,
    /// Payloads it refers to, directly or through others, by the name it uses.
    pub references: Vec<(String, PayloadId)>,
    /// Where it is declared.
    pub address: Address,
}
