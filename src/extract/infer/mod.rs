//! From a keyspace or traffic to a draft: names become patterns, and what was seen of their keys becomes what they hold.

mod facts;
pub mod names;
pub mod payload;
mod shape;
