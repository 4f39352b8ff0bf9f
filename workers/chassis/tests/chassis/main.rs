//! The tests of the chassis as one program: slots on time, settings, and the bus in trouble.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod bus;
mod sentinel;
mod settings;
mod ticker;
