//! Servers: their commands as one table, how to start one for a while, and how to talk to one.
//!
//! Takes programs and URLs; gives running servers, connections, and what a server says of itself. It knows nothing of
//! registries, keys or rules.

pub mod commands;
pub mod connect;
pub mod embedded;
mod version;

pub use version::{Flavour, Version};
