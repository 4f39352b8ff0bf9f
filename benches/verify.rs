//! How fast `verify` is against a floor that fetches the same from the same server and checks nothing, in one run.
//!
//! `make bench` runs it. KEYWIRE_BENCH_KEYS sets the number of keys (default 1,000,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 5). Each round runs floor and verify one after the other, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::time::Instant;

use keywire::observe::Depth;
use keywire::observe::live::Pace;
use keywire::registry::{BusId, Registry, load_texts};
use keywire::server::connect;
use keywire::server::embedded::{EmbeddedServer, find_all};
use keywire::verify::{Request, verify};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Cmd, Value};

const REGISTRY: &str = "\
keywire: 1
name: bench
buses:
  main: { env: BENCH_REDIS_URL, owns: [\"massive:*\"] }
";

/// The keys of data set A: a quarter of a kilobyte of JSON under a name of three variable parts.
const MODULE: &str = r#"
module: bench
role: Fills a server.
bus: main
params:
  symbol: { type: string, pattern: "[A-Z]{1,5}" }
  number: { type: integer, min: 0 }
payloads:
  Price:
    type: object
    additionalProperties: false
    required: [symbol, value, ts, source, timeframe]
    properties:
      symbol: { type: string, pattern: "^[A-Z]{1,5}$" }
      value: { type: number, exclusiveMinimum: 0 }
      ts: { type: string, format: date-time }
      source: { type: string, minLength: 1 }
      timeframe: { type: string, enum: [REAL-TIME, DELAYED, UNKNOWN] }
      open: { type: number }
      high: { type: number }
      low: { type: number }
      close: { type: number }
      volume: { type: number, minimum: 0 }
      ts_epoch_ms: { type: integer, minimum: 0 }
      instrument_type: { type: string, enum: [index, stock] }
keys:
  price:
    key: massive:model:spot:{symbol}:{number}
    purpose: A price.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
"#;

fn main() {
    let keys: u64 = setting("KEYWIRE_BENCH_KEYS", 1_000_000);
    let rounds: usize = setting("KEYWIRE_BENCH_ROUNDS", 5);
    let registry =
        load_texts([("registry.yaml".into(), REGISTRY.to_owned()), ("bench.yaml".into(), MODULE.to_owned())]).unwrap();
    for binary in find_all().unwrap() {
        let server = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let connection = runtime.block_on(connect::connect(&server.url())).unwrap();
        println!("{:?} {}: {keys} strings of about 250 bytes, {rounds} rounds", binary.flavour, binary.version);
        runtime.block_on(fill(connection.clone(), keys));
        let mut ratios = Vec::new();
        for _ in 0..rounds {
            let floor = keys_per_second(keys, || runtime.block_on(floor(connection.clone())));
            let verified = keys_per_second(keys, || check(&registry, &server));
            ratios.push(verified / floor);
            println!("  floor {floor:>9.0} keys/s   verify {verified:>9.0} keys/s   ratio {:.2}", verified / floor);
        }
        ratios.sort_by(f64::total_cmp);
        println!("  median of the ratios: {:.2} (goal 0.75)", ratios[ratios.len() / 2]);
    }
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[allow(clippy::cast_precision_loss, reason = "a rate to print")]
fn keys_per_second(keys: u64, work: impl FnOnce() -> u64) -> f64 {
    let started = Instant::now();
    let seen = work();
    assert_eq!(seen, keys, "all keys are seen");
    keys as f64 / started.elapsed().as_secs_f64()
}

async fn fill(mut connection: MultiplexedConnection, keys: u64) {
    for from in (0..keys).step_by(1000) {
        let mut pipeline = redis::pipe();
        for at in from..(from + 1000).min(keys) {
            let symbol = ["SPX", "NDX", "VIX", "SPY", "QQQ"][usize::try_from(at % 5).unwrap()];
            let cents = at % 99_991 + 1;
            let value = format!(
                "{{\"symbol\":\"{symbol}\",\"value\":{}.{:02},\"ts\":\"2026-01-31T14:{:02}:{:02}.250Z\",\"source\":\"massive\",\
                 \"timeframe\":\"REAL-TIME\",\"open\":6011.5,\"high\":6044.25,\"low\":5990.75,\"close\":6012.5,\"volume\":{},\
                 \"ts_epoch_ms\":1769868{:06},\"instrument_type\":\"stock\"}}",
                cents / 100,
                cents % 100,
                at % 60,
                at / 60 % 60,
                at * 7 % 1_000_000,
                at % 1_000_000
            );
            pipeline.set(format!("massive:model:spot:{symbol}:{at}"), value).ignore();
        }
        pipeline.query_async::<()>(&mut connection).await.unwrap();
    }
}

/// SCAN, then GETRANGE and PTTL of each key in one pipeline, the next page's names asked ahead: what verify sends.
async fn floor(mut connection: MultiplexedConnection) -> u64 {
    let mut seen = 0;
    let mut cursor = "0".to_owned();
    let mut pending = None;
    loop {
        let mut scan = Cmd::new();
        scan.arg("SCAN").arg(&cursor).arg("MATCH").arg("massive:*").arg("COUNT").arg(400);
        let (next, names): (String, Vec<Vec<u8>>) = scan.query_async(&mut connection).await.unwrap();
        seen += names.len() as u64;
        let page = tokio::spawn(fetch(connection.clone(), names));
        if let Some(before) = pending.replace(page) {
            drop(before.await.unwrap());
        }
        cursor = next;
        if cursor == "0" {
            break;
        }
    }
    drop(pending.unwrap().await.unwrap());
    seen
}

async fn fetch(mut connection: MultiplexedConnection, names: Vec<Vec<u8>>) -> Vec<Value> {
    let mut pipeline = redis::pipe();
    for name in &names {
        pipeline.cmd("GETRANGE").arg(name).arg(0).arg(16_383);
        pipeline.cmd("PTTL").arg(name);
    }
    connection.req_packed_commands(&pipeline, 0, pipeline.len()).await.unwrap()
}

fn check(registry: &Registry, server: &EmbeddedServer) -> u64 {
    let request = Request { pace: Pace::Fast, depth: Depth::Full, ..Request::new(BusId(0), server.url()) };
    let outcome = verify(registry, &request, std::future::pending(), |_, _| {}).unwrap();
    assert!(outcome.findings.is_empty() && outcome.evidence.complete, "{:?}", outcome.findings);
    outcome.evidence.values_judged
}
