//! keywire.

pub mod document;
