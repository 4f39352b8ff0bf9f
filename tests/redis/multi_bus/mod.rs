//! Two buses: a batch for each, each bus verified by itself, and a write that went to the wrong one is known as that.

mod brain;
mod feed;

use std::collections::BTreeMap;

use keywire::finding::Finding;
use keywire::registry::Registry;
use keywire::server::embedded::EmbeddedServer;
use keywire::verify::{Outcome, Request};
use redis::aio::MultiplexedConnection;

use crate::database::judge;
use crate::generated_drive::{faults, fixture};
use crate::servers::{block_on, for_each_server};

/// The environment of both modules.
fn environment(name: &str) -> Option<String> {
    (name == "SYMBOLS").then(|| "SPX,VIX".to_owned())
}

fn verdict(registry: &Registry, bus: &str, server: &EmbeddedServer) -> Outcome {
    let config = BTreeMap::from([("SYMBOLS".to_owned(), "SPX,VIX".to_owned())]);
    let bus = registry.bus_named(bus).unwrap();
    judge(registry, &Request { config, ..Request::new(bus, server.url()) }).unwrap_or_else(|error| panic!("{error:#}"))
}

async fn open(server: &EmbeddedServer) -> MultiplexedConnection {
    redis::Client::open(server.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

/// What the brain writes: decisions to its own bus, advice to the other.
fn brain_batches() -> (brain::Batch, brain::batch::MarketBatch) {
    use brain::support::Payload;
    let config = brain::Config::from_lookup(environment).unwrap();
    let symbol = brain::params::Symbol::new("SPX").unwrap();
    let bar = brain::payloads::Bar { symbol: "SPX".to_owned(), close: 6000.5, ts: 1_767_225_600 };
    let mut own = brain::Batch::new(&config);
    own.decision_hset_action(&symbol, "hold");
    own.decision_hset_decided_at(&symbol, "2026-01-01T00:00:00Z").unwrap();
    own.decision_hset_bar(&symbol, &bar.encode().unwrap());
    own.bar_copy_hset_close(&symbol, bar.close).unwrap().bar_copy_hset_ts_s(&symbol, bar.ts);
    let mut market = brain::batch::MarketBatch::new(&config);
    market.advice_set(&symbol, "hold");
    (own, market)
}

fn feed_batch() -> feed::Batch {
    use feed::support::Payload;
    let config = feed::Config::from_lookup(environment).unwrap();
    let bar = feed::payloads::Bar { symbol: "SPX".to_owned(), close: 6000.5, ts: 1_767_225_600 }.encode().unwrap();
    let symbol = feed::params::Symbol::new("SPX").unwrap();
    let mut batch = feed::Batch::new(&config);
    batch.bar_set(&symbol, &bar).bar_publish(&symbol, &bar).last_bar_set(&bar);
    batch
}

/// Runs a test on a server for each bus: intel, market.
fn for_each_pair(test: impl Fn(&EmbeddedServer, &EmbeddedServer)) {
    for_each_server(|intel| {
        let market = EmbeddedServer::start::<&str>(intel.binary(), &[]).unwrap_or_else(|error| panic!("{error:#}"));
        test(intel, &market);
    });
}

#[test]
fn each_bus_holds_what_is_declared_of_it() {
    let registry = fixture("multi_bus");
    for_each_pair(|intel, market| {
        block_on(async {
            let (mut own, mut advice) = brain_batches();
            own.execute(&mut open(intel).await).await.unwrap();
            advice.execute(&mut open(market).await).await.unwrap();
            feed_batch().execute(&mut open(market).await).await.unwrap();
            let symbol = brain::params::Symbol::new("SPX").unwrap();
            let decision = brain::readers::decision_hgetall(&mut open(intel).await, &symbol).await.unwrap().unwrap();
            assert_eq!(decision.bar.unwrap().close, 6000.5);
            let advice = brain::readers::advice_get(&mut open(market).await, &symbol).await.unwrap();
            assert_eq!(advice.as_deref(), Some("hold"));
        });
        for (bus, server, keys) in [("intel", intel, 2), ("market", market, 3)] {
            let outcome = verdict(&registry, bus, server);
            assert_eq!(faults(&outcome), Vec::<String>::new(), "{bus}");
            assert_eq!(outcome.evidence.keys_judged, keys, "{bus}: {:?}", outcome.evidence);
        }
    });
}

#[test]
fn a_write_to_the_wrong_bus_is_known_as_that() {
    let registry = fixture("multi_bus");
    for_each_pair(|intel, market| {
        block_on(async {
            let (mut own, mut advice) = brain_batches();
            own.execute(&mut open(market).await).await.unwrap();
            advice.execute(&mut open(intel).await).await.unwrap();
        });
        let found = |bus, server: &EmbeddedServer| {
            let findings = verdict(&registry, bus, server).findings;
            let line = |finding: &Finding| format!("{} {}", finding.rule, finding.examples.join(" "));
            findings.iter().filter(|finding| finding.rule != "missing-key").map(line).collect::<Vec<_>>()
        };
        let on_intel = found("intel", intel);
        assert!(matches!(on_intel.as_slice(), [one] if one.starts_with("key-wrong-bus")), "{on_intel:?}");
        // `mkt:bar:SPX` is declared on both, there as a string.
        let mut on_market = found("market", market);
        on_market.sort_unstable();
        assert_eq!(on_market, ["key-wrong-bus intel:decision:SPX", "wrong-type mkt:bar:SPX"]);
    });
}
