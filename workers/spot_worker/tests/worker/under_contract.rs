//! The worker under contract: `keywire run` finds it clean and all of it covered, and finds each fault of a drifted copy by
//! name.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use massive_client::mock::live::{MockSocket, SocketOptions};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use serde_json::Value;

/// A program that cargo builds with the workspace, beside this worker.
fn beside(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_spot_worker")).with_file_name(name);
    assert!(path.is_file(), "{} is not built: run `cargo test --workspace`", path.display());
    path
}

fn drifted() -> PathBuf {
    beside("examples/drifted_worker")
}

/// A mock of the provider, and the runtime that it serves in.
struct Provider {
    url: String,
    websocket: String,
    _serving: (MockProvider, MockSocket, tokio::runtime::Runtime),
}

fn provider() -> Provider {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock =
        runtime.block_on(MockProvider::start(MockOptions { clock: Clock::System, ..MockOptions::default() })).unwrap();
    let socket = runtime.block_on(MockSocket::start(SocketOptions::default())).unwrap();
    Provider { url: mock.url(), websocket: socket.url(), _serving: (mock, socket, runtime) }
}

/// `keywire run --as spot_worker`, in the folder of the repository.
fn keywire(options: &[&str], program: &Path, arguments: &[&str]) -> Output {
    // Whoever names the WebSocket wants it.
    let source = if arguments.contains(&"--websocket") { "websocket" } else { "rest" };
    let mut command = Command::new(beside("keywire"));
    command.args(["run", "--as", "spot_worker"]).args(options).arg("--").arg(program).args(arguments);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).stdin(Stdio::null());
    command.env("MASSIVE_API_KEY", "mock").env("MASSIVE_SPOT_INTERVAL_SEC", "0.1").env("RUST_LOG", "error");
    command.env("MASSIVE_SPOT_SOURCE", source).env("MASSIVE_SPOT_LEASE_TTL_SEC", "0.6");
    command.output().unwrap()
}

/// The report, and the exit code.
fn report(options: &[&str], program: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = keywire(&[options, &["--format", "json"]].concat(), program, arguments);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    (report, output.status.code().unwrap())
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn the_worker_is_clean_and_all_of_it_is_seen() {
    let provider = provider();
    let worker = Path::new(env!("CARGO_BIN_EXE_spot_worker"));
    let demands = ["--fail-on-coverage-below", "100", "--expect", "spot_latest"];
    // Snapshots at first, then the WebSocket, for longer than a lease lasts.
    let arguments = ["--provider", &provider.url, "--websocket", &provider.websocket, "--run-for", "1.5s"];
    let (report, code) = report(&demands, worker, &arguments);
    assert_eq!((rules(&report), code), (vec![], 0), "{report:#}");
    assert_eq!(report["coverage"]["operations"]["percent"], 100.0);
    assert_eq!(
        (&report["evidence"]["calls_unattributed"], &report["evidence"]["calls_missed"]),
        (&0.into(), &0.into())
    );
    assert_eq!(report["evidence"]["program"]["exit_code"], 0);
}

#[test]
fn without_the_websocket_it_takes_no_lease() {
    let provider = provider();
    let worker = Path::new(env!("CARGO_BIN_EXE_spot_worker"));
    let (report, code) = report(&[], worker, &["--provider", &provider.url, "--run-for", "0.5s"]);
    assert_eq!((rules(&report), code), (vec![], 0), "{report:#}");
    let entries = report["coverage"]["entries"].as_array().unwrap();
    let lease = entries.iter().find(|entry| entry["entry"] == "spot_lease").unwrap();
    assert!(lease["operations"].as_array().unwrap().iter().all(|row| row["seen"] == 0), "{lease:#}");
}

#[test]
fn each_fault_of_a_drifted_copy_is_found_by_name() {
    let provider = provider();
    let faithful = report(&["--fail-on-coverage-below", "100"], &drifted(), &["--provider", &provider.url]);
    assert_eq!((rules(&faithful.0), faithful.1), (vec![], 0), "without a fault: {:#}", faithful.0);
    let list = Command::new(drifted()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.lines().count() >= 12);
    for (fault, rule) in list.lines().map(|line| line.split_once(' ').unwrap()) {
        let arguments = ["--provider", &provider.url, "--fault", fault];
        let (report, code) = report(&["--fail-on-coverage-below", "100"], &drifted(), &arguments);
        assert!(rules(&report).contains(&rule) && code == 1, "{fault}: {rule} is not among {:?}", rules(&report));
        let of_it = |finding: &&Value| finding["rule"] == rule;
        let finding = report["findings"].as_array().unwrap().iter().find(of_it).unwrap();
        let about_calls = !["coverage-below", "program-failed"].contains(&rule);
        assert!(!about_calls || finding["module"] == "spot_worker", "{fault}: {finding:#}");
    }
}

#[test]
fn what_proves_nothing_is_no_success() {
    let output = keywire(&[], Path::new("true"), &[]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stdout));
    let output = keywire(&[], Path::new("keywire-no-such-program"), &[]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && words.contains("keywire-no-such-program"), "{words}");
}

#[test]
fn two_runs_cover_what_either_covers() {
    let provider = provider();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for fault in ["stream-forgotten", "trim-forgotten"] {
        let arguments = ["--provider", &provider.url, "--fault", fault];
        let output = keywire(&["--format", "json"], &drifted(), &arguments);
        files.push(folder.path().join(fault));
        std::fs::write(files.last().unwrap(), output.stdout).unwrap();
    }
    let merge = |files: &[PathBuf]| {
        let mut command = Command::new(beside("keywire"));
        command.args(["coverage", "merge", "--fail-on-coverage-below", "100"]).args(files);
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        let output = command.output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
    };
    let (one, code) = merge(&files[..1]);
    assert!(code == 1 && one.contains("never seen: spot_stream XADD"), "{one}");
    let (both, code) = merge(&files);
    assert!(code == 0 && both.contains("16 of 16 declared operations seen (100 %)"), "{both}");
}

#[test]
fn a_time_given_ends_the_run_and_too_few_calls_prove_nothing() {
    let provider = provider();
    let worker = Path::new(env!("CARGO_BIN_EXE_spot_worker"));
    let arguments = ["--provider", &provider.url];
    let (stopped, code) = report(&["--until", "1s"], worker, &arguments);
    let program = &stopped["evidence"]["program"];
    assert_eq!((code, &program["exit_code"]), (0, &0.into()), "{program:#}");
    assert_eq!(program["stopped"], "stopped after the time given");
    let (few, code) = report(&["--until", "1s", "--min-commands", "1000000"], worker, &arguments);
    assert_eq!((rules(&few), code), (vec![], 3));
}
