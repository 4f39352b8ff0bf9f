//! Any program under contract.
pub mod program;
