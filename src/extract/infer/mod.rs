//! From a keyspace or traffic to a draft: names become patterns, and what was seen of their keys becomes what they hold.
//!
//! [`keyspace`] and [`traffic`] tell a [`Collector`] of keys and channels one by one; [`sightings`] says at the end what
//! they are. Origins are read elsewhere (`observe`), and written drafts are made elsewhere (`extract::draft`).

mod clients;
mod collector;
pub mod facts;
pub mod keyspace;
pub mod names;
pub mod origins;
pub mod payload;
mod shape;
mod sight;
pub mod traffic;

pub use clients::Known;
pub use collector::Collector;
pub use sight::{Options, sightings};

#[cfg(test)]
mod tests;
