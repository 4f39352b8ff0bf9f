//! Generated types, compiled and run by tests.
pub mod config;
pub mod params;
pub mod payloads;
#[allow(dead_code)]
pub mod support;
