//! keywire.
pub mod server;
