//! keywire.

pub mod server;
