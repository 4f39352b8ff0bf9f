//! Why a server could not be talked to, and what to do about it.
//!
//! In: redis-rs's errors. Out: a [`ConnectError`] of a known [`Problem`], with the address shown without its password.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use redis::{ErrorKind, RedisError, ServerErrorKind};

use super::address::Endpoint;

/// What kept keywire from talking to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing listens at the address, or the socket is not there.
    Refused,
    /// The host's name is not known.
    UnknownHost,
    /// A password is wanted, or was wrong.
    AuthFailed,
    /// The server knows the user and forbids it the command, or refuses clients of other machines.
    Denied,
    /// The two sides did not agree on encryption, or the certificate was not accepted.
    Tls,
    /// No answer in time.
    Timeout,
    /// The server is still reading its data from disk.
    Loading,
    /// The connection was closed by the other side.
    Dropped,
    /// The address names what the server does not have, such as a database, or what this build cannot do.
    Config,
    /// A cluster is moving slots away from the node that was asked.
    Moved,
    /// A cluster that has lost a part of its slots answers nothing.
    ClusterDown,
    /// Anything else.
    Other,
}

impl Problem {
    /// The class of an error of redis-rs.
    pub fn of(error: &RedisError) -> Self {
        let text = error.to_string().to_lowercase();
        match error.code() {
            Some("NOAUTH" | "WRONGPASS") => return Self::AuthFailed,
            Some("NOPERM" | "DENIED") => return Self::Denied,
            Some("LOADING") => return Self::Loading,
            Some("MOVED" | "ASK" | "TRYAGAIN") => return Self::Moved,
            Some("CLUSTERDOWN") => return Self::ClusterDown,
            _ => {}
        }
        match error.kind() {
            ErrorKind::AuthenticationFailed => Self::AuthFailed,
            ErrorKind::Server(ServerErrorKind::BusyLoading) => Self::Loading,
            ErrorKind::Server(ServerErrorKind::NoPerm) => Self::Denied,
            // Whether built in or not: a client that cannot skip the check of certificates says so here.
            ErrorKind::InvalidClientConfig if text.contains("insecure") => Self::Tls,
            ErrorKind::InvalidClientConfig => Self::Config,
            // RESP3's HELLO carries the credentials, and its refusal has no class of its own.
            _ if text.contains("wrongpass") || text.contains("noauth") => Self::AuthFailed,
            _ if text.contains("db index is out of range") || text.contains("select is not allowed") => Self::Config,
            _ if error.is_timeout() => Self::Timeout,
            _ if is_tls(error, &text) => Self::Tls,
            _ if error.is_connection_refusal() => Self::Refused,
            // The resolvers of the systems have words for it, and no error kind.
            _ if text.contains("lookup address") || text.contains("name or service not known") => Self::UnknownHost,
            _ if error.is_connection_dropped() => Self::Dropped,
            _ => Self::Other,
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Refused => "is the server running, and are host, port or socket path right?",
            Self::UnknownHost => "check the host's name; inside containers it is the service's name",
            Self::AuthFailed => {
                "give user and password in the URL: redis://user:password@host, or ?user=...&pass=... for a Unix socket"
            }
            Self::Denied => "the user's ACL, or the server's protected mode, must allow it",
            Self::Tls => {
                "for a private CA add ?cacert=FILE to the URL or set KEYWIRE_CA_CERT; for a server without TLS write \
                 redis:// instead of rediss://"
            }
            Self::Timeout => "is the host reachable (firewall, VPN), and the server not blocked by a slow command?",
            Self::Loading => "the server is reading its data from disk; try again when it has finished",
            Self::Dropped => "does the port belong to a Redis server, or does it want TLS (rediss://)?",
            Self::Config => "check the URL's database number and options",
            Self::Moved => "try again when the cluster has come to rest",
            Self::ClusterDown => "CLUSTER NODES says which node has failed",
            Self::Other => "see the server's log for more",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Refused => "nothing listens there",
            Self::UnknownHost => "the host is unknown",
            Self::AuthFailed => "the server wants other credentials",
            Self::Denied => "the server denies access",
            Self::Tls => "TLS failed",
            Self::Timeout => "no answer in time",
            Self::Loading => "the server is loading",
            Self::Dropped => "the connection was closed",
            Self::Config => "the address cannot be used",
            Self::Moved => "the cluster is moving slots",
            Self::ClusterDown => "the cluster is down",
            Self::Other => "the server gave an error",
        }
    }
}

/// rustls's errors come wrapped in I/O errors, and these in redis-rs's shared pointer.
fn is_tls(error: &RedisError, text: &str) -> bool {
    let shared = error.source().and_then(|source| source.downcast_ref::<Arc<dyn Error + Send + Sync>>());
    let io = shared.and_then(|shared| shared.downcast_ref::<io::Error>());
    let is_rustls = io.and_then(io::Error::get_ref).is_some_and(|inner| inner.is::<rustls::Error>());
    is_rustls || text.contains("certificate") || text.contains("tls handshake")
}

/// That a server cannot be used, why, and what to do; safe to show.
#[derive(Clone, Debug)]
pub struct ConnectError {
    /// The class, for callers that tell cases apart.
    pub problem: Problem,
    endpoint: String,
    detail: String,
}

impl ConnectError {
    pub(super) fn new(endpoint: &Endpoint, error: &RedisError) -> Self {
        let mut problem = Problem::of(error);
        // A server without TLS hangs up at the first bytes of a handshake, or answers it with an error in clear.
        if problem == Problem::Dropped && endpoint.is_tls() {
            problem = Problem::Tls;
        }
        let mut detail = error.to_string();
        if let Some(password) = endpoint.info().redis_settings().password().filter(|it| !it.is_empty()) {
            detail = detail.replace(password, "***");
        }
        Self { problem, endpoint: endpoint.to_string(), detail }
    }

    pub(super) fn timeout(endpoint: &Endpoint, limit: std::time::Duration) -> Self {
        let detail = format!("waited {:.1} s", limit.as_secs_f64());
        Self { problem: Problem::Timeout, endpoint: endpoint.to_string(), detail }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { problem, endpoint, detail } = self;
        write!(f, "cannot use the server at {endpoint}: {} ({detail}); {}", problem.what(), problem.hint())
    }
}

impl Error for ConnectError {}
