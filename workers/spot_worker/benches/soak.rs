//! Does the worker's memory stay flat? The program at 50 symbols and ten ticks a second against mock and server, for ten
//! minutes (KEYWIRE_SOAK_SECONDS); its memory is printed as it goes, and at the end the keyspace is verified.
//!
//! `cargo bench -p spot_worker --bench soak`; needs /proc, as on Linux.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::process::{Command, Stdio};
use std::time::Duration;

use keywire::registry::BusId;
use keywire::server::embedded::{EmbeddedServer, find};
use keywire::verify::{Request, verify};
use massive_client::mock::{Clock, MockOptions, MockProvider};

/// Memory of a process that is in use, in kilobytes.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::main]
async fn main() {
    let seconds = std::env::var("KEYWIRE_SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(600_u64);
    let names: Vec<String> = (0..50_u8)
        .map(|number| format!("S{}{}", char::from(b'A' + number / 26), char::from(b'A' + number % 26)))
        .collect();
    let options = MockOptions { tickers: names.clone(), clock: Clock::System, ..MockOptions::default() };
    let mock = MockProvider::start(options).await.unwrap();
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let mut worker = Command::new(env!("CARGO_BIN_EXE_spot_worker"))
        .args(["--provider", &mock.url(), "--redis", &server.url()])
        .envs([("MASSIVE_API_KEY", "mock"), ("MASSIVE_SPOT_INTERVAL_SEC", "0.1"), ("RUST_LOG", "warn")])
        .envs([("MASSIVE_SPOT_SYMBOLS", ""), ("MASSIVE_STOCK_SYMBOLS", &names.join(","))])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    println!("{}: 50 symbols, ten ticks a second, {seconds} s", server.binary());
    let mut samples = Vec::new();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(seconds * 100)).await;
        assert!(worker.try_wait().unwrap().is_none(), "the worker has ended");
        samples.push(resident(worker.id()));
        println!("  after {:4} s: {:6} kB", samples.len() as u64 * seconds / 10, samples.last().unwrap());
    }
    let told = Command::new("kill").args(["-TERM", &worker.id().to_string()]).status().unwrap();
    assert!(told.success() && worker.wait().unwrap().success());
    let growth = *samples.last().unwrap() as f64 / samples[1] as f64;
    println!(
        "  {} ticks asked for; memory at the end is {growth:.3} of that after a fifth of the time",
        mock.snapshots()
    );
    let registry = keywire::registry::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema").as_ref()).unwrap();
    let request = Request::new(BusId(0), server.url());
    let outcome =
        tokio::task::spawn_blocking(move || verify(&registry, &request, std::future::pending(), |_, _| {}).unwrap());
    let outcome = outcome.await.unwrap();
    for finding in &outcome.findings {
        println!("  {}: {}", finding.rule, finding.message);
    }
    println!("  verify: {} findings", outcome.findings.len());
}
