//! The bus in trouble, on each server found: killed and restarted, paused, read-only, full, cut off in the middle of a batch.
//! Whatever happens, the contract holds afterwards, and what was lost is counted.

use std::time::Instant;

use keywire::registry::BusId;
use keywire::server::embedded::{EmbeddedServer, find_all};
use keywire::verify::{Request, verify};
use redis::aio::MultiplexedConnection;
use spot_worker::mock::{Clock, MockOptions, MockProvider};
use spot_worker::outlet::{CLIENT_NAME, Outlet};
use spot_worker::provider::Provider;
use spot_worker::wiring::Config;
use spot_worker::worker::Worker;

use super::PATIENCE;
use super::relay::Relay;

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

async fn verified(server: &EmbeddedServer) {
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
    for binary in find_all().unwrap() {
        eprintln!("on {binary}");
        let server = EmbeddedServer::start::<&str>(&binary, &[]).unwrap();
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
        let info: String = scene.ask("INFO server").await;
        let pid = info.lines().find_map(|line| line.strip_prefix("process_id:")).unwrap().trim().to_owned();
        let signal = |word: &str| {
            let sent = std::process::Command::new("kill").args([word, &pid]).status().unwrap();
            assert!(sent.success());
        };
        signal("-STOP");
        scene.tick().await;
        scene.tick().await;
        signal("-CONT");
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
        let _: () = scene.ask("REPLICAOF 127.0.0.1 1").await;
        scene.tick().await;
        scene.tick().await;
        let _: () = scene.ask("REPLICAOF NO ONE").await;
        scene.recover().await;
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
        scene.mock.fail_next(spot_worker::mock::faults::Fault::RateLimited, 1);
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
        use spot_worker::mock::faults::Fault;
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
