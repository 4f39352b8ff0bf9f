//! The tests of the replay worker as one program: pauses, sources, targets, crashes, the contract.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/deployments.rs"]
mod deployments;
#[allow(dead_code, reason = "shared by the workers' tests, of which a part is used here")]
#[path = "../../../chassis/tests/chassis/operated.rs"]
mod operated;
#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/servers.rs"]
mod servers;

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/tls_servers.rs"]
mod tls_servers;

mod contract;
mod crashes;
mod operation;
mod pace;
mod scene;
mod under_contract;
