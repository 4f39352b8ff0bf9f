//! The bus: URLs of all forms, failures told apart by real servers, the name of the connection.

use std::time::Duration;

use chassis::bus::{Bus, Failure, failure, said};
use redis::{RedisError, cmd};

use crate::deployments::cluster_of_one;
use crate::servers::{all, block_on, for_each_server, say};

const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a test on each server of this machine.
fn on_each_server(test: impl AsyncFn(Bus)) {
    for_each_server(|server| {
        block_on(async { test(Bus::connect(&server.url(), "chassis_test", PATIENCE).await.unwrap()).await });
    });
}

async fn ask(bus: &mut Bus, words: &[&str]) -> Result<redis::Value, RedisError> {
    let mut command = cmd(words[0]);
    words[1..].iter().for_each(|word| {
        command.arg(*word);
    });
    command.query_async(bus).await
}

#[test]
fn the_server_knows_the_name_also_after_the_connection_was_lost() {
    on_each_server(async |mut bus| {
        let name: String = cmd("CLIENT").arg("GETNAME").query_async(&mut bus).await.unwrap();
        assert_eq!((name.as_str(), bus.lost()), ("chassis_test", 0));
        let mut kill = cmd("CLIENT");
        kill.arg("KILL").arg("TYPE").arg("normal").arg("SKIPME").arg("no");
        // The answer may come before the end, or not at all.
        let _ = kill.query_async::<redis::Value>(&mut bus).await;
        let mut failures = 0;
        while let Err(error) = ask(&mut bus, &["PING"]).await {
            assert_eq!(failure(&error), Failure::Lost, "{error}");
            failures += 1;
            assert!(failures < 100, "the connection does not come back");
        }
        let name: String = cmd("CLIENT").arg("GETNAME").query_async(&mut bus).await.unwrap();
        assert_eq!(name, "chassis_test");
        assert!(bus.lost() >= 1);
    });
}

#[test]
fn refusals_are_told_apart() {
    on_each_server(async |mut bus| {
        ask(&mut bus, &["SET", "text", "1"]).await.unwrap();
        let wrong = ask(&mut bus, &["LPUSH", "text", "1"]).await.unwrap_err();
        assert_eq!(failure(&wrong), Failure::WrongType);
        ask(&mut bus, &["CONFIG", "SET", "maxmemory", "1"]).await.unwrap();
        let full = ask(&mut bus, &["SET", "text", "2"]).await.unwrap_err();
        assert_eq!(failure(&full), Failure::OutOfMemory);
        ask(&mut bus, &["CONFIG", "SET", "maxmemory", "0"]).await.unwrap();
        ask(&mut bus, &["REPLICAOF", "127.0.0.1", "1"]).await.unwrap();
        let replica = ask(&mut bus, &["SET", "text", "2"]).await.unwrap_err();
        assert_eq!(failure(&replica), Failure::ReadOnly);
        ask(&mut bus, &["REPLICAOF", "NO", "ONE"]).await.unwrap();
        ask(&mut bus, &["ACL", "SETUSER", "default", "-lpush"]).await.unwrap();
        let forbidden = ask(&mut bus, &["LPUSH", "list", "1"]).await.unwrap_err();
        assert_eq!(failure(&forbidden), Failure::NotAllowed);
        assert_eq!(failure(&ask(&mut bus, &["NONSENSE"]).await.unwrap_err()), Failure::Refused);
        assert_eq!(bus.lost(), 0);
    });
}

#[test]
fn refusals_in_a_batch_or_a_transaction_are_told_apart_as_well() {
    on_each_server(async |mut bus| {
        ask(&mut bus, &["SET", "text", "1"]).await.unwrap();
        let mut refused = async |words: &[&str], atomic: bool| {
            let mut batch = redis::pipe();
            if atomic {
                batch.atomic();
            }
            batch.cmd("GET").arg("text").ignore().cmd(words[0]).arg(&words[1..]);
            let error = batch.query_async::<redis::Value>(&mut bus).await.unwrap_err();
            (failure(&error), said(&error))
        };
        for atomic in [false, true] {
            let (wrong, said) = refused(&["LPUSH", "text", "1"], atomic).await;
            assert!(wrong == Failure::WrongType && said.contains("wrong kind of value"), "{wrong:?}: {said}");
        }
        ask(&mut bus, &["CONFIG", "SET", "maxmemory", "1"]).await.unwrap();
        for atomic in [false, true] {
            let mut batch = redis::pipe();
            if atomic {
                batch.atomic();
            }
            batch.cmd("DEL").arg("text").cmd("SET").arg("text").arg("2");
            let full = batch.query_async::<redis::Value>(&mut bus).await.unwrap_err();
            assert_eq!(failure(&full), Failure::OutOfMemory, "{full}");
        }
    });
}

#[tokio::test]
async fn urls_that_are_none_are_refused_without_quoting_them() {
    for url in [
        "pa55word",
        "http://:pa55word@host",
        "redis+sentinel://:pa55word@host:26379",
        "redis+cluster://:pa55word@",
        "redis+nonsense://:pa55word@host",
    ] {
        let error = format!("{:#}", Bus::connect(url, "chassis_test", PATIENCE).await.unwrap_err());
        assert!(error.contains("URL of the bus") && !error.contains("pa55word"), "{error}");
    }
}

#[tokio::test]
async fn a_bus_that_is_not_there_is_an_error_without_its_password() {
    let error = Bus::connect("redis://:pa55word@127.0.0.1:1", "chassis_test", PATIENCE).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("cannot be reached") && !error.contains("pa55word"), "{error}");
}

#[test]
fn a_cluster_is_reached_by_the_url_of_a_node() {
    for binary in all() {
        let Some((server, port)) = cluster_of_one(binary) else {
            say(&format!("cluster test on {binary} SKIPPED: no port of 127.0.0.1 can be had"));
            continue;
        };
        block_on(async {
            let direct = Bus::connect(&server.url(), "chassis_test", PATIENCE).await.unwrap();
            let url = format!("redis+cluster://127.0.0.1:{port}");
            let mut bus = Bus::connect(&url, "chassis_test", PATIENCE).await.unwrap();
            assert!(bus.is_cluster() && !direct.is_cluster());
            ask(&mut bus, &["SET", "a", "1"]).await.unwrap();
            let value: i64 = cmd("GET").arg("a").query_async(&mut bus).await.unwrap();
            assert_eq!(value, 1);
        });
    }
}
