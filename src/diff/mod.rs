//! What changed between two registries: every change, structured, without a judgement ([`changes`]). Who breaks by it is the business of
//! rules.

pub mod breaking;
mod change;
pub mod schema;
mod tree;

pub use change::{Change, Happened, Section, changes};
