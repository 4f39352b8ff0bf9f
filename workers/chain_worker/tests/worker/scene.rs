//! A worker at work: mock, server, a wire that can be cut, and questions to the server.

use keywire::registry::BusId;
use keywire::server::embedded::EmbeddedServer;
use keywire::verify::{Request, verify};
use massive_client::mock::chain::ChainOptions;
use massive_client::mock::{Clock, MockOptions, MockProvider};
use massive_client::provider::Provider;
use redis::aio::MultiplexedConnection;

use chain_worker::outlet::Outlet;
use chain_worker::wiring::Config;
use chain_worker::worker::Worker;

use super::PATIENCE;
use super::relay::Relay;
use super::servers::all;

/// A chain that is fetched at once: 2 pages.
pub(crate) fn chains() -> ChainOptions {
    ChainOptions { strikes: 150, ..ChainOptions::default() }
}

pub(crate) async fn mock(chains: ChainOptions) -> MockProvider {
    MockProvider::start(MockOptions { clock: Clock::System, chains, ..MockOptions::default() }).await.unwrap()
}

/// One underlying with two expirations, and what else is said.
pub(crate) fn config(more: &[(&str, &str)]) -> Config {
    let usual = [
        ("MASSIVE_CHAIN_SYMBOLS", "I:SPX"),
        ("MASSIVE_CHAIN_NUM_EXPIRATIONS", "2"),
        ("MASSIVE_CHAIN_RANGE_POINTS", "0"),
        ("MASSIVE_CHAIN_INTERVAL_SEC", "5"),
    ];
    let find = |name: &str, set: &[(&str, &str)]| {
        set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_lookup(|name| find(name, more).or_else(|| find(name, &usual))).unwrap()
}

pub(crate) fn provider(mock: &MockProvider, config: &Config) -> Provider {
    Provider::new(&mock.url(), "key".parse().unwrap(), config.massive_chain_page_timeout_sec).unwrap()
}

/// A worker, its provider and its server.
pub(crate) struct Scene {
    pub(crate) server: EmbeddedServer,
    pub(crate) relay: Relay,
    pub(crate) mock: MockProvider,
    pub(crate) worker: Worker,
}

impl Scene {
    pub(crate) async fn start(server: EmbeddedServer, options: ChainOptions, config: &Config) -> Self {
        let relay = Relay::to(server.socket()).await;
        let mock = mock(options).await;
        let outlet = Outlet::bus(config, &relay.url()).await.unwrap();
        let worker = Worker::new(config, provider(&mock, config), outlet).unwrap();
        Self { server, relay, mock, worker }
    }

    async fn connection(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.server.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    pub(crate) async fn ask<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query_async(&mut self.connection().await).await.unwrap()
    }

    pub(crate) async fn count(&self, field: &str) -> i64 {
        self.ask::<Option<i64>>(&format!("HGET massive:chain:analytics {field}")).await.unwrap_or(0)
    }

    pub(crate) async fn keys(&self, pattern: &str) -> Vec<String> {
        let mut keys: Vec<String> = self.ask(&format!("KEYS {pattern}")).await;
        keys.sort();
        keys
    }

    /// The newest snapshots, as a consumer finds them.
    pub(crate) async fn snapshots(&self) -> Vec<serde_json::Value> {
        let mut snapshots = Vec::new();
        for latest in self.keys("massive:chain:latest:*").await {
            let name: String = self.ask(&format!("GET {latest}")).await;
            let text: String = self.ask(&format!("GET {name}")).await;
            snapshots.push(serde_json::from_str(&text).unwrap());
        }
        snapshots
    }

    pub(crate) async fn subscriptions(&self) -> usize {
        self.ask("SCARD massive:ws:subscription_list").await
    }

    /// Runs until a whole run has gone through. The connection comes back after waits of its own.
    pub(crate) async fn recover(&mut self) {
        let start = std::time::Instant::now();
        loop {
            let runs = self.count("runs").await;
            self.worker.tick().await;
            if self.count("runs").await > runs {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the worker does not come back");
        }
    }

    /// The keyspace keeps the contract.
    pub(crate) async fn verified(&self) {
        let registry = keywire::registry::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema").as_ref()).unwrap();
        let request = Request::new(BusId(0), self.server.url());
        let outcome = tokio::task::spawn_blocking(move || {
            let outcome = verify(&registry, &request, std::future::pending(), |_, _| {}).unwrap();
            outcome.findings.iter().map(|finding| (finding.rule, finding.message.clone())).collect::<Vec<_>>()
        });
        // The program compares contracts at its start; a scene has none.
        let is_fault = |(rule, message): &(&str, String)| {
            *rule != "missing-key" || !message.contains("keywire:contract:chain_worker")
        };
        let findings: Vec<_> = outcome.await.unwrap().into_iter().filter(is_fault).collect();
        assert!(findings.is_empty(), "{findings:?}");
    }
}

/// Plays a scene on each server of this machine.
pub(crate) fn on_each_server(options: &ChainOptions, config: &Config, play: impl AsyncFn(Scene)) {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async { play(Scene::start(server, options.clone(), config).await).await });
    }
}
