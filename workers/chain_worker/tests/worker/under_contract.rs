//! The worker under contract: `keywire run` finds it clean and all of it covered.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::scene::{chains, mock};

/// A program that cargo builds with the workspace, beside this worker.
fn beside(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_chain_worker")).with_file_name(name);
    assert!(path.is_file(), "{} is not built: run `cargo test --workspace`", path.display());
    path
}

#[test]
fn the_worker_is_clean_and_all_of_it_is_seen() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(mock(chains()));
    let mut command = Command::new(beside("keywire"));
    command.args(["run", "--as", "chain_worker", "--fail-on-coverage-below", "100", "--expect", "chain_snapshot"]);
    command.args(["--expect", "subscription_list", "--format", "json", "--"]).arg(env!("CARGO_BIN_EXE_chain_worker"));
    command.args(["--provider", &mock.url(), "--run-for", "3s"]);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).stdin(Stdio::null());
    command.env("MASSIVE_API_KEY", "mock").env("MASSIVE_CHAIN_INTERVAL_SEC", "2").env("RUST_LOG", "error");
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    assert_eq!((report["findings"].as_array().map(Vec::len), output.status.code()), (Some(0), Some(0)), "{report:#}");
    assert_eq!(report["coverage"]["operations"]["percent"], 100.0);
    assert_eq!(report["evidence"]["program"]["exit_code"], 0);
}
