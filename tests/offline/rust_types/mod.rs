//! Generated Rust types: the checked-in output is what is generated, it compiles, and it says what the registry says.

#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod agreement;
mod behaviour;
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod drift;
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod refusals;
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod strategies;

/// The output for `tests/fixtures/rust_types`, compiled here.
#[path = "../generated/rich/mod.rs"]
mod rich;
/// The wiring of the worker itself, made from the registry of the pipeline.
#[path = "../../../workers/spot_worker/src/wiring/mod.rs"]
mod spot_worker;
