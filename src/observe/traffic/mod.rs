//! Traffic: what clients asked of a server, call by call, wherever it was overheard. Origins give [`Event`]s in the order
//! of time; they do not judge, and they know nothing of registries.

pub mod monitor;
pub mod proxy;
pub mod resp;

use std::sync::Arc;

/// Bytes of one word that are kept. Longer words are cut off, and marked in [`Call::cut`].
pub const WORD_LIMIT: usize = 1 << 20;
/// Bytes of one call that are kept. Words beyond are kept empty, and marked in [`Call::cut`], so that their places count.
pub const CALL_LIMIT: usize = 16 << 20;

/// One thing that an origin overheard.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A command of a client, or of a script.
    Call(Call),
    /// Something was not overheard.
    Gap(Gap),
    /// What the server itself counted of calls that failed, for origins that see no replies.
    Failures(Vec<Failures>),
}

/// One command, as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// When, in microseconds since 1970.
    pub at_us: u64,
    /// Who. Calls of one connection share one.
    pub client: Arc<Client>,
    /// Number of the connection, unique within a run of the origin.
    pub connection: u64,
    /// The database it was sent to.
    pub database: u32,
    /// The command's name and its arguments.
    pub words: Vec<Vec<u8>>,
    /// Indexes of words that are not here in full, in order.
    pub cut: Vec<usize>,
    /// What it is a part of.
    pub within: Within,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a call is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// It stands alone. MULTI and EXEC themselves do, too.
    Nothing,
    /// Between MULTI and EXEC, and executed.
    Transaction,
    /// Called by a script or function.
    Script,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The origin sees no replies.
    Unknown,
    /// It was answered, and not with an error.
    Done,
    /// It was answered with an error of this kind: the first word of it, such as `WRONGTYPE` or `ERR`.
    Failed(String),
}

/// A connection's other end, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Client {
    /// Its address as the server tells it: `127.0.0.1:50312`, `unix:/run/redis.sock`.
    pub address: String,
    /// What it calls itself (CLIENT SETNAME).
    pub name: Option<String>,
    /// The ACL user it is.
    pub user: Option<String>,
    /// The module that it is said to be, by the listener it came through.
    pub module: Option<String>,
}

/// Something was not overheard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// When it began, in microseconds since 1970.
    pub at_us: u64,
    /// How many calls are missing, where that is known.
    pub calls: Option<u64>,
    /// Why, in a few words: `the connection was lost for 1.2 s`.
    pub why: String,
}

/// Failed calls of one command and kind, as counted by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures {
    /// The command's name in upper case; `None` where the server counts by kind alone.
    pub command: Option<String>,
    /// The kind of error, such as `WRONGTYPE`; `None` where the server counts by command alone.
    pub kind: Option<String>,
    /// How many.
    pub count: u64,
}
