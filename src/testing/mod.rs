//! For the tests of other crates: strategies for what a registry declares, and the driver of contract tests.
//!
//! Only with the feature `testing`. Nothing of the tool itself may know this module.

mod contract;
pub mod strategies;

pub use contract::{ArgumentSpec, Contract, SERVER_ENV, WriteSpec};
