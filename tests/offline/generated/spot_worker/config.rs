//! What the environment says to `spot_worker`.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{ConfigErrors, ConfigReader, Invalid, Variable, parse_list, parse_number, parse_seconds};
use std::time::Duration;
/// The config of `spot_worker`, one field for each variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Index symbols to publish.
    ///
    /// Variable `MASSIVE_SPOT_SYMBOLS`, by default `SPX,NDX,VIX`.
    pub massive_spot_symbols: Vec<String>,
    /// Stock symbols to publish.
    ///
    /// Variable `MASSIVE_STOCK_SYMBOLS`, by default `SPY,QQQ`.
    pub massive_stock_symbols: Vec<String>,
    /// Time between two ticks.
    ///
    /// Variable `MASSIVE_SPOT_INTERVAL_SEC`, by default `1`.
    pub massive_spot_interval_sec: Duration,
    /// Entries kept in the trail of all symbols.
    ///
    /// Variable `MASSIVE_SPOT_TRAIL_ENTRIES`, by default `300`.
    pub massive_spot_trail_entries: u64,
    /// Age up to which the trail of one symbol is kept.
    ///
    /// Variable `MASSIVE_SPOT_TRAIL_WINDOW_SEC`, by default `604800`.
    pub massive_spot_trail_window_sec: Duration,
    /// TTL of the trail of one symbol; renewed by each write.
    ///
    /// Variable `MASSIVE_SPOT_TRAIL_TTL_SEC`, by default `691200`.
    pub massive_spot_trail_ttl_sec: Duration,
    /// Entries kept in the raw stream, approximately.
    ///
    /// Variable `MASSIVE_SPOT_STREAM_MAXLEN`, by default `100000`.
    pub massive_spot_stream_maxlen: u64,
}
impl Config {
    /// All variables, in the order of the registry: what a `--help` shows.
    pub const VARIABLES: &'static [Variable] = &[
        Variable {
            name: "MASSIVE_SPOT_SYMBOLS",
            kind: "list",
            default: Some("SPX,NDX,VIX"),
            about: "Index symbols to publish.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_STOCK_SYMBOLS",
            kind: "list",
            default: Some("SPY,QQQ"),
            about: "Stock symbols to publish.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_SPOT_INTERVAL_SEC",
            kind: "seconds",
            default: Some("1"),
            about: "Time between two ticks.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_SPOT_TRAIL_ENTRIES",
            kind: "integer",
            default: Some("300"),
            about: "Entries kept in the trail of all symbols.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_SPOT_TRAIL_WINDOW_SEC",
            kind: "seconds",
            default: Some("604800"),
            about: "Age up to which the trail of one symbol is kept.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_SPOT_TRAIL_TTL_SEC",
            kind: "seconds",
            default: Some("691200"),
            about: "TTL of the trail of one symbol; renewed by each write.",
            secret: false,
        },
        Variable {
            name: "MASSIVE_SPOT_STREAM_MAXLEN",
            kind: "integer",
            default: Some("100000"),
            about: "Entries kept in the raw stream, approximately.",
            secret: false,
        },
    ];
    /// Reads the environment.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        Self::from_lookup(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }
    /// Reads the variables from anywhere, by name.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {
        let mut read = ConfigReader::new(&lookup);
        let config = Self {
            massive_spot_symbols: read
                .required(&Self::VARIABLES[0], |text| parse_list(text, check_massive_spot_symbols)),
            massive_stock_symbols: read
                .required(&Self::VARIABLES[1], |text| parse_list(text, check_massive_stock_symbols)),
            massive_spot_interval_sec: read.required(&Self::VARIABLES[2], |text| parse_seconds(text, Some(0.05), None)),
            massive_spot_trail_entries: read
                .required(&Self::VARIABLES[3], |text| parse_number::<u64>(text, Some(1), None)),
            massive_spot_trail_window_sec: read
                .required(&Self::VARIABLES[4], |text| parse_seconds(text, Some(1.0), None)),
            massive_spot_trail_ttl_sec: read.required(&Self::VARIABLES[5], |text| parse_seconds(text, Some(1.0), None)),
            massive_spot_stream_maxlen: read
                .required(&Self::VARIABLES[6], |text| parse_number::<u64>(text, Some(1), None)),
        };
        read.finish(config)
    }
}
impl Default for Config {
    fn default() -> Self {
        Self {
            massive_spot_symbols: vec!["SPX".to_owned(), "NDX".to_owned(), "VIX".to_owned()],
            massive_stock_symbols: vec!["SPY".to_owned(), "QQQ".to_owned()],
            massive_spot_interval_sec: Duration::from_secs(1),
            massive_spot_trail_entries: 300,
            massive_spot_trail_window_sec: Duration::from_secs(604_800),
            massive_spot_trail_ttl_sec: Duration::from_secs(691_200),
            massive_spot_stream_maxlen: 100_000,
        }
    }
}
/// Checks a word of `MASSIVE_SPOT_SYMBOLS`.
fn check_massive_spot_symbols(word: &str) -> Result<(), Invalid> {
    word.parse::<super::params::Symbol>().map(drop)
}
/// Checks a word of `MASSIVE_STOCK_SYMBOLS`.
fn check_massive_stock_symbols(word: &str) -> Result<(), Invalid> {
    word.parse::<super::params::Symbol>().map(drop)
}
