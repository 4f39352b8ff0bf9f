//! The chain worker: option chains of the underlyings from the provider to the bus, as immutable snapshots.
//!
//! - [`underlyings`]: which underlyings are followed
//! - [`fetch`]: expirations and chains of a run; [`walk`]: from page to page through one chain
//! - [`distil`]: one provider row -> one contract; [`shape`]: contracts in order, around the money; both pure
//! - [`geometry`]: which contracts there are, and whose change is untold; pure
//! - [`publish`]: chains, geometry and counts -> batches of the generated writers
//! - [`contract`]: which contract is live on the bus, beside the one that this worker was generated from
//! - [`worker`]: the loop of runs, and what goes wrong in it
//! - [`metrics`]: what operators see of it
//! - [`outlet`]: where batches go
//! - [`wiring`]: generated from the registry: payloads, keys, writers, readers, config
//!
//! Data flows one way: ticker (`chassis`) -> provider (`massive_client`) -> distil, shape -> the generated writers of the bus.

pub mod contract;
pub mod distil;
pub mod fetch;
pub mod geometry;
pub mod metrics;
pub mod outlet;
pub mod publish;
pub mod shape;
pub mod underlyings;
pub mod walk;
pub mod wiring;
pub mod worker;
