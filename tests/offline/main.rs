//! Tests that need no server: one binary, so that the library is linked once.

mod lint_cases;
mod lint_scale;
mod registries;
mod rules;
