//! The worker under contract: `keywire run` finds it clean on both buses, and all of it covered.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::scene::Scene;
use crate::servers::for_each_server;

#[test]
fn the_worker_is_clean_on_both_buses_and_all_of_it_is_seen() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        // Pauses in which it must give a sign of life.
        scene.add(0..4, 200);
        let worker = Path::new(env!("CARGO_BIN_EXE_replay_worker"));
        let keywire = worker.with_file_name("keywire");
        assert!(keywire.is_file(), "{} is not built: run `cargo test --workspace`", keywire.display());
        let output = Command::new(&keywire)
            .args(["run", "--as", "replay_worker", "--fail-on-coverage-below", "100", "--format", "json"])
            .args(["--server", &format!("market-redis={}", scene.from.url())])
            .args(["--server", &format!("replay-redis={}", scene.to.url()), "--"])
            .args([worker.as_os_str(), "--once".as_ref()])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
            .envs([("REPLAY_CLAIM_IDLE_SEC", "0.1"), ("RUST_LOG", "error")])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        // That an old server does not know what a client library says of itself is a note.
        let faults: Vec<&Value> =
            report["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] != "info").collect();
        assert_eq!((faults, output.status.code()), (vec![], Some(0)));
        assert_eq!(report["coverage"]["operations"]["percent"], 100.0);
        let reads = report["coverage"]["entries"].as_array().unwrap().iter();
        let of_it =
            reads.flat_map(|entry| entry["reads"].as_array().unwrap()).filter(|read| read["party"] == "replay_worker");
        assert!(of_it.clone().count() > 5 && of_it.clone().all(|read| read["seen"].as_u64() > Some(0)), "{report:#}");
    });
}
