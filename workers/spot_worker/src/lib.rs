//! The spot worker: prices of indices and stocks from the provider to the bus, once a tick.
//!
//! - [`symbols`]: which symbols are followed, and what the provider calls them
//! - [`unify`]: one provider row -> one unified [`unify::Price`]; pure
//! - [`publish`]: prices -> one batch of the generated writers
//! - [`contract`]: which contract is live on the bus, beside the one that this worker was generated from
//! - [`worker`]: the loop of ticks, and what goes wrong in it
//! - [`feeds`]: the provider's WebSocket as the source, and [`lease`]: who may listen to it
//! - [`source`]: where prices are asked for
//! - [`metrics`]: what operators see of it
//! - [`outbox`]: prices on their way to the bus, and what becomes of them while it is away
//! - [`outlet`]: where batches go
//! - [`wiring`]: generated from the registry: payloads, keys, writers, readers, config
//!
//! Data flows one way: ticker (`chassis`) -> provider (`massive_client`) -> unify -> the generated writers of the bus.

pub mod contract;
pub mod feeds;
pub mod lease;
pub mod metrics;
pub mod outbox;
pub mod outlet;
pub mod publish;
pub mod source;
pub mod symbols;
pub mod unify;
pub mod wiring;
pub mod worker;
