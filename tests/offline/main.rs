//! Tests that need no server: one binary.

mod rust_types;
