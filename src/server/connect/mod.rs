//! Connections to servers: addresses as users write them, time limits that suit a tool, and errors that say what to do.
//!
//! In: an address. Out: a connection, what the server says of itself, and how far the client could make itself unseen.
//! Credentials appear in no message.

mod address;
mod failure;
mod info;
mod raw;
mod redact;
mod sentinel;
mod setup;
mod topology;

use std::time::Duration;

use anyhow::Result;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisError};

pub use address::{CA_CERT_ENV, Endpoint, parse_url};
pub use failure::{ConnectError, Problem};
pub use info::{Mode, NodeSizes, ServerInfo};
pub use raw::RawConnection;
pub use redact::redact;
pub use sentinel::Sentinels;
pub(crate) use setup::answer;
pub use setup::{ClientSetup, client_setup};
pub use topology::{Primary, SLOTS, Topology};

/// How long to wait. The defaults of redis-rs, 1 s to connect and 500 ms for a response, suit a service that would rather
/// fail than wait; a tool that scans a busy server would give up on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection as a whole: name, TCP, TLS, password, first answer.
    pub connect: Duration,
    /// For each answer. `None` for connections that run blocking commands (`XREAD BLOCK`, `BLPOP`): these must be
    /// connections of their own, since what follows a blocked command waits with it.
    pub response: Option<Duration>,
}

impl Default for Timeouts {
    /// 5 s to connect, 30 s for an answer.
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), response: Some(Duration::from_secs(30)) }
    }
}

/// Connects to an address (see [`parse_url`]) with the usual [`Timeouts`].
///
/// # Errors
/// A bad address, or a [`ConnectError`], which can be had back by `downcast_ref`.
pub async fn connect(address: &str) -> Result<MultiplexedConnection> {
    connect_with(&parse_url(address)?, Timeouts::default()).await
}

/// Connects, and makes sure that the server answers commands: a missing password and a server that is still loading show
/// here and not at some later place.
///
/// # Errors
/// As [`connect`].
pub async fn connect_with(endpoint: &Endpoint, timeouts: Timeouts) -> Result<MultiplexedConnection> {
    let client = endpoint.client()?;
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeouts.connect))
        .set_response_timeout(timeouts.response);
    let attempt = async {
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        match redis::cmd("PING").query_async::<redis::Value>(&mut connection).await {
            // A user that may not PING is a user all the same.
            Err(error) if error.code() == Some("NOPERM") => Ok(connection),
            answer => answer.map(|_| connection),
        }
    };
    match tokio::time::timeout(timeouts.connect, attempt).await {
        Ok(result) => result.map_err(|error| endpoint.explain(&error)),
        Err(_) => Err(ConnectError::timeout(endpoint, timeouts.connect).into()),
    }
}

impl Endpoint {
    /// Puts an error of redis-rs at this server into words for the user.
    pub fn explain(&self, error: &RedisError) -> anyhow::Error {
        ConnectError::new(self, error).into()
    }
}
