//! MONITOR as an origin: the server's own account of what its clients ask, live or recorded.
//!
//! In: a server, or a log of it. Out: [`Event`](super::Event)s in the order of the lines. MONITOR shows neither replies,
//! nor calls that the server refused before it ran them, nor commands for administrators; and it does not judge here.
//!
//! All clients of one Unix socket have one address in MONITOR. They count as one connection, have a name only if all
//! have the same, and a transaction that one of them has open is open for all: a server of TCP clients tells more.

mod clients;
mod connections;
mod counters;
mod identity;
mod line;
mod lines;
mod listen;
mod live;
mod log;
mod outbox;
mod refresh;
mod session;

pub use clients::ClientTable;
pub use connections::CONNECTION_LIMIT;
pub use line::WORDS_LIMIT;
pub use live::{Ended, WatchOptions, WatchSummary, watch};
pub use log::{LogSummary, read_log};
pub use session::Started;
