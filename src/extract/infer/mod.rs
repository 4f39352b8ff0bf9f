//! From a keyspace or from traffic to what its keys and channels are.

pub mod payload;
mod shape;
