//! Source code as an origin: what a program does to Redis, read from its text without running it.
//!
//! Files -> `languages/*` lower each syntax tree to the neutral [`program`] -> the evaluator resolves names, keys and clients over
//! all files -> calls on Redis clients as words of commands -> sightings. Only `languages/*` know tree-sitter and the libraries of
//! their language.

pub mod calls;
pub mod evaluate;
pub mod index;
pub mod languages;
pub mod program;
