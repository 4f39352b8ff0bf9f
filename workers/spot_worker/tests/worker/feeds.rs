//! The worker with the WebSocket as its source: snapshots where it is away, its prices where it lives, and one worker of two.

use std::time::{Duration, Instant};

use chassis::health::Board;
use keywire::server::embedded::{EmbeddedServer, find};
use massive_client::live::Pace;
use massive_client::mock::live::{MockSocket, Say, SocketOptions};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use massive_client::provider::Provider;
use spot_worker::feeds::{Endpoint, check};
use spot_worker::outlet::Outlet;
use spot_worker::wiring::Config;
use spot_worker::worker::Worker;
use tokio::sync::watch;

use super::PATIENCE;
use super::relay::Relay;
use super::servers::all;

fn config(set: &[(&str, &str)]) -> Config {
    let set: Vec<_> = [("MASSIVE_SPOT_INTERVAL_SEC", "0.1"), ("MASSIVE_SPOT_LEASE_TTL_SEC", "0.6")]
        .iter()
        .chain(set)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_lookup(|name| set.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
        .unwrap()
}

/// A provider, both ways.
struct Scene {
    provider: MockProvider,
    socket: MockSocket,
}

impl Scene {
    async fn start(every: Option<Duration>) -> Self {
        let options = MockOptions { clock: Clock::System, ..MockOptions::default() };
        let socket = MockSocket::start(SocketOptions { every, ..SocketOptions::default() }).await.unwrap();
        Self { provider: MockProvider::start(options).await.unwrap(), socket }
    }

    async fn worker(&self, server: &EmbeddedServer, config: &Config) -> Worker {
        self.worker_at(&server.url(), config).await
    }

    async fn worker_at(&self, url: &str, config: &Config) -> Worker {
        let provider = Provider::new(&self.provider.url(), "key".parse().unwrap(), PATIENCE).unwrap();
        let outlet = Outlet::bus(config, url).await.unwrap();
        let endpoint = Endpoint { url: self.socket.url(), api_key: "key".parse().unwrap(), pace: Pace::default() };
        Worker::new(config, provider, outlet).unwrap().listening(config, &endpoint)
    }
}

fn metric(worker: &Worker, name: &str) -> f64 {
    metric_on(worker.board(), name)
}

fn metric_on(board: &Board, name: &str) -> f64 {
    let page = board.answer("/metrics").1;
    page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).map_or(0.0, |value| value.parse().unwrap())
}

/// Ticks until it is so.
async fn ticks(worker: &mut Worker, what: &str, enough: impl Fn(&Worker) -> bool) {
    let start = Instant::now();
    loop {
        worker.tick().await;
        if enough(worker) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "never: {what}\n{}", worker.board().answer("/metrics").1);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn latest(server: &EmbeddedServer, symbol: &str) -> serde_json::Value {
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let key = format!("massive:model:spot:{symbol}");
    let text: String = redis::cmd("GET").arg(key).query_async(&mut connection).await.unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_until_it_lives_then_what_it_tells_and_snapshots_again_when_it_breaks() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let scene = Scene::start(None).await;
    let mut worker = scene.worker(&server, &config(&[])).await;
    worker.tick().await;
    assert_eq!((scene.provider.snapshots(), metric(&worker, "spot_worker_prices_published_total")), (1, 5.0));
    ticks(&mut worker, "both feeds live", |worker| metric(worker, "spot_worker_feeds_live") == 2.0).await;
    assert_eq!(metric(&worker, "spot_worker_leases_held"), 2.0);
    // Of that tick, or of the next, is the snapshot of what is told no more.
    worker.tick().await;
    let asked = scene.provider.snapshots();
    let now = jiff_now() + 1000;
    for value in [7000, 7001, 7002] {
        let event = format!(r#"[{{"ev":"V","T":"I:SPX","val":{value}.5,"t":{}}}]"#, now + value);
        assert!(scene.socket.say("indices", Say::Text(event)));
    }
    let events = "spot_worker_socket_events_total{event=\"price\"}";
    ticks(&mut worker, "three events", |worker| metric(worker, events) == 3.0).await;
    let price = latest(&server, "SPX").await;
    assert_eq!(
        (&price["value"], &price["timeframe"], &price["instrument_type"]),
        (&7002.5.into(), &"REAL-TIME".into(), &"index".into())
    );
    assert_eq!(scene.provider.snapshots(), asked, "a snapshot is asked for although all is told");
    // Stocks break off: their snapshots come at the next ticks, and those of indices do not.
    assert!(scene.socket.say("stocks", Say::Half));
    let ended = "spot_worker_socket_ends_total{reason=\"broken\"}";
    ticks(&mut worker, "an end", |worker| metric(worker, ended) == 1.0).await;
    ticks(&mut worker, "stocks live again", |worker| metric(worker, "spot_worker_feeds_live") == 2.0).await;
    assert!(scene.provider.snapshots() > asked);
    assert_eq!(latest(&server, "SPX").await["value"], 7002.5, "a snapshot took the place of what was told");
    assert_eq!(latest(&server, "SPY").await["instrument_type"], "stock");
    // Indices break off as well: the snapshots that come for them are older than what was told of SPX, and not of VIX.
    let (asked, vix) = (scene.provider.snapshots(), latest(&server, "VIX").await);
    assert!(scene.socket.say("indices", Say::Half));
    ticks(&mut worker, "a second end", |worker| metric(worker, ended) == 2.0).await;
    ticks(&mut worker, "a snapshot of indices", |_| scene.provider.snapshots() > asked).await;
    assert_ne!(latest(&server, "VIX").await, vix);
    assert_eq!(latest(&server, "SPX").await["value"], 7002.5, "an older snapshot took the place of what was told");
    assert_eq!(worker.lost(), 0);
}

fn jiff_now() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// A worker that runs until it is stopped, or is dropped as if it were killed.
struct Running {
    board: Board,
    stop: watch::Sender<bool>,
    running: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(mut worker: Worker) -> Self {
        let (stop, told) = watch::channel(false);
        let board = worker.board().clone();
        let running = tokio::spawn(async move {
            worker.run(Duration::from_millis(100), told).await.unwrap();
        });
        Self { board, stop, running }
    }

    /// It has heard prices, and was never evicted.
    async fn hears(&self) {
        let start = Instant::now();
        while metric_on(&self.board, "spot_worker_socket_events_total{event=\"price\"}") == 0.0 {
            assert!(start.elapsed() < PATIENCE, "it hears nothing");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(metric_on(&self.board, "spot_worker_socket_ends_total{reason=\"evicted\"}"), 0.0);
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.running.await.unwrap();
    }
}

async fn holder(server: &EmbeddedServer) -> Option<String> {
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("GET").arg("massive:spot:lease:stocks").query_async(&mut connection).await.unwrap()
}

/// Waits until another than this holds the lease, and the socket has let so many connections in.
async fn handed_over(server: &EmbeddedServer, scene: &Scene, from: Option<&str>, connections: u64) -> String {
    let start = Instant::now();
    loop {
        let now = holder(server).await;
        if let Some(now) = now.filter(|now| Some(now.as_str()) != from)
            && scene.socket.connections() == connections
        {
            return now;
        }
        assert!(start.elapsed() < PATIENCE, "nobody takes over; {} connections", scene.socket.connections());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn of_two_workers_one_listens_and_the_other_takes_over() {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let scene = Scene::start(Some(Duration::from_millis(50))).await;
            let config = config(&[("MASSIVE_SPOT_SYMBOLS", "")]);
            let first = Running::start(scene.worker(&server, &config).await);
            let one = handed_over(&server, &scene, None, 1).await;
            let second = Running::start(scene.worker(&server, &config).await);
            // For longer than a lease lasts.
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!((holder(&server).await, scene.socket.connections()), (Some(one.clone()), 1));
            first.hears().await;
            // Killed: nobody gives the lease back.
            first.running.abort();
            let two = handed_over(&server, &scene, Some(&one), 2).await;
            second.hears().await;
            // Stopped: it is given back.
            let third = Running::start(scene.worker(&server, &config).await);
            second.stop().await;
            handed_over(&server, &scene, Some(&two), 3).await;
            third.hears().await;
            third.stop().await;
            assert_eq!(holder(&server).await, None);
            super::trouble::verified(&server).await;
        });
    }
}

#[test]
fn a_bus_that_came_back_empty_has_all_again_although_the_socket_tells_nothing() {
    for binary in all() {
        let first = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let scene = Scene::start(None).await;
            let relay = Relay::to(first.socket()).await;
            let mut worker = scene.worker_at(&relay.url(), &config(&[])).await;
            let live = |worker: &Worker| metric(worker, "spot_worker_feeds_live") == 2.0;
            ticks(&mut worker, "both feeds live", live).await;
            // Told for a moment that no snapshot of this test can be newer than.
            let event = format!(r#"[{{"ev":"V","T":"I:SPX","val":7000.5,"t":{}}}]"#, jiff_now() + 50_000);
            assert!(scene.socket.say("indices", Say::Text(event)));
            let told = |worker: &Worker| metric(worker, "spot_worker_socket_events_total{event=\"price\"}") == 1.0;
            ticks(&mut worker, "one event", told).await;
            let second = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
            first.stop().unwrap();
            relay.lead_to(second.socket());
            let client = redis::Client::open(second.url()).unwrap();
            let mut connection = client.get_multiplexed_async_connection().await.unwrap();
            let start = Instant::now();
            for symbol in ["SPX", "NDX", "VIX", "SPY", "QQQ"] {
                let mut exists = redis::cmd("EXISTS");
                exists.arg(format!("massive:model:spot:{symbol}"));
                while exists.query_async::<i64>(&mut connection).await.unwrap() == 0 {
                    worker.tick().await;
                    assert!(start.elapsed() < PATIENCE, "{symbol} is never written again");
                }
            }
            // The leases went with the old bus, and are taken on the new one.
            let mut leases = redis::cmd("EXISTS");
            leases.arg("massive:spot:lease:indices").arg("massive:spot:lease:stocks");
            while leases.query_async::<i64>(&mut connection).await.unwrap() < 2 {
                worker.tick().await;
                assert!(start.elapsed() < PATIENCE, "there are no leases on the new bus");
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn evicted_by_a_stranger_it_keeps_the_lease_and_asks_for_snapshots() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let scene = Scene::start(None).await;
    let mut worker = scene.worker(&server, &config(&[("MASSIVE_SPOT_SYMBOLS", "")])).await;
    ticks(&mut worker, "the feed lives", |worker| metric(worker, "spot_worker_feeds_live") == 1.0).await;
    assert!(scene.socket.say("stocks", Say::Evict));
    let evicted = "spot_worker_socket_ends_total{reason=\"evicted\"}";
    ticks(&mut worker, "evicted", |worker| metric(worker, evicted) == 1.0).await;
    let asked = scene.provider.snapshots();
    worker.tick().await;
    assert_eq!((scene.provider.snapshots(), metric(&worker, "spot_worker_leases_held")), (asked + 1, 1.0));
    assert_eq!(scene.socket.connections(), 1, "it must not evict the stranger in its turn");
}

#[test]
fn settings_that_cannot_work_are_refused_all_at_once() {
    let good = config(&[]);
    for url in ["wss://socket.massive.com", "wss://delayed.massive.com/", "ws://127.0.0.1:9"] {
        assert_eq!(check(&good, url), Ok(()));
    }
    for url in ["https://socket.massive.com", "wss://", "wss://user:s3cret@host", "wss://host?apiKey=s3cret"] {
        let said = check(&good, url).unwrap_err();
        assert!(said.contains("--websocket") && !said.contains("s3cret"), "{said}");
    }
    let bad = config(&[
        ("MASSIVE_SPOT_LEASE_TTL_SEC", "0.3"),
        ("MASSIVE_SPOT_INTERVAL_SEC", "0.2"),
        ("MASSIVE_SPOT_STOCK_CHANNELS", "A,Q"),
    ]);
    let said = check(&bad, "").unwrap_err();
    for name in ["MASSIVE_SPOT_LEASE_TTL_SEC", "MASSIVE_SPOT_STOCK_CHANNELS", "--websocket"] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
}
