//! The replay worker: entries of the stream of spot prices from one bus to another, or to a file, with the pauses that they had.
//!
//! - [`source`]: the entries, by a consumer group: at least once, across crashes of this worker and of others
//! - [`pace`]: when an entry is due; pure
//! - [`target`]: where entries go: a bus, by the generated writers, or a file of JSON lines
//! - [`replay`]: the loop, and what goes wrong in it
//! - [`contract`]: which contract is live on the bus, beside the one that this worker was generated from
//! - [`metrics`]: what operators see of it
//! - [`wiring`]: generated from the registry: payloads, keys, writers, readers, config
//!
//! Data flows one way: source -> pace -> target -> acknowledgement.

pub mod contract;
pub mod metrics;
pub mod pace;
pub mod replay;
pub mod source;
pub mod target;
pub mod wiring;
