//! What the environment says to `rich`.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{
    ConfigErrors, ConfigReader, Invalid, Secret, Variable, parse_boolean, parse_checked, parse_list,
    parse_milliseconds, parse_number, parse_path, parse_seconds, parse_secret, parse_url,
};
use std::path::PathBuf;
use std::time::Duration;
/// The config of `rich`, one field for each variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Symbols.
    ///
    /// Variable `RICH_SYMBOLS`, by default `SPX,VIX`.
    pub rich_symbols: Vec<String>,
    /// The first symbol.
    ///
    /// Variable `RICH_HOME`, by default `SPX`.
    pub rich_home: String,
    /// The value of `RICH_INTERVAL_SEC`.
    ///
    /// Variable `RICH_INTERVAL_SEC`, by default `0.25`.
    pub rich_interval_sec: Duration,
    /// The value of `RICH_DEADLINE_MS`.
    ///
    /// Variable `RICH_DEADLINE_MS`, by default `1500`.
    pub rich_deadline_ms: Duration,
    /// Entries kept.
    ///
    /// Variable `RICH_MAXLEN`, by default `100000`.
    pub rich_maxlen: u64,
    /// The value of `RICH_OFFSET`.
    ///
    /// Variable `RICH_OFFSET`, by default `-3`.
    pub rich_offset: i64,
    /// The value of `RICH_FACTOR`.
    ///
    /// Variable `RICH_FACTOR`, by default `1.5`.
    pub rich_factor: f64,
    /// The value of `RICH_DRY_RUN`.
    ///
    /// Variable `RICH_DRY_RUN`, by default `false`.
    pub rich_dry_run: bool,
    /// Where it asks; may hold a \[token\].
    ///
    /// Variable `RICH_PROVIDER_URL`, must be set.
    pub rich_provider_url: String,
    /// The value of `RICH_FOLDER`.
    ///
    /// Variable `RICH_FOLDER`, by default `/var/lib/rich`.
    pub rich_folder: PathBuf,
    /// The value of `RICH_MODE`.
    ///
    /// Variable `RICH_MODE`, by default `live`.
    pub rich_mode: RichMode,
    /// Key of the provider.
    ///
    /// Variable `RICH_API_KEY`, must be set.
    pub rich_api_key: Secret,
    /// The value of `RICH_PROXY`.
    ///
    /// Variable `RICH_PROXY`, may stay unset.
    pub rich_proxy: Option<String>,
    /// Where it runs.
    ///
    /// Variable `SHARED_REGION`, by default `eu-west`.
    pub shared_region: SharedRegion,
}
impl Config {
    /// All variables, in the order of the registry: what a `--help` shows.
    pub const VARIABLES: &'static [Variable] = &[
        Variable { name: "RICH_SYMBOLS", kind: "list", default: Some("SPX,VIX"), about: "Symbols.", secret: false },
        Variable { name: "RICH_HOME", kind: "string", default: Some("SPX"), about: "The first symbol.", secret: false },
        Variable {
            name: "RICH_INTERVAL_SEC",
            kind: "seconds",
            default: Some("0.25"),
            about: "The value of RICH_INTERVAL_SEC.",
            secret: false,
        },
        Variable {
            name: "RICH_DEADLINE_MS",
            kind: "milliseconds",
            default: Some("1500"),
            about: "The value of RICH_DEADLINE_MS.",
            secret: false,
        },
        Variable {
            name: "RICH_MAXLEN",
            kind: "integer",
            default: Some("100000"),
            about: "Entries kept.",
            secret: false,
        },
        Variable {
            name: "RICH_OFFSET",
            kind: "integer",
            default: Some("-3"),
            about: "The value of RICH_OFFSET.",
            secret: false,
        },
        Variable {
            name: "RICH_FACTOR",
            kind: "number",
            default: Some("1.5"),
            about: "The value of RICH_FACTOR.",
            secret: false,
        },
        Variable {
            name: "RICH_DRY_RUN",
            kind: "boolean",
            default: Some("false"),
            about: "The value of RICH_DRY_RUN.",
            secret: false,
        },
        Variable {
            name: "RICH_PROVIDER_URL",
            kind: "url",
            default: None,
            about: "Where it asks; may hold a [token].",
            secret: false,
        },
        Variable {
            name: "RICH_FOLDER",
            kind: "path",
            default: Some("/var/lib/rich"),
            about: "The value of RICH_FOLDER.",
            secret: false,
        },
        Variable {
            name: "RICH_MODE",
            kind: "enum",
            default: Some("live"),
            about: "The value of RICH_MODE.",
            secret: false,
        },
        Variable { name: "RICH_API_KEY", kind: "string", default: None, about: "Key of the provider.", secret: true },
        Variable { name: "RICH_PROXY", kind: "url", default: None, about: "The value of RICH_PROXY.", secret: false },
        Variable {
            name: "SHARED_REGION",
            kind: "enum",
            default: Some("eu-west"),
            about: "Where it runs.",
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
            rich_symbols: read.required(&Self::VARIABLES[0], |text| parse_list(text, check_rich_symbols)),
            rich_home: read.required(&Self::VARIABLES[1], |text| parse_checked(text, check_rich_home)),
            rich_interval_sec: read.required(&Self::VARIABLES[2], |text| parse_seconds(text, Some(0.05), Some(60.0))),
            rich_deadline_ms: read.required(&Self::VARIABLES[3], |text| parse_milliseconds(text, None, None)),
            rich_maxlen: read.required(&Self::VARIABLES[4], |text| parse_number::<u64>(text, None, None)),
            rich_offset: read.required(&Self::VARIABLES[5], |text| parse_number::<i64>(text, Some(-10), Some(10))),
            rich_factor: read.required(&Self::VARIABLES[6], |text| parse_number::<f64>(text, None, None)),
            rich_dry_run: read.required(&Self::VARIABLES[7], parse_boolean),
            rich_provider_url: read.required(&Self::VARIABLES[8], parse_url),
            rich_folder: read.required(&Self::VARIABLES[9], parse_path),
            rich_mode: read.required(&Self::VARIABLES[10], RichMode::parse),
            rich_api_key: read.required(&Self::VARIABLES[11], parse_secret),
            rich_proxy: read.optional(&Self::VARIABLES[12], parse_url),
            shared_region: read.required(&Self::VARIABLES[13], SharedRegion::parse),
        };
        read.finish(config)
    }
}
/// What `RICH_MODE` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RichMode {
    /// The word `live`.
    #[default]
    Live,
    /// The word `replay-fast`.
    ReplayFast,
}
impl RichMode {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::ReplayFast => "replay-fast",
        }
    }
    fn parse(text: &str) -> Result<Self, (String, String)> {
        match text {
            "live" => Ok(Self::Live),
            "replay-fast" => Ok(Self::ReplayFast),
            _ => Err((format!("is `{text}`"), "write one of live, replay-fast".to_owned())),
        }
    }
}
/// What `SHARED_REGION` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SharedRegion {
    /// The word `eu-west`.
    #[default]
    EuWest,
    /// The word `us-east`.
    UsEast,
}
impl SharedRegion {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EuWest => "eu-west",
            Self::UsEast => "us-east",
        }
    }
    fn parse(text: &str) -> Result<Self, (String, String)> {
        match text {
            "eu-west" => Ok(Self::EuWest),
            "us-east" => Ok(Self::UsEast),
            _ => Err((format!("is `{text}`"), "write one of eu-west, us-east".to_owned())),
        }
    }
}
/// Checks a word of `RICH_SYMBOLS`.
fn check_rich_symbols(word: &str) -> Result<(), Invalid> {
    word.parse::<super::params::Symbol>().map(drop)
}
/// Checks a word of `RICH_HOME`.
fn check_rich_home(word: &str) -> Result<(), Invalid> {
    word.parse::<super::params::Symbol>().map(drop)
}
