//! The mock as a program: says where it listens, serves, and ends cleanly when told to.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{PATIENCE, provider, tickers};

#[tokio::test]
async fn the_mock_program_prints_its_url_serves_and_ends_on_sigterm() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock_provider"))
        .args(["--tickers", "ACME", "--fail", "500"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next_line().await.unwrap().unwrap();
    let provider = provider(&url, PATIENCE);
    assert_eq!(provider.snapshot(&tickers(&["ACME"])).await.unwrap_err().class(), "server-error");
    assert_eq!(provider.snapshot(&tickers(&["ACME"])).await.unwrap().rows[0].error, None);
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    assert!(child.wait().await.unwrap().success());
    assert_eq!(lines.next_line().await.unwrap(), None, "more than the URL was printed");
}

#[tokio::test]
async fn with_a_websocket_it_prints_a_second_url() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock_provider"))
        .args(["--websocket", "--stop-with-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("http://127.0.0.1:"));
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("ws://127.0.0.1:"));
    drop(child.stdin.take());
    assert!(child.wait().await.unwrap().success());
}
