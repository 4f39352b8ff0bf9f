//! Why a connection to the WebSocket ended, told apart by what to do then.

use std::fmt;

/// Why a connection ended, or never came about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The provider could not be reached, or would not begin.
    Connect {
        /// What the network said.
        message: String,
    },
    /// The key is not known. Only a person can cure it.
    AuthFailed {
        /// What the provider said.
        said: String,
    },
    /// The plan allows none of the channels. Only a person can cure it.
    NotEntitled {
        /// What the provider said.
        said: String,
    },
    /// Another connection with the same key took the place of this one (`max_connections`).
    Evicted,
    /// The provider ended it with another word: `slow_consumer`, `force_disconnect`, `auth_timeout`.
    Dismissed {
        /// The word.
        word: String,
    },
    /// Nothing came for too long, not even an answer to a ping.
    Silent,
    /// A frame was longer than is taken.
    TooLarge,
    /// The other side closed it.
    Closed,
    /// It broke.
    Broken {
        /// What the network said.
        message: String,
    },
}

impl Ended {
    /// A short, stable name of the case, for counters and log fields.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Connect { .. } => "connect",
            Self::AuthFailed { .. } => "auth-failed",
            Self::NotEntitled { .. } => "not-entitled",
            Self::Evicted => "evicted",
            Self::Dismissed { .. } => "dismissed",
            Self::Silent => "silent",
            Self::TooLarge => "too-large",
            Self::Closed => "closed",
            Self::Broken { .. } => "broken",
        }
    }

    /// Must key, plan or another program change first: is it to be tried again slowly?
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::AuthFailed { .. } | Self::NotEntitled { .. } | Self::Evicted)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { message } => write!(f, "the WebSocket cannot be reached: {message}"),
            Self::AuthFailed { said } => {
                write!(f, "the WebSocket does not know the key ({said}): check MASSIVE_API_KEY")
            }
            Self::NotEntitled { said } => write!(
                f,
                "the plan allows none of the WebSocket's channels ({said}): name others, or, for delayed prices, \
                 --websocket wss://delayed.massive.com"
            ),
            Self::Evicted => {
                f.write_str("max_connections: another connection with the same key has taken the place of this one")
            }
            Self::Dismissed { word } => write!(f, "the provider ended the connection: {}", word.escape_debug()),
            Self::Silent => f.write_str("the WebSocket is silent, and does not answer pings"),
            Self::TooLarge => f.write_str("the WebSocket sent a frame that is longer than is taken"),
            Self::Closed => f.write_str("the provider closed the WebSocket"),
            Self::Broken { message } => write!(f, "the connection to the WebSocket broke: {message}"),
        }
    }
}

impl std::error::Error for Ended {}
