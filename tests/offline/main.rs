//! Tests that need no server: one binary, so that the library is linked once.

mod registries;
mod rules;
