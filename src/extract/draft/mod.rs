//! Drafts: proposed contents of a registry, as trees of the registry format in which each node may carry its evidence.
//!
//! [`compose`] makes one of what origins say, [`write`] gives its YAML, [`into`] puts it into a hand-written registry.

mod compose;
#[cfg(test)]
mod compose_tests;
pub mod into;
#[cfg(test)]
mod into_tests;
mod node;
mod scalar;
mod write;
#[cfg(test)]
mod write_tests;

pub(in crate::extract) use compose::glob_escaped;
pub use compose::{Plan, compose};
pub use node::{Node, Value};
pub use write::write;

use super::Unresolved;

/// Proposed contents of a registry: all of one, or what is to be put into one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The fields of registry.yaml, in its order.
    pub registry: Vec<(String, Node)>,
    /// Modules by name, each with the fields of its file, in its order.
    pub modules: Vec<(String, Vec<(String, Node)>)>,
    /// What the origin could not understand.
    pub unresolved: Vec<Unresolved>,
}
