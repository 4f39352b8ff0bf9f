//! The tests of the chassis as one program: slots on time, settings, and the bus in trouble.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/deployments.rs"]
mod deployments;
#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/servers.rs"]
mod servers;

mod bus;
mod health;
mod sentinel;
mod settings;
mod ticker;
