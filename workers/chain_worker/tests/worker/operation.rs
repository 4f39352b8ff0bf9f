//! The program as operators see it: settings refused all at once, metrics and health, a clean end on SIGTERM, exit codes.

use std::process::Stdio;

use chain_worker::wiring::Config;
use keywire::server::embedded::{EmbeddedServer, find};
use massive_client::mock::chain::{ChainOptions, Target};
use massive_client::mock::faults::Fault;
use massive_client::mock::{MockOptions, MockProvider};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::operated::{get, logged, the_guide_names, unit_and_image_set};
use super::scene::{chains, mock};
use super::servers::signal;

/// The program with an environment of its own.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chain_worker"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.env("MASSIVE_CHAIN_SYMBOLS", "I:SPX").env("MASSIVE_CHAIN_NUM_EXPIRATIONS", "2");
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_figures_and_health_and_it_ends_when_told_in_the_middle_of_a_run() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let mock = mock(chains()).await;
    let folder = tempfile::tempdir().unwrap();
    let (key, config) = (folder.path().join("key"), folder.path().join("config.json"));
    std::fs::write(&key, "s3cret\n").unwrap();
    let buses = serde_json::json!({"buses": {"market-redis": {"url": server.url()}}});
    std::fs::write(&config, buses.to_string()).unwrap();
    let mut child = program()
        .args(["--provider", &mock.url(), "--log-json", "--config"])
        .arg(&config)
        .env("MASSIVE_API_KEY_FILE", &key)
        .env("MASSIVE_CHAIN_INTERVAL_SEC", "1")
        .env("MASSIVE_CHAIN_LISTEN", "127.0.0.1:0")
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = logged(&mut lines, "operators find").await["address"].as_str().unwrap().to_owned();
    let run = logged(&mut lines, "a run has ended").await;
    assert_eq!(run["snapshots"], 2);
    assert_eq!(get(&address, "/healthz").await.0, "HTTP/1.1 200 OK");
    assert_eq!(get(&address, "/readyz").await, ("HTTP/1.1 200 OK".to_owned(), "ok\n".to_owned()));
    let (_, metrics) = get(&address, "/metrics").await;
    for line in ["# TYPE chain_worker_runs_total counter", "chain_worker_snapshots_partial_total 0"] {
        assert!(metrics.lines().any(|other| other == line), "{line} is not in\n{metrics}");
    }
    mock.fail_chains(Target::Page(0), Fault::ServerError, 6);
    logged(&mut lines, "no chain in this run").await;
    mock.heal_chains();
    let (_, metrics) = get(&address, "/metrics").await;
    assert!(metrics.contains("chain_worker_provider_failures_total{class=\"server-error\"}"), "{metrics}");
    // The provider hangs; the worker does not wait for it.
    let pages = mock.chain_pages();
    mock.fail_chains(Target::Page(0), Fault::Slow, 100);
    while mock.chain_pages() == pages {
        tokio::task::yield_now().await;
    }
    signal("-TERM", child.id().unwrap());
    logged(&mut lines, "stopped").await;
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

#[tokio::test]
async fn what_is_wrong_is_said_all_at_once_and_before_anything_is_done() {
    let output = program()
        .args(["--redis", "redis://:pa55word@127.0.0.1:1"])
        .env("MASSIVE_CHAIN_INTERVAL_SEC", "soon")
        .env("MASSIVE_CHAIN_SYMBOLS", "spx")
        .env("MASSIVE_CHAIN_LISTEN", "everywhere")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for name in ["MASSIVE_CHAIN_INTERVAL_SEC", "MASSIVE_CHAIN_SYMBOLS", "MASSIVE_API_KEY", "MASSIVE_CHAIN_LISTEN"] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
    assert_eq!((output.status.code(), said.contains("pa55word")), (Some(2), false), "{said}");
}

#[tokio::test]
async fn a_bus_that_is_not_there_is_exit_code_3_and_another_contract_is_1() {
    let start = async |url: &str| {
        let mut strict = program();
        strict.args(["--redis", url, "--contract", "strict", "--once", "--provider", "http://127.0.0.1:1"]);
        let output = strict.env("MASSIVE_API_KEY", "key").output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = start("redis://:pa55word@127.0.0.1:1").await;
    assert_eq!((code, said.contains("pa55word")), (Some(3), false), "{said}");
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut set = redis::cmd("SET");
    set.arg("keywire:contract:chain_worker").arg("another").query_async::<()>(&mut connection).await.unwrap();
    let (code, said) = start(&server.url()).await;
    assert_eq!((code, said.contains("--contract warn")), (Some(1), true), "{said}");
}

#[tokio::test]
async fn a_dry_run_prints_the_commands_of_one_run() {
    let mock = mock(ChainOptions { strikes: 2, ..chains() }).await;
    let output = program()
        .args(["--provider", &mock.url(), "--dry-run", "--once"])
        .env("MASSIVE_API_KEY", "key")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let commands: Vec<&str> = printed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(commands[..4], ["SET", "SET", "SET", "SET"]);
    let of_the_list = ["DEL"].into_iter().chain([["SADD"; 4]; 2].concat());
    assert_eq!(commands[4..13], of_the_list.collect::<Vec<_>>());
    assert_eq!(commands[13..], ["PUBLISH", "HINCRBY", "HINCRBY", "HSET"]);
    assert_eq!(output.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_market_is_asked_less_often() {
    let options = MockOptions { market: "closed".to_owned(), chains: chains(), ..MockOptions::default() };
    let mock = MockProvider::start(options).await.unwrap();
    let output = program()
        .args(["--provider", &mock.url(), "--dry-run", "--run-for", "2"])
        .env("MASSIVE_API_KEY", "key")
        .env("MASSIVE_CHAIN_INTERVAL_SEC", "0.5")
        .output()
        .await
        .unwrap();
    // One run of two expirations, two pages each.
    assert_eq!((output.status.code(), mock.chain_pages()), (Some(0), 4));
}

#[test]
fn the_guide_names_every_metric() {
    the_guide_names(chain_worker::metrics::METRICS, &[]);
}

#[test]
fn the_unit_and_the_image_set_variables_that_there_are() {
    let known = ["MASSIVE_API_KEY", "MARKET_REDIS_URL"].into_iter();
    let known: Vec<&str> = known.chain(Config::VARIABLES.iter().map(|variable| variable.name)).collect();
    unit_and_image_set("chain_worker", &known, 4);
}
