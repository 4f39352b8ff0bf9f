//! The tests of the worker as one program: rows, shapes, geometry, walks, runs, operation, trouble.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/deployments.rs"]
mod deployments;
#[path = "../../../chassis/tests/chassis/operated.rs"]
mod operated;
#[path = "../../../spot_worker/tests/worker/relay.rs"]
mod relay;
#[allow(dead_code, reason = "the harness of keywire's own tests, of which a part is used here")]
#[path = "../../../../tests/redis/servers.rs"]
mod servers;

mod contract;
mod distil;
mod geometry;
mod operation;
mod runs;
mod samples;
mod scene;
mod trouble;
mod under_contract;
mod walk;

use std::time::Duration;

/// Long enough for a busy machine, and never waited out in a test that passes.
const PATIENCE: Duration = Duration::from_secs(20);
