//! The lease of a feed, on each server found: one has it at a time; who stops gives it back, of who dies it runs out, and whoever
//! finds it taken does without.

use std::time::Duration;

use chassis::bus::Bus;
use keywire::server::embedded::EmbeddedServer;
use spot_worker::lease::Lease;
use spot_worker::outlet::CLIENT_NAME;
use spot_worker::wiring::Config;
use spot_worker::wiring::params::Feed;
use tokio::time::Instant;

use super::PATIENCE;
use super::relay::Relay;
use super::servers::all;

const TTL: Duration = Duration::from_millis(600);

fn config() -> Config {
    Config::from_lookup(|name| match name {
        "MASSIVE_SPOT_INTERVAL_SEC" => Some("0.1".to_owned()),
        "MASSIVE_SPOT_LEASE_TTL_SEC" => Some("0.6".to_owned()),
        _ => None,
    })
    .unwrap()
}

/// A worker, as far as a lease is concerned.
struct Party {
    bus: Bus,
    lease: Lease,
}

impl Party {
    async fn at(url: &str) -> Self {
        Self {
            bus: Bus::connect(url, CLIENT_NAME, PATIENCE).await.unwrap(),
            lease: Lease::new(&config(), Feed::Indices),
        }
    }

    /// One look: is the lease its own?
    async fn looks(&mut self) -> bool {
        // A bus that fails is no answer.
        let _ = self.lease.renew(&mut self.bus, Instant::now()).await;
        self.lease.is_held(Instant::now())
    }

    /// Looks until it has the lease; gives the time that took.
    async fn gets(&mut self) -> Duration {
        let start = Instant::now();
        while !self.looks().await {
            assert!(start.elapsed() < PATIENCE, "it never gets the lease");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        start.elapsed()
    }
}

fn on_each_server(test: impl AsyncFn(&EmbeddedServer)) {
    for binary in all() {
        let server = EmbeddedServer::start::<&str>(binary, &[]).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(test(&server));
    }
}

#[test]
fn one_has_it_as_long_as_it_renews_it_and_then_the_other() {
    on_each_server(async |server| {
        let (mut one, mut other) = (Party::at(&server.url()).await, Party::at(&server.url()).await);
        assert!(one.looks().await && !other.looks().await);
        let start = Instant::now();
        while start.elapsed() < TTL * 2 {
            assert_eq!((one.looks().await, other.looks().await), (true, false));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // It dies: nobody renews, and the lease runs out.
        drop(one);
        assert!(other.gets().await > TTL / 3);
        // It stops: the lease is free at once, but the other asks only each third of its time.
        let mut third = Party::at(&server.url()).await;
        other.lease.give_back(&mut other.bus).await.unwrap();
        assert!(!other.lease.is_held(Instant::now()) && third.looks().await);
        // Who has none gives none back.
        other.lease.give_back(&mut other.bus).await.unwrap();
        assert!(!other.looks().await && third.looks().await);
    });
}

#[test]
fn many_at_once_are_one() {
    on_each_server(async |server| {
        let mut parties = Vec::new();
        for _ in 0..8 {
            parties.push(Party::at(&server.url()).await);
        }
        let looks = futures_util::future::join_all(parties.iter_mut().map(Party::looks)).await;
        assert_eq!(looks.iter().filter(|held| **held).count(), 1, "{looks:?}");
    });
}

#[test]
fn lost_while_the_bus_was_away_it_is_not_taken_back() {
    on_each_server(async |server| {
        let relay = Relay::to(server.socket()).await;
        let (mut one, mut other) = (Party::at(&relay.url()).await, Party::at(&server.url()).await);
        assert!(one.looks().await);
        // Cut off, it has the lease until it has run out by its own clock, and not longer.
        let start = Instant::now();
        let mut held = true;
        while held {
            relay.cut_after(0);
            held = one.looks().await;
            assert!(start.elapsed() < PATIENCE, "it keeps a lease that it cannot renew");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        other.gets().await;
        relay.lead_to(server.socket());
        let back = Instant::now();
        while back.elapsed() < TTL {
            assert_eq!((one.looks().await, other.looks().await), (false, true));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

#[test]
fn removed_by_hand_it_is_taken_again() {
    on_each_server(async |server| {
        let mut one = Party::at(&server.url()).await;
        assert!(one.looks().await);
        let client = redis::Client::open(server.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
        tokio::time::sleep(TTL / 2).await;
        assert!(one.looks().await);
        let ttl: i64 = redis::cmd("PTTL").arg("massive:spot:lease:indices").query_async(&mut connection).await.unwrap();
        assert!((1..=600).contains(&ttl), "{ttl}");
    });
}
