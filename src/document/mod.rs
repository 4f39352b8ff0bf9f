//! Fast validation of JSON bytes: a flat, reusable document and JSON Schemas checked over it.
//!
//! Takes bytes, as a server holds them, and schemas as `serde_json` values; gives verdicts whose texts
//! never hold a value of the document. It knows nothing of registries, keys or findings.

mod declared;
mod equality;
mod node;
mod number;
mod parse;
mod scan;
mod schema;
mod slot;
mod tree;
mod violation;

#[cfg(test)]
mod tests;

pub use node::{Flat, Node};
pub use parse::MAX_NESTING;
pub use scan::NotJson;
pub use schema::{Examination, Schema, Verdict};
pub use tree::{Document, Scratch};
pub use violation::Violation;
