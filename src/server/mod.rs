//! What keywire knows of servers: the table of their commands, how to reach them, and the embedded one.
//!
//! It must not know of registries or findings: those who ask it do.

pub mod commands;
