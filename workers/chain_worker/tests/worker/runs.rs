//! Runs against mock and server: what is on the bus after them.

use std::collections::BTreeSet;

use chain_worker::contract::agree;
use chain_worker::outlet::Outlet;
use chain_worker::underlyings::followed;
use chain_worker::worker::Worker;
use chassis::contract::{NoStart, Policy};
use keywire::server::embedded::EmbeddedServer;
use massive_client::mock::chain::{ChainOptions, End, Target};
use massive_client::mock::faults::Fault;
use redis::AsyncCommands as _;

use super::deployments::cluster_of_one;
use super::scene::{Scene, chains, config, mock, on_each_server, provider};
use super::servers::{all, say};

#[test]
fn a_run_against_mock_and_server_verifies_clean() {
    on_each_server(&ChainOptions { odd_percent: 20, ..chains() }, &config(&[]), async |mut scene| {
        for _ in 0..3 {
            scene.worker.tick().await;
        }
        assert_eq!((scene.count("runs").await, scene.count("errors").await, scene.count("partial").await), (3, 0, 0));
        assert_eq!(scene.keys("massive:chain:snapshot:I:SPX:*").await.len(), 6);
        let (latest, ttl): (Vec<String>, i64) =
            (scene.keys("massive:chain:latest:*").await, scene.ask("TTL massive:ws:subscription_list").await);
        assert_eq!((latest.len(), ttl), (2, -1));
        for key in scene.keys("massive:chain:[sl]*").await {
            let ttl: i64 = scene.ask(&format!("TTL {key}")).await;
            assert!((50..=60).contains(&ttl), "{key}: {ttl}");
        }
        let snapshots = scene.snapshots().await;
        let named = |snapshot: &serde_json::Value| {
            snapshot["contracts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["ticker"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let contracts: BTreeSet<String> = snapshots.iter().flat_map(named).collect();
        let members: BTreeSet<String> = scene.ask("SMEMBERS massive:ws:subscription_list").await;
        assert_eq!(members, contracts, "subscribed is what was published");
        assert_eq!(scene.worker.board().answer("/readyz").0, 200);
        scene.verified().await;
    });
}

#[test]
fn strikes_stay_around_the_price_that_the_spot_worker_published() {
    on_each_server(
        &ChainOptions { strikes: 400, ..chains() },
        &config(&[("MASSIVE_CHAIN_RANGE_POINTS", "50")]),
        async |mut scene| {
            // Half a year ahead: newer than what the provider says.
            let price = r#"{"symbol":"SPX","value":5301.0,"ts":"2099-01-30T14:30:00.250Z","source":"massive","timeframe":"REAL-TIME"}"#;
            let _: () = scene.ask(&format!("SET massive:model:spot:SPX {price}")).await;
            scene.worker.tick().await;
            for snapshot in scene.snapshots().await {
                assert_eq!((&snapshot["atm"], &snapshot["spot"]), (&5300.0.into(), &5301.0.into()));
                assert_eq!(
                    (&snapshot["spot_ts"], &snapshot["range_points"]),
                    (&"2099-01-30T14:30:00.250Z".into(), &50.into())
                );
                let strikes =
                    snapshot["contracts"].as_array().unwrap().iter().map(|one| one["strike"].as_f64().unwrap());
                assert_eq!((strikes.clone().fold(f64::MAX, f64::min), strikes.fold(0.0, f64::max)), (5250.0, 5350.0));
            }
            // A price that is none is not believed; the provider's own is.
            let _: () = scene.ask("SET massive:model:spot:SPX broken").await;
            scene.worker.tick().await;
            let snapshots = scene.snapshots().await;
            assert!(
                snapshots.iter().all(|one| (4900.0..5200.0).contains(&one["atm"].as_f64().unwrap())),
                "{}",
                snapshots[0]["atm"]
            );
        },
    );
}

#[test]
fn an_empty_chain_is_valid_and_not_written() {
    on_each_server(&ChainOptions { empty: 10, ..chains() }, &config(&[]), async |mut scene| {
        scene.worker.tick().await;
        assert_eq!(scene.keys("massive:*").await, ["massive:chain:analytics"]);
        assert_eq!((scene.count("runs").await, scene.count("errors").await), (1, 0));
        scene.mock.set_chains(chains());
        scene.worker.tick().await;
        let subscribed = scene.subscriptions().await;
        // Emptied again, as each night: what is subscribed stays.
        scene.mock.set_chains(ChainOptions { empty: 10, ..chains() });
        scene.worker.tick().await;
        assert_eq!((subscribed, scene.subscriptions().await), (600, 600));
        // No expiration is listed any more: nothing is left to subscribe to.
        scene.mock.set_chains(ChainOptions { expirations: 0, ..chains() });
        scene.worker.tick().await;
        assert_eq!((scene.subscriptions().await, scene.count("errors").await), (0, 0));
        scene.verified().await;
    });
}

#[test]
fn a_partial_chain_is_flagged_and_changes_neither_geometry_nor_list() {
    on_each_server(&chains(), &config(&[]), async |mut scene| {
        scene.worker.tick().await;
        let mut told = listen(&scene).await;
        scene.mock.fail_chains(Target::Page(1), Fault::NotEntitled, 2);
        scene.mock.set_chains(ChainOptions { end: End::Last, ..chains() });
        scene.worker.tick().await;
        let snapshots = scene.snapshots().await;
        assert!(
            snapshots.iter().all(|one| one["partial"] == true && one["contracts"].as_array().unwrap().len() == 250)
        );
        assert_eq!((scene.subscriptions().await, scene.count("partial").await), (600, 2));
        assert_eq!(told().await, 0);
        scene.verified().await;
    });
}

/// Messages on the channel so far, from now on.
async fn listen(scene: &Scene) -> impl AsyncFnMut() -> usize + use<> {
    use futures_util::StreamExt as _;
    let client = redis::Client::open(scene.server.url()).unwrap();
    let mut messages = client.get_async_pubsub().await.unwrap();
    messages.subscribe(&["massive:chain:geometry_updated", "end"]).await.unwrap();
    let mut sender = client.get_multiplexed_async_connection().await.unwrap();
    let mut messages = messages.into_on_message();
    async move || {
        let _: i64 = sender.publish("end", "").await.unwrap();
        let mut count = 0;
        while messages.next().await.unwrap().get_channel_name() != "end" {
            count += 1;
        }
        count
    }
}

#[test]
fn geometry_is_told_once_for_each_change_and_the_list_is_replaced_as_a_whole() {
    on_each_server(&chains(), &config(&[]), async |mut scene| {
        let mut told = listen(&scene).await;
        scene.worker.tick().await;
        assert_eq!(told().await, 1);
        scene.worker.tick().await;
        assert_eq!(told().await, 0, "nothing has changed");
        for strikes in [100, 180, 60] {
            scene.mock.set_chains(ChainOptions { strikes, ..chains() });
            let watched = watch_for_gaps(&scene);
            scene.worker.tick().await;
            assert_eq!((told().await, scene.subscriptions().await), (1, strikes * 4));
            let sizes = watched.stop().await;
            assert!(sizes.iter().all(|size| *size >= 60 * 4), "half a list was seen: {sizes:?}");
        }
        scene.verified().await;
    });
}

/// Looks at the size of the list without a pause, on a connection of its own.
struct Watched {
    looking: tokio::task::JoinHandle<BTreeSet<usize>>,
    stop: tokio::sync::oneshot::Sender<()>,
}

impl Watched {
    async fn stop(self) -> BTreeSet<usize> {
        let _ = self.stop.send(());
        self.looking.await.unwrap()
    }
}

fn watch_for_gaps(scene: &Scene) -> Watched {
    let client = redis::Client::open(scene.server.url()).unwrap();
    let (stop, mut stopped) = tokio::sync::oneshot::channel();
    let looking = tokio::spawn(async move {
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut sizes = BTreeSet::new();
        while stopped.try_recv() == Err(tokio::sync::oneshot::error::TryRecvError::Empty) {
            sizes.insert(connection.scard("massive:ws:subscription_list").await.unwrap());
        }
        sizes
    });
    Watched { looking, stop }
}

#[test]
fn a_list_of_expirations_that_breaks_off_is_an_error_and_changes_nothing() {
    on_each_server(&chains(), &config(&[]), async |mut scene| {
        scene.worker.tick().await;
        scene.mock.fail_chains(Target::Expirations, Fault::NotEntitled, 1);
        scene.worker.tick().await;
        assert_eq!((scene.count("runs").await, scene.count("errors").await), (2, 1));
        assert_eq!((scene.keys("massive:chain:snapshot:*").await.len(), scene.subscriptions().await), (2, 600));
        scene.verified().await;
    });
}

#[test]
fn twenty_thousand_contracts_are_one_run() {
    let burst = ChainOptions { strikes: 5000, step: 1, ..chains() };
    let server = EmbeddedServer::start::<&str>(&all()[0], &[]).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut scene = Scene::start(server, burst, &config(&[("MASSIVE_CHAIN_INTERVAL_SEC", "120")])).await;
        scene.worker.tick().await;
        assert_eq!((scene.count("contracts").await, scene.count("partial").await), (20_000, 0));
        assert_eq!(scene.subscriptions().await, 20_000);
        scene.verified().await;
    });
}

#[test]
fn on_a_cluster_each_slot_gets_its_writes() {
    for binary in all() {
        let Some((server, port)) = cluster_of_one(binary) else {
            say(&format!("cluster test on {binary} SKIPPED: no port of 127.0.0.1 can be had"));
            continue;
        };
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (config, mock) = (config(&[]), mock(chains()).await);
            let outlet = Outlet::bus(&config, &format!("redis+cluster://127.0.0.1:{port}")).await.unwrap();
            let mut worker = Worker::new(&config, provider(&mock, &config), outlet).unwrap();
            worker.tick().await;
            assert_eq!(worker.board().answer("/readyz").0, 200, "{}", worker.board().answer("/metrics").1);
            let client = redis::Client::open(server.url()).unwrap();
            let mut connection = client.get_multiplexed_async_connection().await.unwrap();
            let subscribed: usize = connection.scard("massive:ws:subscription_list").await.unwrap();
            assert_eq!(subscribed, 600);
        });
    }
}

#[test]
fn another_contract_on_the_bus_is_told_or_refused() {
    on_each_server(&chains(), &config(&[]), async |scene| {
        let key = "keywire:contract:chain_worker";
        let Outlet::Bus(mut bus) = Outlet::bus(&config(&[]), &scene.server.url()).await.unwrap() else { panic!() };
        agree(&mut bus, &config(&[]), Policy::Strict).await.unwrap();
        let own: String = scene.ask(&format!("GET {key}")).await;
        let _: () = scene.ask(&format!("SET {key} another")).await;
        let refused = agree(&mut bus, &config(&[]), Policy::Strict).await.unwrap_err();
        assert!(matches!(refused, NoStart::Another(_)));
        assert_eq!(scene.ask::<String>(&format!("GET {key}")).await, "another");
        agree(&mut bus, &config(&[]), Policy::Warn).await.unwrap();
        assert_eq!(scene.ask::<String>(&format!("GET {key}")).await, own);
    });
}

#[test]
fn underlyings_are_followed_once_each() {
    let names = |list: &[&str]| {
        let list: Vec<String> = list.iter().map(|name| (*name).to_owned()).collect();
        followed(&list)
            .map(|list| list.into_iter().map(|one| (one.name.to_string(), one.symbols.len())).collect::<Vec<_>>())
    };
    assert_eq!(names(&["I:SPX", " SPY", "I:SPX", ""]).unwrap(), [("I:SPX".to_owned(), 2), ("SPY".to_owned(), 1)]);
    assert!(names(&[]).unwrap_err().to_string().contains("MASSIVE_CHAIN_SYMBOLS"));
    assert!(format!("{:#}", names(&["spx*"]).unwrap_err()).contains("spx*"));
}
