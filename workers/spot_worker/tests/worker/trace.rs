//! What one tick sends: the commands in order, as they go over the wire, and a whole run against mock and server.

use std::time::Duration;

use chassis::contract::{NoStart, Policy};
use keywire::coverage::EntryCoverage;
use keywire::registry::BusId;
use keywire::server::embedded::{EmbeddedServer, find};
use keywire::verify::{Request, verify};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use massive_client::provider::Provider;
use spot_worker::contract;
use spot_worker::outlet::Outlet;
use spot_worker::publish::{Counters, Tick, publish};
use spot_worker::unify::Price;
use spot_worker::wiring::{Batch, Config};
use spot_worker::worker::Worker;

use super::price;

fn config() -> Config {
    Config::from_lookup(|_| None).unwrap()
}

fn trace(batch: &Batch) -> String {
    let line = |words: Vec<&[u8]>| {
        words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect::<Vec<_>>().join(" ") + "\n"
    };
    batch.commands().map(line).collect()
}

fn tick<'a>(prices: &'a [&'a Price], counters: Counters) -> Tick<'a> {
    Tick { prices, repeated: &[], counters, trail_from_ms: 0 }
}

#[test]
fn a_price_older_than_the_window_stays_out_of_the_trails() {
    let mut batch = Batch::new(&config());
    let prices = [&price("SPX")];
    let old = Tick { trail_from_ms: i64::MAX, ..tick(&prices, Counters::default()) };
    assert!(publish(&mut batch, old).is_empty());
    assert!(!trace(&batch).contains("ZADD") && trace(&batch).contains("SET massive:model:spot:SPX "));
}

#[test]
fn one_tick_is_this_sequence_of_commands() {
    let mut batch = Batch::new(&config());
    let counters = Counters { timeouts_tick: 2, ..Counters::default() };
    let refused = publish(&mut batch, tick(&[&price("SPX"), &price("I:NDX")], counters));
    assert!(refused.is_empty());
    insta::assert_snapshot!(trace(&batch));
}

#[test]
fn a_price_that_breaks_its_contract_goes_out_not_even_in_part() {
    let mut batch = Batch::new(&config());
    let bad =
        [Price { value: f64::NAN, ..price("SPX") }, price("lower case"), Price { ts: "soon".into(), ..price("SPX") }];
    let refused = publish(&mut batch, tick(&bad.each_ref(), Counters::default()));
    assert_eq!(refused.len(), 3);
    assert_eq!(trace(&batch), "");
    let refused = publish(&mut batch, tick(&[&price("SPX"), &bad[0]], Counters::default()));
    assert_eq!(refused.len(), 1);
    assert!(trace(&batch).contains("HINCRBY massive:spot:analytics frames 1\n"), "{}", trace(&batch));
}

#[test]
fn a_run_against_mock_and_server_verifies_clean() {
    let registry = keywire::registry::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema").as_ref()).unwrap();
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mock = MockProvider::start(MockOptions { odd_percent: 30, clock: Clock::System, ..MockOptions::default() })
            .await
            .unwrap();
        let provider = Provider::new(&mock.url(), "key".parse().unwrap(), Duration::from_secs(10)).unwrap();
        let mut outlet = Outlet::bus(&config(), &server.url()).await.unwrap();
        let Outlet::Bus(bus) = &mut outlet else { panic!("not a bus") };
        contract::agree(bus, &config(), Policy::Strict).await.unwrap();
        let mut worker = Worker::new(&config(), provider, outlet).unwrap();
        for _ in 0..20 {
            worker.tick().await;
        }
    });
    let request = Request::new(BusId(0), server.url());
    let outcome = verify(&registry, &request, std::future::pending(), |_, _| {}).unwrap();
    let seen: Vec<_> = outcome.findings.iter().map(|finding| (finding.rule, &finding.message)).collect();
    assert!(seen.is_empty(), "{seen:?}");
    // Without the WebSocket there are no leases.
    let there = |entry: &EntryCoverage| (entry.keys > Some(0)) == (entry.entry != "spot_lease");
    let mut own = outcome.coverage.iter().filter(|of| of.module == "spot_worker");
    assert!(own.all(there), "{:?}", outcome.coverage);
}

#[test]
fn another_contract_on_the_bus_is_told_or_refused() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let Outlet::Bus(mut bus) = Outlet::bus(&config(), &server.url()).await.unwrap() else { panic!("not a bus") };
        let live = async |bus: &mut chassis::bus::Bus| {
            spot_worker::wiring::readers::contract_fingerprint_get(bus).await.unwrap().unwrap()
        };
        let mut other = Batch::new(&config());
        other.contract_fingerprint_set("an older one");
        other.execute(bus.as_mut()).await.unwrap();
        let refusal = contract::agree(&mut bus, &config(), Policy::Strict).await.unwrap_err();
        let NoStart::Another(refusal) = refusal else { panic!("{refusal:?}") };
        let refusal = refusal.to_string();
        assert!(refusal.contains("an older one") && refusal.contains("--contract warn"), "{refusal}");
        assert_eq!(live(&mut bus).await, "an older one");
        contract::agree(&mut bus, &config(), Policy::Warn).await.unwrap();
        assert_eq!(live(&mut bus).await, spot_worker::wiring::CONTRACT_FINGERPRINT);
        contract::agree(&mut bus, &config(), Policy::Strict).await.unwrap();
    });
}
