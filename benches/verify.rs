//! How fast `verify` is against a floor that fetches the same from the same server and checks nothing, in one run.
//!
//! `make bench` runs it. KEYWIRE_BENCH_KEYS sets the number of keys (default 1,000,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 5). Each round runs floor and verify one after the other, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

mod data;

use data::{fill, keys_per_second, setting};
use keywire::observe::Depth;
use keywire::observe::live::Pace;
use keywire::registry::{BusId, Registry};
use keywire::server::connect;
use keywire::server::embedded::{EmbeddedServer, find_all};
use keywire::verify::{Request, verify};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Cmd, Value};

fn main() {
    let keys: u64 = setting("KEYWIRE_BENCH_KEYS", 1_000_000);
    let rounds: usize = setting("KEYWIRE_BENCH_ROUNDS", 5);
    let registry = data::registry();
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
