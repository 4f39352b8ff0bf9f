//! How fast a recorded MONITOR log is judged, against a floor that only reads the same log into calls, in one run.
//!
//! `make bench` runs it. KEYWIRE_BENCH_LOG_MB sets the size of the log (default 100), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 5). The log is what the repository's own spot worker sends: ticks of five prices, seven commands a price.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use keywire::observe::input;
use keywire::observe::traffic::monitor::{ClientTable, read_log};
use keywire::registry::{self, BusId, Registry};
use keywire::watch::{Request, judge_log};

fn main() {
    let megabytes: u64 = setting("KEYWIRE_BENCH_LOG_MB", 100);
    let rounds: u64 = setting("KEYWIRE_BENCH_ROUNDS", 5);
    let registry = registry::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.log");
    let calls = write_log(&file, megabytes * 1_000_000);
    let size = file.metadata().unwrap().len();
    println!("a MONITOR log of {} MB, {calls} calls, {rounds} rounds", size / 1_000_000);
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let floor = per_second(calls, || read(&file));
        let judged = per_second(calls, || judge(&registry, &file));
        ratios.push(judged / floor);
        #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
        let bytes = size as f64 / calls as f64 / 1e6;
        println!(
            "  floor {floor:>9.0} calls/s   judged {judged:>9.0} calls/s ({:.0} MB/s)   ratio {:.2}",
            judged * bytes,
            judged / floor
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median of the ratios: {:.2}", ratios[ratios.len() / 2]);
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// The calls that a run has counted, by the second.
#[allow(clippy::cast_precision_loss, reason = "a rate for people")]
fn per_second(expected: u64, run: impl FnOnce() -> u64) -> f64 {
    let started = Instant::now();
    assert_eq!(run(), expected);
    expected as f64 / started.elapsed().as_secs_f64()
}

fn read(file: &Path) -> u64 {
    let mut out = |_| ControlFlow::Continue(());
    read_log(input::open(file).unwrap(), ClientTable::default(), &mut out).unwrap().calls
}

fn judge(registry: &Registry, file: &Path) -> u64 {
    let mut request = Request::new(BusId(0), "bench");
    let worker = keywire::check::traffic::party_named(registry, "spot_worker");
    (request.options.all_are, request.options.only) = (worker, worker);
    let input = (input::open(file).unwrap(), ClientTable::default());
    let outcome = judge_log(registry, &request, input, &AtomicBool::new(false), |_| {}).unwrap();
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    outcome.evidence.calls
}

/// Writes a log of at least that size; gives the number of its calls.
fn write_log(file: &Path, size: u64) -> u64 {
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(file).unwrap());
    let (mut written, mut calls, mut tick) = (0, 0, 0_u64);
    while written < size {
        let (second, ms) = (1_767_225_600 + tick, (1_767_225_600 + tick) * 1000);
        for (at, symbol) in ["SPX", "NDX", "VIX", "SPY", "QQQ"].into_iter().enumerate() {
            let ts = keywire::finding::format_moment(ms * 1000);
            let value = format!(
                "{{\\\"symbol\\\":\\\"{symbol}\\\",\\\"value\\\":{}.25,\\\"ts\\\":\\\"{ts}\\\",\\\"source\\\":\\\"massive\\\",\
                 \\\"timeframe\\\":\\\"REAL-TIME\\\",\\\"instrument_type\\\":\\\"index\\\"}}",
                6000 + tick % 100
            );
            for call in [
                format!("\"ZADD\" \"massive:model:spot:{symbol}:trail\" \"{second}\" \"{value}\""),
                format!("\"ZREMRANGEBYSCORE\" \"massive:model:spot:{symbol}:trail\" \"-inf\" \"{}\"", second - 604_800),
                format!("\"EXPIRE\" \"massive:model:spot:{symbol}:trail\" \"691200\""),
                format!("\"SET\" \"massive:model:spot:{symbol}\" \"{value}\""),
                format!("\"SET\" \"massive:spot\" \"{value}\""),
                format!("\"PUBLISH\" \"massive:spot\" \"{value}\""),
                format!("\"XADD\" \"massive:spot:stream\" \"MAXLEN\" \"~\" \"100000\" \"*\" \"payload\" \"{value}\""),
            ] {
                let line = format!("{second}.{:06} [0 127.0.0.1:50312] {call}\n", at * 10);
                out.write_all(line.as_bytes()).unwrap();
                (written, calls) = (written + line.len() as u64, calls + 1);
            }
        }
        tick += 1;
    }
    out.flush().unwrap();
    calls
}
