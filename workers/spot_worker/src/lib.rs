//! The spot worker: prices of indices and stocks from the provider to the bus, once a tick.
//!
//! - [`provider`]: the client of the provider's universal snapshot; knows HTTP, not prices
//! - [`symbols`]: which symbols are followed, and what the provider calls them
//! - [`unify`]: one provider row -> one unified [`unify::Price`]; pure
//! - [`publish`]: prices -> one batch of the generated writers
//! - [`worker`]: the loop of ticks, and what goes wrong in it
//! - [`ticker`]: when to work; knows nothing of the work
//! - [`wiring`]: generated from the registry: payloads, keys, writers, readers, config
//! - [`mock`]: a provider on loopback for tests and demonstrations
//!
//! Data flows one way: ticker -> provider -> unify -> the generated writers of the bus.

pub mod mock;
pub mod provider;
pub mod publish;
pub mod symbols;
pub mod ticker;
pub mod unify;
pub mod wiring;
pub mod worker;
