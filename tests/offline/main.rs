//! Tests that need no server.
#![allow(missing_docs, reason = "tests")]

mod rust_generator;
