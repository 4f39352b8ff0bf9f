//! From what exists to a registry: origins say what they know of keys and channels ([`Sighting`]), and what they say is
//! composed into a [`Draft`], which is a registry like any other, with its evidence in comments.
//!
//! `code` reads source files, `infer` a keyspace or traffic, `import` documents. None of them knows another, nor lint,
//! check or generators.

pub mod code;
pub mod draft;
pub mod import;
pub mod infer;
mod sighting;

pub use draft::Draft;
pub use sighting::{Access, Certainty, Kind, Mode, Place, Sighting, Unresolved, redis_type};
