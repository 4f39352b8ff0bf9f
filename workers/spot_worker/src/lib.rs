//! The spot worker: prices of indices and stocks from the provider to the bus, once a tick.
//!
//! - [`provider`]: the client of the provider's universal snapshot; knows HTTP, not prices
//! - [`symbols`]: which symbols are followed, and what the provider calls them
//! - [`unify`]: one provider row -> one unified [`unify::Price`]; pure
//! - [`ticker`]: when to work; knows nothing of the work
//! - [`mock`]: a provider on loopback for tests and demonstrations
//!
//! Data flows one way: ticker -> provider -> unify -> the generated writers of the bus.

pub mod mock;
pub mod provider;
pub mod symbols;
pub mod ticker;
pub mod unify;
