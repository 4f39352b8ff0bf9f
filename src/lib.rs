//! keywire: a key-schema registry and contract tester for Redis and Valkey.
//!
//! Data flows one way: YAML -> text, tree, spans ([`source`]) -> checked tree -> resolved, immutable [`registry`] ->
//! lint, generate, check -> [`finding`]s -> report. Origins observe, rules judge.

pub mod access;
pub mod baseline;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod coverage;
pub mod diff;
pub mod document;
pub mod extract;
pub mod finding;
pub mod generate;
pub mod lint;
pub mod observe;
pub mod reconcile;
pub mod registry;
pub mod report;
pub mod rule;
pub mod run;
pub mod server;
pub mod settings;
pub mod source;
#[cfg(feature = "testing")]
pub mod testing;
pub mod types;
pub mod verify;
pub mod watch;
