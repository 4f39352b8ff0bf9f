//! How fast the worker publishes by the generated writers, against the same commands written by hand with redis-rs, on the
//! same server, in one run; and how long after the start of a tick the last of its prices is seen by a subscriber.
//!
//! `make bench` runs it. KEYWIRE_BENCH_TICKS sets the ticks of a round (default 2,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 9). Each round runs both one after the other, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::time::{Duration, Instant};

use keywire::server::embedded::{EmbeddedServer, find_all};
use massive_client::time::rfc3339_millis;
use redis::aio::MultiplexedConnection;
use spot_worker::publish::{Counters, Tick, publish};
use spot_worker::unify::{InstrumentType, Price, Timeframe};
use spot_worker::wiring::{Batch, Config};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A moment of the session, and one more millisecond with each tick.
const START_MS: i64 = 1_790_000_000_000;

fn prices(symbols: usize, tick: i64) -> Vec<Price> {
    let name = |number: usize| {
        format!("S{}{}", char::from(b'A' + (number / 26) as u8), char::from(b'A' + (number % 26) as u8))
    };
    let price = |number| Price {
        symbol: name(number),
        value: 6012.25 + tick as f64 / 100.0,
        ts: rfc3339_millis(START_MS + tick),
        source: "massive".to_owned(),
        timeframe: Timeframe::RealTime,
        open: Some(6000.0),
        high: Some(6050.5),
        low: Some(5990.25),
        close: Some(6012.5),
        volume: Some(1_234_567.0),
        ts_epoch_ms: Some(START_MS + tick),
        instrument_type: Some(InstrumentType::Stock),
    };
    (0..symbols).map(price).collect()
}

/// What a careful person writes: no checks, each price serialised once, one round trip.
async fn by_hand(connection: &mut MultiplexedConnection, prices: &[Price], config: &Config) {
    let mut pipe = redis::pipe();
    let (mut bytes, mut last) = (0, "");
    for price in prices {
        let json = serde_json::to_vec(price).unwrap();
        let at_ms = price.ts.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        let at_s = at_ms as f64 / 1000.0;
        let window = config.massive_spot_trail_window_sec.as_secs();
        let key = format!("massive:model:spot:{}", price.symbol);
        let trail = format!("{key}:trail");
        pipe.cmd("ZADD").arg(&trail).arg(at_s).arg(&json);
        pipe.cmd("ZREMRANGEBYSCORE").arg(&trail).arg("-inf").arg(format!("({}", at_s - window as f64));
        pipe.cmd("EXPIRE").arg(&trail).arg(config.massive_spot_trail_ttl_sec.as_secs());
        pipe.cmd("ZADD").arg("massive:spot:trail").arg(at_ms).arg(&json);
        pipe.cmd("ZREMRANGEBYSCORE").arg("massive:spot:trail").arg("-inf");
        pipe.arg(format!("({}", at_ms - window as i64 * 1000));
        pipe.cmd("ZREMRANGEBYRANK").arg("massive:spot:trail").arg(0);
        pipe.arg(-1 - config.massive_spot_trail_entries as i64);
        pipe.cmd("SET").arg(&key).arg(&json);
        pipe.cmd("SET").arg("massive:spot").arg(&json);
        pipe.cmd("PUBLISH").arg("massive:spot").arg(&json);
        pipe.cmd("XADD").arg("massive:spot:stream").arg("MAXLEN").arg("~").arg(config.massive_spot_stream_maxlen);
        pipe.arg("*").arg("payload").arg(&json);
        bytes += json.len();
        last = &price.ts;
    }
    pipe.cmd("HINCRBY").arg("massive:spot:analytics").arg("frames").arg(prices.len());
    pipe.cmd("HINCRBY").arg("massive:spot:analytics").arg("bytes").arg(bytes);
    pipe.cmd("HSET").arg("massive:spot:analytics").arg("last_ts").arg(last);
    pipe.query_async::<Vec<redis::Value>>(connection).await.unwrap();
}

async fn by_the_worker(connection: &mut MultiplexedConnection, batch: &mut Batch, prices: &[Price]) {
    let prices: Vec<&Price> = prices.iter().collect();
    batch.clear();
    let refused = publish(
        batch,
        Tick { prices: &prices, repeated: &[], counters: Counters::default(), trail_from_ms: START_MS - 1 },
    );
    assert!(refused.is_empty(), "{refused:?}");
    batch.execute(connection).await.unwrap();
}

fn percentile(sorted: &[Duration], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0
}

async fn measure(server: &EmbeddedServer, symbols: usize) {
    // Rounds of many symbols have fewer ticks, so that each takes about a second.
    let ticks = (number("KEYWIRE_BENCH_TICKS", 2_000) as i64).min(50_000 / symbols as i64).max(1);
    let rounds = number("KEYWIRE_BENCH_ROUNDS", 9);
    let config = Config::from_lookup(|_| None).unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut batch = Batch::new(&config);
    // The same prices for both, made before the clock starts.
    let all: Vec<Vec<Price>> = (0..ticks).map(|tick| prices(symbols, tick)).collect();
    let mut ratios = Vec::new();
    for round in 0..rounds {
        let mut speeds = [0.0; 2];
        // Who begins changes from round to round.
        for side in [round as usize % 2, (round as usize + 1) % 2] {
            redis::cmd("FLUSHALL").query_async::<()>(&mut connection).await.unwrap();
            let start = Instant::now();
            for prices in &all {
                match side {
                    0 => by_hand(&mut connection, prices, &config).await,
                    _ => by_the_worker(&mut connection, &mut batch, prices).await,
                }
            }
            speeds[side] = ticks as f64 / start.elapsed().as_secs_f64();
        }
        ratios.push(speeds[1] / speeds[0]);
        println!(
            "  by hand {:8.0} ticks/s   worker {:8.0} ticks/s   ratio {:.3}",
            speeds[0], speeds[1], ratios[round as usize]
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("  {symbols} symbols: median ratio {:.3} (goal 0.95)", ratios[ratios.len() / 2]);
}

/// From the start of a tick, with its prices at hand, until a subscriber has its last message.
async fn visible(server: &EmbeddedServer, symbols: usize) {
    use futures_util::StreamExt as _;
    let config = Config::from_lookup(|_| None).unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut subscriber = client.get_async_pubsub().await.unwrap();
    subscriber.subscribe("massive:spot").await.unwrap();
    let mut messages = subscriber.on_message();
    let mut batch = Batch::new(&config);
    let mut times = Vec::new();
    for tick in 0..number("KEYWIRE_BENCH_TICKS", 2_000) as i64 {
        let prices = prices(symbols, tick);
        let start = Instant::now();
        let seen = async {
            for _ in 0..symbols {
                messages.next().await.unwrap();
            }
            start.elapsed()
        };
        times.push(tokio::join!(by_the_worker(&mut connection, &mut batch, &prices), seen).1);
    }
    times.sort();
    let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
    println!("  {symbols} symbols: tick to visible p50 {half:.2} ms, p99 {most:.2} ms (goal 5 ms)");
}

#[tokio::main]
async fn main() {
    for binary in find_all().unwrap() {
        println!("{binary}");
        for symbols in [5, 50, 250] {
            let server = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
            measure(&server, symbols).await;
        }
        let server = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
        visible(&server, 5).await;
    }
}
