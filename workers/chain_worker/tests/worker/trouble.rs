//! Bus and provider in trouble, on each server found: killed and restarted, paused, read-only, full, cut off in the middle of
//! a batch; slow, refusing, cut short. Whatever happens, the contract holds afterwards, and nothing old is sent as new.

use chain_worker::wiring::Config;
use keywire::server::embedded::EmbeddedServer;
use massive_client::mock::chain::{ChainOptions, Target};
use massive_client::mock::faults::Fault;

use super::PATIENCE;
use super::scene::{Scene, chains, config, on_each_server};
use super::servers::{process_id, signal};

/// A bus that does not answer is given up fast.
fn brief() -> Config {
    config(&[("MASSIVE_CHAIN_INTERVAL_SEC", "2")])
}

/// A page that does not come is given up fast.
fn impatient() -> Config {
    config(&[("MASSIVE_CHAIN_PAGE_TIMEOUT_SEC", "0.5")])
}

fn ready(scene: &Scene) -> u16 {
    scene.worker.board().answer("/readyz").0
}

/// All that a whole run leaves is there. On a busy machine a run may need more than its time: then it is the next one.
async fn whole(scene: &mut Scene) {
    let start = std::time::Instant::now();
    loop {
        let snapshots = scene.snapshots().await;
        let all = snapshots.len() == 2 && snapshots.iter().all(|one| one["partial"] == false);
        if all && (scene.subscriptions().await, ready(scene)) == (600, 200) {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "no whole run: {} snapshots", snapshots.len());
        scene.worker.tick().await;
    }
    let name: String = scene.ask("CLIENT LIST").await;
    assert!(name.contains("name=chain_worker "), "{name}");
    scene.verified().await;
}

#[test]
fn killed_and_started_anew_it_has_all_again() {
    on_each_server(&chains(), &brief(), async |mut scene| {
        scene.worker.tick().await;
        let empty = EmbeddedServer::start::<&str>(&scene.server.binary().clone(), &[]).unwrap();
        let killed = std::mem::replace(&mut scene.server, empty);
        killed.stop().unwrap();
        scene.worker.tick().await;
        assert_eq!(ready(&scene), 503);
        scene.relay.lead_to(scene.server.socket());
        scene.recover().await;
        // The list too, though no strike has changed.
        assert!(scene.count("errors").await >= 1);
        whole(&mut scene).await;
    });
}

#[test]
fn paused_for_five_seconds_it_is_given_up_in_time() {
    on_each_server(&chains(), &brief(), async |mut scene| {
        scene.worker.tick().await;
        let pid = process_id(&scene.server);
        signal("-STOP", pid);
        let start = tokio::time::Instant::now();
        scene.worker.tick().await;
        assert_eq!(ready(&scene), 503);
        let took = start.elapsed();
        // Two prices are asked for, and one batch is sent; each is given up after two seconds.
        assert!(took.as_secs() < 8, "{took:?}");
        tokio::time::sleep_until(start + std::time::Duration::from_secs(5)).await;
        signal("-CONT", pid);
        scene.recover().await;
        assert!(scene.count("errors").await >= 1);
        whole(&mut scene).await;
    });
}

#[test]
fn made_read_only_it_writes_again_when_that_is_over() {
    on_each_server(&chains(), &brief(), async |mut scene| {
        // A primary that does not exist: the server serves what it has, and takes no writes.
        let _: () = scene.ask("REPLICAOF 127.0.0.1 1").await;
        scene.worker.tick().await;
        scene.worker.tick().await;
        assert_eq!(ready(&scene), 503);
        let _: () = scene.ask("REPLICAOF NO ONE").await;
        scene.recover().await;
        assert!(scene.count("errors").await >= 2);
        assert_eq!(scene.count("runs").await, 1, "runs that the bus did not take are not counted later");
        whole(&mut scene).await;
    });
}

#[test]
fn at_its_memory_limit_the_old_list_stays_whole() {
    on_each_server(&chains(), &brief(), async |mut scene| {
        scene.worker.tick().await;
        let _: () = scene.ask("CONFIG SET maxmemory-policy noeviction").await;
        let _: () = scene.ask("CONFIG SET maxmemory 1").await;
        scene.mock.set_chains(ChainOptions { strikes: 120, ..chains() });
        scene.worker.tick().await;
        assert_eq!((ready(&scene), scene.subscriptions().await), (503, 600));
        let (_, metrics) = scene.worker.board().answer("/metrics");
        assert!(metrics.contains("chain_worker_bus_failures_total{kind=\"out-of-memory\"} 1\n"), "{metrics}");
        let _: () = scene.ask("CONFIG SET maxmemory 0").await;
        scene.mock.set_chains(chains());
        scene.recover().await;
        whole(&mut scene).await;
    });
}

#[test]
fn cut_off_in_the_middle_of_a_batch_no_name_leads_nowhere_and_no_list_is_half() {
    on_each_server(&chains(), &brief(), async |mut scene| {
        scene.worker.tick().await;
        let mut strikes = 150;
        // Within a snapshot; between it and its name; within the list; within the counters.
        for bytes in [1, 1_000, 60_000, 130_000, 150_000, 170_000] {
            let before = scene.subscriptions().await;
            strikes = if strikes == 150 { 140 } else { 150 };
            scene.mock.set_chains(ChainOptions { strikes, ..chains() });
            scene.relay.cut_after(bytes);
            scene.worker.tick().await;
            scene.snapshots().await;
            let after = scene.subscriptions().await;
            assert!([before, strikes * 4].contains(&after), "{after} contracts of {before} and {}", strikes * 4);
            scene.recover().await;
            assert_eq!(scene.subscriptions().await, strikes * 4);
        }
        scene.mock.set_chains(chains());
        scene.recover().await;
        whole(&mut scene).await;
    });
}

#[test]
fn a_provider_in_trouble_changes_nothing_but_counts() {
    on_each_server(&chains(), &impatient(), async |mut scene| {
        scene.worker.tick().await;
        let names: Vec<String> = scene.keys("massive:chain:snapshot:*").await;
        let faults = [Fault::Slow, Fault::ServerError, Fault::Truncated];
        for (number, fault) in faults.into_iter().enumerate() {
            scene.mock.fail_chains(Target::Page(0), fault, 1000);
            scene.recover().await;
            assert_eq!(scene.keys("massive:chain:snapshot:*").await, names, "{fault:?}: old is not sent as new");
            assert!(scene.count("errors").await >= 2 * (i64::try_from(number).unwrap() + 1), "{fault:?}");
            scene.mock.heal_chains();
        }
        scene.recover().await;
        whole(&mut scene).await;
    });
}

#[test]
fn a_provider_that_limits_the_rate_is_left_alone() {
    on_each_server(&chains(), &impatient(), async |mut scene| {
        scene.mock.fail_chains(Target::Page(0), Fault::RateLimited, 1);
        scene.worker.tick().await;
        let asked = scene.mock.chain_pages();
        for _ in 0..10 {
            scene.worker.tick().await;
        }
        assert_eq!(scene.mock.chain_pages(), asked, "asked before the seven seconds were over");
        assert_eq!((scene.count("runs").await, scene.count("errors").await), (1, 1));
        // The expiration that was not refused is there.
        assert_eq!(scene.snapshots().await.len(), 1);
        scene.verified().await;
    });
}

#[test]
fn a_page_that_was_late_does_not_hide_a_limit() {
    on_each_server(&chains(), &impatient(), async |mut scene| {
        // One of the two chains is late, the other refused for seven seconds, in whichever order.
        scene.mock.fail_chains(Target::Page(0), Fault::Slow, 1);
        scene.mock.fail_chains(Target::Page(0), Fault::RateLimited, 1);
        scene.worker.tick().await;
        let asked = scene.mock.chain_pages();
        scene.worker.tick().await;
        assert_eq!((scene.mock.chain_pages(), scene.count("errors").await), (asked, 2));
    });
}

#[test]
fn a_slow_provider_gives_partial_chains_with_the_time_of_their_first_page() {
    on_each_server(&chains(), &impatient(), async |mut scene| {
        scene.mock.fail_chains(Target::Page(1), Fault::Slow, 1000);
        let before = jiff::Timestamp::now();
        scene.worker.tick().await;
        let wrote = jiff::Timestamp::now();
        for snapshot in scene.snapshots().await {
            assert_eq!(snapshot["partial"], true);
            let ts: jiff::Timestamp = snapshot["ts"].as_str().unwrap().parse().unwrap();
            let late = wrote.duration_since(ts).as_millis();
            assert!(late >= 500, "stamped {late} ms before it was written, and the second page took 500");
            assert!(ts.as_millisecond() >= before.as_millisecond());
        }
        assert_eq!((scene.count("partial").await, scene.subscriptions().await), (2, 500));
        scene.mock.heal_chains();
        scene.recover().await;
        whole(&mut scene).await;
    });
}
