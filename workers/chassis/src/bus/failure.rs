//! Why a bus did not do what it was asked, told apart by what the worker should do.

use std::fmt;

use redis::{ErrorKind, RedisError, ServerError, ServerErrorKind};

/// Why a command or batch failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// No answer in time. Whether it was done is not known.
    Timeout,
    /// The connection could not be had, or broke. Whether it was done is not known.
    Lost,
    /// The server is a replica, or was made one: it takes no writes.
    ReadOnly,
    /// The server is loading its data, or a script keeps it busy: it will answer soon.
    Loading,
    /// The server is at its memory limit and evicts nothing.
    OutOfMemory,
    /// The user may not do this (ACL), or must give a password.
    NotAllowed,
    /// A key holds another type than its writers say: the contract is broken on the bus.
    WrongType,
    /// Any other refusal.
    Refused,
}

impl Failure {
    /// Is the connection gone, with all that the server knew of it?
    #[must_use]
    pub fn is_loss(self) -> bool {
        self == Self::Lost
    }

    /// May the writes have been done all the same, as far as one can know?
    #[must_use]
    pub fn is_uncertain(self) -> bool {
        matches!(self, Self::Timeout | Self::Lost)
    }

    /// Must a person do something before asking again can help?
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        matches!(self, Self::OutOfMemory | Self::NotAllowed | Self::WrongType)
    }

    /// A short, stable name of the case, for counters and log fields.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Lost => "lost",
            Self::ReadOnly => "read-only",
            Self::Loading => "loading",
            Self::OutOfMemory => "out-of-memory",
            Self::NotAllowed => "not-allowed",
            Self::WrongType => "wrong-type",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "the bus did not answer in time",
            Self::Lost => "the connection to the bus is lost",
            Self::ReadOnly => "the bus takes no writes: the server is a replica",
            Self::Loading => "the bus is busy: it loads its data, or runs a script",
            Self::OutOfMemory => "the bus is at its memory limit (maxmemory, with a policy that evicts nothing)",
            Self::NotAllowed => "the bus does not allow it: look at the user's ACL, or at the password",
            Self::WrongType => "a key on the bus holds another type than the contract says: keywire verify tells which",
            Self::Refused => "the bus refused a command",
        })
    }
}

/// What an error of redis-rs stands for.
#[must_use]
pub fn failure(error: &RedisError) -> Failure {
    if let Some(refusal) = refusal(error) {
        return match (refusal.kind(), refusal.code()) {
            (Some(ServerErrorKind::ReadOnly), _) => Failure::ReadOnly,
            (Some(ServerErrorKind::NoPerm), _) | (_, "NOAUTH" | "WRONGPASS") => Failure::NotAllowed,
            (Some(ServerErrorKind::BusyLoading | ServerErrorKind::ClusterDown), _)
            | (Some(ServerErrorKind::MasterDown | ServerErrorKind::TryAgain), _)
            | (_, "BUSY" | "NOREPLICAS") => Failure::Loading,
            (_, "OOM") => Failure::OutOfMemory,
            (_, "WRONGTYPE") => Failure::WrongType,
            _ => Failure::Refused,
        };
    }
    if error.kind() == ErrorKind::AuthenticationFailed {
        Failure::NotAllowed
    } else if error.is_timeout() {
        Failure::Timeout
    } else if error.is_io_error() || error.is_connection_dropped() || error.is_connection_refusal() {
        Failure::Lost
    } else {
        Failure::Refused
    }
}

/// What the server said in refusing, without the code in front of it; empty if it said nothing.
#[must_use]
pub fn said(error: &RedisError) -> String {
    let words = refusal(error).and_then(|refusal| refusal.details().map(str::to_owned));
    words.or_else(|| error.detail().map(str::to_owned)).unwrap_or_default()
}

/// What the server refused with. Errors of batches and transactions hold one for each command that was refused, and have no
/// code themselves.
fn refusal(error: &RedisError) -> Option<ServerError> {
    let refusals = error.clone().into_server_errors()?;
    refusals
        .iter()
        .map(|(_, refusal)| refusal)
        .find(|one| one.code() != "EXECABORT")
        .or(Some(&refusals.first()?.1))
        .cloned()
}
