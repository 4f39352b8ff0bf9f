//! The Rust target.

pub mod names;
pub mod plan;
#[cfg(test)]
mod support;
