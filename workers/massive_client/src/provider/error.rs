//! Why a snapshot could not be had, told apart by what the caller should do. Texts come from the provider shortened and
//! without control characters; no error ever holds the key or a URL.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why there is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderError {
    /// 401: the key is missing or unknown. Only a person can cure it.
    Unauthorized {
        /// What the provider said.
        message: String,
    },
    /// 403: the account's plan does not include this data. Only a person can cure it.
    NotEntitled {
        /// What the provider said.
        message: String,
    },
    /// 429: too many requests; ask again later.
    RateLimited {
        /// How long the provider asked to wait, if it said so; at most an hour.
        retry_after: Option<Duration>,
    },
    /// 5xx (and 499): the provider is in trouble; ask again later.
    Server {
        /// The HTTP status.
        status: u16,
        /// What the provider said.
        message: String,
    },
    /// Any other status but 200: the request is wrong for this provider.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the provider said.
        message: String,
    },
    /// No whole answer within the deadline.
    Timeout {
        /// The deadline.
        after: Duration,
    },
    /// An answer arrived that is no snapshot.
    BadBody(BadBody),
    /// The provider could not be reached, or the connection broke before an answer began.
    Connect {
        /// What the network said.
        message: String,
    },
}

/// What is wrong with the body of an answer of status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadBody {
    /// A page for people, as proxies and captive portals send.
    Html,
    /// The connection ended before the announced end, or its compression is broken.
    Truncated,
    /// Longer than `limit` bytes after decompression.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Not the JSON of a snapshot; the text says where.
    NotASnapshot(String),
}

impl ProviderError {
    /// A short, stable name of the case, for counters and log fields.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Unauthorized { .. } => "unauthorized",
            Self::NotEntitled { .. } => "not-entitled",
            Self::RateLimited { .. } => "rate-limited",
            Self::Server { .. } => "server-error",
            Self::Refused { .. } => "refused",
            Self::Timeout { .. } => "timeout",
            Self::BadBody(_) => "bad-body",
            Self::Connect { .. } => "connect",
        }
    }

    /// Whether asking again a little later may help: the provider or the network is in trouble for a moment.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Server { .. } | Self::BadBody(_) | Self::Connect { .. })
    }

    /// Whether key, plan or URL must change before asking again can help: retry slowly and log plainly.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::Unauthorized { .. } | Self::NotEntitled { .. } | Self::Refused { .. })
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized { message } => {
                write!(f, "the provider refuses the API key ({message}): check MASSIVE_API_KEY")
            }
            Self::NotEntitled { message } => {
                write!(f, "the provider's plan does not include snapshots of these symbols ({message})")
            }
            Self::RateLimited { retry_after: Some(wait) } => {
                write!(f, "the provider limits the rate of requests: wait {} s", wait.as_secs())
            }
            Self::RateLimited { retry_after: None } => f.write_str("the provider limits the rate of requests"),
            Self::Server { status, message } => write!(f, "the provider failed with status {status} ({message})"),
            Self::Refused { status, message } => {
                write!(f, "the provider refused the request with status {status} ({message}): check the URL")
            }
            Self::Timeout { after } => write!(f, "no answer of the provider within {} ms", after.as_millis()),
            Self::BadBody(bad) => write!(f, "the provider's answer is no snapshot: {bad}"),
            Self::Connect { message } => write!(f, "cannot reach the provider: {message}"),
        }
    }
}

impl fmt::Display for BadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Html => f.write_str("it is an HTML page, as a proxy in between may send"),
            Self::Truncated => f.write_str("it broke off before its end"),
            Self::TooLarge { limit } => write!(f, "it is longer than {limit} bytes"),
            Self::NotASnapshot(why) => f.write_str(why),
        }
    }
}

impl Error for ProviderError {}

impl From<BadBody> for ProviderError {
    fn from(bad: BadBody) -> Self {
        Self::BadBody(bad)
    }
}
