//! The bus in trouble, on each server found: killed and restarted, paused, read-only, full, cut off in the middle of a batch.
//! Whatever happens, the contract holds afterwards, and what was lost is counted.

use std::time::{Duration, Instant};

use keywire::registry::BusId;
use keywire::server::embedded::EmbeddedServer;
use keywire::verify::{Request, verify};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use massive_client::playback::Playback;
use massive_client::provider::Provider;
use redis::aio::MultiplexedConnection;
use spot_worker::outlet::{CLIENT_NAME, Outlet};
use spot_worker::wiring::Config;
use spot_worker::worker::Worker;

use super::PATIENCE;
use super::deployments::cluster_of_one;
use super::relay::Relay;
use super::servers::{all, process_id, say, signal};

/// The symbols of the default config: each tick brings a new price of each.
const SYMBOLS: i64 = 5;

/// A worker at work on a server, by a wire that can be cut.
struct Scene {
    server: EmbeddedServer,
    relay: Relay,
    mock: MockProvider,
    worker: Worker,
    ticks: i64,
}

impl Scene {
    async fn start(server: EmbeddedServer) -> Self {
        let relay = Relay::to(server.socket()).await;
        let options =
            MockOptions { clock: Clock::Derived { start_ms: now_ms(), step_ms: 1 }, ..MockOptions::default() };
        let mock = MockProvider::start(options).await.unwrap();
        let provider = Provider::new(&mock.url(), "key".parse().unwrap(), PATIENCE).unwrap();
        let outlet = Outlet::bus(&config(), &relay.url()).await.unwrap();
        let worker = Worker::new(&config(), provider, outlet).unwrap();
        let mut scene = Self { server, relay, mock, worker, ticks: 0 };
        scene.tick().await;
        assert_eq!(scene.worker.lost(), 0);
        scene
    }

    async fn tick(&mut self) {
        self.worker.tick().await;
        self.ticks += 1;
    }

    async fn connection(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.server.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query_async(&mut self.connection().await).await.unwrap()
    }

    async fn lost(&self) -> i64 {
        self.ask::<Option<i64>>("HGET massive:spot:analytics lost").await.unwrap_or(0)
    }

    /// Ticks until a batch has gone through. The connection comes back after waits of its own.
    async fn recover(&mut self) {
        let start = Instant::now();
        loop {
            let frames = self.frames().await;
            self.tick().await;
            if self.frames().await > frames {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the worker does not come back");
        }
    }

    async fn frames(&self) -> i64 {
        self.ask::<Option<i64>>("HGET massive:spot:analytics frames").await.unwrap_or(0)
    }

    /// The keyspace keeps the contract, and each price is in the stream or counted as lost.
    async fn settle(self) {
        let (entries, lost): (i64, i64) = (self.ask("XLEN massive:spot:stream").await, self.lost().await);
        let offered = self.ticks * SYMBOLS;
        assert!(entries + lost >= offered, "{entries} entries and {lost} lost of {offered}");
        assert!(entries <= offered, "{entries} entries of {offered} prices");
        let name: String = self.ask("CLIENT LIST").await;
        assert!(name.contains(&format!("name={CLIENT_NAME} ")), "{name}");
        drop(self.worker);
        verified(&self.server).await;
    }
}

pub(super) async fn verified(server: &EmbeddedServer) {
    let registry = keywire::registry::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema").as_ref()).unwrap();
    let request = Request::new(BusId(0), server.url());
    let outcome = tokio::task::spawn_blocking(move || {
        let outcome = verify(&registry, &request, std::future::pending(), |_, _| {}).unwrap();
        outcome.findings.iter().map(|finding| (finding.rule, finding.message.clone())).collect::<Vec<_>>()
    });
    let findings: Vec<_> = outcome.await.unwrap().into_iter().filter(|(rule, _)| *rule != "missing-key").collect();
    assert!(findings.is_empty(), "{findings:?}");
}

fn now_ms() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// A tick a tenth of a second: a server that does not answer is given up as fast.
fn config() -> Config {
    Config::from_lookup(|name| (name == "MASSIVE_SPOT_INTERVAL_SEC").then(|| "0.1".to_owned())).unwrap()
}

/// Plays a scene on each server of this machine.
fn on_each_server(play: impl AsyncFn(Scene)) {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async { play(Scene::start(server).await).await });
    }
}

#[test]
fn killed_and_started_anew_it_has_all_newest_prices_again() {
    on_each_server(async |mut scene| {
        let binary = scene.server.binary().clone();
        let empty = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
        let killed = std::mem::replace(&mut scene.server, empty);
        killed.stop().unwrap();
        scene.tick().await;
        assert!(scene.worker.lost() > 0);
        scene.relay.lead_to(scene.server.socket());
        scene.recover().await;
        scene.tick().await;
        let latest: i64 = scene.ask("EXISTS massive:model:spot:SPX massive:model:spot:SPY massive:spot").await;
        assert_eq!(latest, 3);
        let lost = scene.lost().await;
        assert!(lost >= SYMBOLS, "{lost} lost");
        drop(scene.worker);
        verified(&scene.server).await;
    });
}

#[test]
fn paused_it_is_given_up_in_time_and_nothing_is_written_twice() {
    on_each_server(async |mut scene| {
        let pid = process_id(&scene.server);
        signal("-STOP", pid);
        let start = Instant::now();
        let mut slowest = Duration::ZERO;
        while start.elapsed() < Duration::from_secs(5) {
            let before = Instant::now();
            scene.tick().await;
            slowest = slowest.max(before.elapsed());
        }
        signal("-CONT", pid);
        assert!(slowest < Duration::from_secs(1), "a tick waited {slowest:?}");
        scene.recover().await;
        let timeouts: i64 = scene.ask("HGET massive:spot:analytics timeouts_redis").await;
        assert!(timeouts >= 2, "{timeouts}");
        scene.settle().await;
    });
}

#[test]
fn made_read_only_it_loses_only_what_newer_prices_replaced() {
    on_each_server(async |mut scene| {
        // A primary that does not exist: the server serves what it has, and takes no writes.
        let ready = |scene: &Scene| scene.worker.board().answer("/readyz").0;
        assert_eq!(ready(&scene), 200);
        let _: () = scene.ask("REPLICAOF 127.0.0.1 1").await;
        scene.tick().await;
        scene.tick().await;
        assert_eq!(ready(&scene), 503);
        let _: () = scene.ask("REPLICAOF NO ONE").await;
        scene.recover().await;
        assert_eq!(ready(&scene), 200);
        assert_eq!(scene.lost().await, 2 * SYMBOLS);
        scene.settle().await;
    });
}

#[test]
fn at_its_memory_limit_it_recovers_once_there_is_room() {
    on_each_server(async |mut scene| {
        let _: () = scene.ask("CONFIG SET maxmemory 1").await;
        scene.tick().await;
        scene.tick().await;
        assert!(scene.worker.lost() > 0);
        let _: () = scene.ask("CONFIG SET maxmemory 0").await;
        scene.recover().await;
        assert!(scene.lost().await >= SYMBOLS);
        scene.settle().await;
    });
}

#[test]
fn cut_off_in_the_middle_of_a_batch_nothing_is_written_twice() {
    on_each_server(async |mut scene| {
        for bytes in [1, 300, 2000, 4500] {
            scene.relay.cut_after(bytes);
            scene.tick().await;
            scene.recover().await;
        }
        scene.settle().await;
    });
}

#[test]
fn a_provider_that_limits_the_rate_is_left_alone() {
    on_each_server(async |mut scene| {
        scene.mock.fail_next(massive_client::mock::faults::Fault::RateLimited, 1);
        scene.tick().await;
        let asked = scene.mock.snapshots();
        for _ in 0..10 {
            scene.tick().await;
        }
        assert_eq!(scene.mock.snapshots(), asked, "asked before the seven seconds were over");
        assert_eq!(scene.frames().await, SYMBOLS);
    });
}

#[test]
fn a_provider_in_trouble_for_a_moment_is_asked_again_within_the_tick() {
    on_each_server(async |mut scene| {
        use massive_client::mock::faults::Fault;
        for fault in [Fault::ServerError, Fault::Truncated, Fault::HangUp, Fault::Html] {
            let asked = scene.mock.snapshots();
            scene.mock.fail_next(fault, 1);
            scene.tick().await;
            assert_eq!(scene.mock.snapshots(), asked + 2, "{fault:?}");
        }
        assert_eq!(scene.frames().await, scene.ticks * SYMBOLS);
        scene.settle().await;
    });
}

/// A capture in which one price is as said in each of many answers, and another stands still.
fn capture(folder: &std::path::Path, spx: impl Fn(i64) -> i64) -> Playback {
    let path = folder.join("capture.jsonl");
    let line = |number: i64| {
        let spx = spx(number);
        format!(
            "{{\"at_ms\":{number},\"body\":{{\"results\":[{{\"ticker\":\"I:SPX\",\"value\":{spx},\"last_updated\":1790000000000000000}},\
             {{\"ticker\":\"I:VIX\",\"value\":15.5,\"last_updated\":1790000000000000000}}]}}}}\n"
        )
    };
    std::fs::write(&path, (0..100_000).map(line).collect::<String>()).unwrap();
    Playback::open(&path, 0.0).unwrap()
}

#[test]
fn what_stands_still_is_written_again_to_a_server_that_came_back_empty() {
    for binary in all() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let first = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
            let relay = Relay::to(first.socket()).await;
            let outlet = Outlet::bus(&config(), &relay.url()).await.unwrap();
            let mut worker =
                Worker::new(&config(), capture(folder.path(), |number| 6000 + number / 2), outlet).unwrap();
            let value = async |server: &EmbeddedServer, words: [&str; 3]| {
                let client = redis::Client::open(server.url()).unwrap();
                let mut connection = client.get_multiplexed_async_connection().await.unwrap();
                let mut command = redis::cmd(words[0]);
                words[1..].iter().filter(|word| !word.is_empty()).for_each(|word| {
                    command.arg(*word);
                });
                command.query_async::<Option<i64>>(&mut connection).await.unwrap().unwrap_or(0)
            };
            let frames = ["HGET", "massive:spot:analytics", "frames"];
            for published in [2, 2, 3, 3] {
                worker.tick().await;
                assert_eq!(value(&first, frames).await, published, "a price that stands still is written again");
            }
            let second = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
            first.stop().unwrap();
            relay.lead_to(second.socket());
            let start = Instant::now();
            while value(&second, ["EXISTS", "massive:model:spot:VIX", ""]).await == 0 {
                worker.tick().await;
                assert!(start.elapsed() < PATIENCE, "what stands still is never written again");
            }
        });
    }
}

#[test]
fn on_a_cluster_each_slot_gets_its_writes() {
    for binary in all() {
        let Some((server, port)) = cluster_of_one(binary) else {
            say(&format!("cluster test on {binary} SKIPPED: no port of 127.0.0.1 can be had"));
            continue;
        };
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let options = MockOptions { clock: Clock::System, ..MockOptions::default() };
            let mock = MockProvider::start(options).await.unwrap();
            let provider = Provider::new(&mock.url(), "key".parse().unwrap(), PATIENCE).unwrap();
            let outlet = Outlet::bus(&config(), &format!("redis+cluster://127.0.0.1:{port}")).await.unwrap();
            let mut worker = Worker::new(&config(), provider, outlet).unwrap();
            worker.tick().await;
            assert_eq!((worker.lost(), worker.board().answer("/readyz").0), (0, 200));
            verified(&server).await;
        });
        let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
        let entries: i64 = redis::cmd("XLEN").arg("massive:spot:stream").query(&mut connection).unwrap();
        assert_eq!(entries, SYMBOLS);
    }
}

/// Publishes a price of which it is then not known, or known, that it is not on the bus: by `fault`, until `cure`. Gives
/// the entries of the stream, and how many prices count as lost.
async fn one_price_in_trouble(
    server: &EmbeddedServer,
    fault: impl AsyncFn(&EmbeddedServer),
    cure: impl AsyncFn(&EmbeddedServer),
) -> (i64, i64) {
    let folder = tempfile::tempdir().unwrap();
    let outlet = Outlet::bus(&config(), &server.url()).await.unwrap();
    let mut worker = Worker::new(&config(), capture(folder.path(), |number| 6000 + number.min(1)), outlet).unwrap();
    worker.tick().await;
    assert_eq!(worker.board().answer("/readyz").0, 200);
    fault(server).await;
    // The second price of SPX, and once more the same.
    for _ in 0..2 {
        worker.tick().await;
        assert_eq!(worker.board().answer("/readyz").0, 503);
    }
    cure(server).await;
    let start = Instant::now();
    while worker.board().answer("/readyz").0 != 200 {
        worker.tick().await;
        assert!(start.elapsed() < PATIENCE, "the worker does not come back");
    }
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let entries = redis::cmd("XLEN").arg("massive:spot:stream").query_async(&mut connection).await.unwrap();
    let mut lost = redis::cmd("HGET");
    lost.arg("massive:spot:analytics").arg("lost");
    (entries, lost.query_async::<Option<i64>>(&mut connection).await.unwrap().unwrap_or(0))
}

#[test]
fn what_may_have_been_written_is_not_sent_again_as_a_message_or_entry() {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let pid = process_id(&server);
            let pause = async |_: &EmbeddedServer| signal("-STOP", pid);
            let go_on = async |_: &EmbeddedServer| signal("-CONT", pid);
            // Two prices at first; the batch that was given up is done once the server goes on, and only that.
            let (entries, lost) = one_price_in_trouble(&server, pause, go_on).await;
            assert_eq!(entries, 3);
            // The count itself is sent until it is confirmed: of each batch that was done unseen it counts once more.
            assert!((1..=2).contains(&lost), "{lost} lost");
        });
    }
}

#[test]
fn what_was_refused_as_a_whole_is_sent_again_as_a_whole() {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let replica_of = async |server: &EmbeddedServer, of: [&str; 2]| {
                let client = redis::Client::open(server.url()).unwrap();
                let mut connection = client.get_multiplexed_async_connection().await.unwrap();
                let mut command = redis::cmd("REPLICAOF");
                command.arg(of[0]).arg(of[1]).query_async::<()>(&mut connection).await.unwrap();
            };
            let demote = async |server: &EmbeddedServer| replica_of(server, ["127.0.0.1", "1"]).await;
            let promote = async |server: &EmbeddedServer| replica_of(server, ["NO", "ONE"]).await;
            assert_eq!(one_price_in_trouble(&server, demote, promote).await, (3, 0));
        });
    }
}

#[test]
fn a_bus_that_is_gone_is_noticed_although_no_price_changes() {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let outlet = Outlet::bus(&config(), &server.url()).await.unwrap();
            let mut worker = Worker::new(&config(), capture(folder.path(), |_| 6000), outlet).unwrap();
            let pid = process_id(&server);
            for (word, ready) in [("", 200), ("-STOP", 503), ("-CONT", 200)] {
                if !word.is_empty() {
                    signal(word, pid);
                }
                let start = Instant::now();
                loop {
                    worker.tick().await;
                    if worker.board().answer("/readyz").0 == ready {
                        break;
                    }
                    assert!(start.elapsed() < PATIENCE, "after {word:?} it is never {ready}");
                }
            }
            assert_eq!(worker.lost(), 0);
        });
    }
}
