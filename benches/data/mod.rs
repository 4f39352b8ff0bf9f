//! What both benchmarks measure on: data set A, and the registry that declares it.

use std::time::Instant;

use keywire::registry::{Registry, load_texts};
use redis::aio::MultiplexedConnection;

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

/// The registry that declares the data.
pub fn registry() -> Registry {
    load_texts([("registry.yaml".into(), REGISTRY.to_owned()), ("bench.yaml".into(), MODULE.to_owned())]).unwrap()
}

/// An environment variable as a number, else the default.
pub fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How fast work is that sees so many keys.
#[allow(clippy::cast_precision_loss, reason = "a rate to print")]
pub fn keys_per_second(keys: u64, work: impl FnOnce() -> u64) -> f64 {
    let started = Instant::now();
    let seen = work();
    assert_eq!(seen, keys, "all keys are seen");
    keys as f64 / started.elapsed().as_secs_f64()
}

/// Sets so many keys of data set A.
pub async fn fill(mut connection: MultiplexedConnection, keys: u64) {
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
