//! How fast `verify` of an RDB file is against a floor that only walks through the same file, in one run.
//!
//! `make bench` runs it. KEYWIRE_BENCH_KEYS sets the number of keys (default 1,000,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 5). Each round runs floor and verify one after the other, so that a busy machine slows both. The floor takes
//! the checksum, and passes over names and values.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

mod data;

use std::fs::File;
use std::path::{Path, PathBuf};

use data::{fill, keys_per_second, setting};
use keywire::observe::rdb::{Coverage, Dump};
use keywire::observe::{Depth, Look};
use keywire::registry::{BusId, Registry};
use keywire::server::connect;
use keywire::server::embedded::{EmbeddedServer, find_all};
use keywire::verify::{Request, verify_dumps};
use redis::aio::MultiplexedConnection;

fn main() {
    let keys: u64 = setting("KEYWIRE_BENCH_KEYS", 1_000_000);
    let rounds: usize = setting("KEYWIRE_BENCH_ROUNDS", 5);
    let registry = data::registry();
    for binary in find_all().unwrap() {
        for compression in ["yes", "no"] {
            let server = EmbeddedServer::start(&binary, &["--rdbcompression", compression]).unwrap();
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let file = runtime.block_on(save(&server, keys));
            let megabytes = file.metadata().unwrap().len() / 1_000_000;
            println!(
                "{:?} {}: {keys} strings of about 250 bytes, {megabytes} MB, rdbcompression {compression}, {rounds} rounds",
                binary.flavour, binary.version
            );
            let mut ratios = Vec::new();
            for _ in 0..rounds {
                let floor = keys_per_second(keys, || walk(&file));
                let verified = keys_per_second(keys, || check(&registry, &file));
                ratios.push(verified / floor);
                println!("  floor {floor:>9.0} keys/s   verify {verified:>9.0} keys/s   ratio {:.2}", verified / floor);
            }
            ratios.sort_by(f64::total_cmp);
            println!("  median of the ratios: {:.2}", ratios[ratios.len() / 2]);
        }
    }
}

/// The file of a server that holds the data.
async fn save(server: &EmbeddedServer, keys: u64) -> PathBuf {
    let mut connection: MultiplexedConnection = connect::connect(&server.url()).await.unwrap();
    fill(connection.clone(), keys).await;
    let () = redis::cmd("SAVE").query_async(&mut connection).await.unwrap();
    let setting = async |name: &str| {
        let mut connection = connection.clone();
        let pair: (String, String) =
            redis::cmd("CONFIG").arg("GET").arg(name).query_async(&mut connection).await.unwrap();
        pair.1
    };
    Path::new(&setting("dir").await).join(setting("dbfilename").await)
}

/// Passes over all keys, as those of a database that nobody asked for.
fn walk(file: &Path) -> u64 {
    let look = Look { depth: Depth::Keys, claim: &|_| None, unclaimed: &|_| false, wants: &[] };
    let mut coverage = Coverage::default();
    Dump::open(File::open(file).unwrap()).unwrap().look(&look, u64::MAX, &mut |_| true, &mut coverage).unwrap();
    coverage.elsewhere
}

fn check(registry: &Registry, file: &Path) -> u64 {
    let request = Request { depth: Depth::Full, ..Request::new(BusId(0), "") };
    let outcome = verify_dumps(registry, &request, &[file.to_owned()], std::future::pending(), |_, _| {}).unwrap();
    assert!(outcome.findings.is_empty() && outcome.evidence.complete, "{:?}", outcome.findings);
    outcome.evidence.values_judged
}
