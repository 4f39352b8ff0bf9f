//! The program as operators see it: settings refused all at once, metrics and health, a clean end on SIGTERM, exit codes.

use std::process::Stdio;

use keywire::server::embedded::{EmbeddedServer, find};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::operated::{get, logged, the_guide_names, unit_and_image_set};
use super::servers::signal;

/// The program with an environment of its own.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spot_worker"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn mock() -> MockProvider {
    MockProvider::start(MockOptions { clock: Clock::System, ..MockOptions::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_figures_and_health_and_it_ends_when_told() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let mock = mock().await;
    let folder = tempfile::tempdir().unwrap();
    let (key, config) = (folder.path().join("key"), folder.path().join("config.json"));
    std::fs::write(&key, "s3cret\n").unwrap();
    let buses = serde_json::json!({"buses": {"market-redis": {"url": server.url()}}});
    std::fs::write(&config, buses.to_string()).unwrap();
    let mut child = program()
        .args(["--provider", &mock.url(), "--log-json", "--config"])
        .arg(&config)
        .env("MASSIVE_API_KEY_FILE", &key)
        .env("MASSIVE_SPOT_INTERVAL_SEC", "0.1")
        .env("MASSIVE_SPOT_LISTEN", "127.0.0.1:0")
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = logged(&mut lines, "operators find").await["address"].as_str().unwrap().to_owned();
    logged(&mut lines, "published").await;
    assert_eq!(get(&address, "/healthz").await.0, "HTTP/1.1 200 OK");
    assert_eq!(get(&address, "/readyz").await, ("HTTP/1.1 200 OK".to_owned(), "ok\n".to_owned()));
    let (_, metrics) = get(&address, "/metrics").await;
    for line in ["# TYPE spot_worker_ticks_total counter", "spot_worker_prices_lost_total 0"] {
        assert!(metrics.lines().any(|other| other == line), "{line} is not in\n{metrics}");
    }
    let published = metrics.lines().find_map(|line| line.strip_prefix("spot_worker_prices_published_total ")).unwrap();
    assert!(published.parse::<f64>().unwrap() >= 5.0, "{metrics}");
    mock.fail_next(massive_client::mock::faults::Fault::RateLimited, 1);
    logged(&mut lines, "no prices in this tick").await;
    let (_, metrics) = get(&address, "/metrics").await;
    assert!(metrics.contains("spot_worker_provider_failures_total{class=\"rate-limited\"} 1\n"), "{metrics}");
    assert_eq!(get(&address, "/else").await.0, "HTTP/1.1 404 Not Found");
    signal("-TERM", child.id().unwrap());
    logged(&mut lines, "stopped").await;
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

#[tokio::test]
async fn what_is_wrong_is_said_all_at_once_and_before_anything_is_done() {
    let output = program()
        .args(["--redis", "redis://:pa55word@127.0.0.1:1"])
        .env("MASSIVE_SPOT_INTERVAL_SEC", "soon")
        .env("MASSIVE_SPOT_LISTEN", "everywhere")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for name in ["MASSIVE_SPOT_INTERVAL_SEC", "MASSIVE_API_KEY", "MASSIVE_SPOT_LISTEN"] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
    assert_eq!((output.status.code(), said.contains("pa55word")), (Some(2), false), "{said}");
}

#[tokio::test]
async fn a_bus_that_is_not_there_is_exit_code_3_and_no_password_is_shown() {
    let output = program()
        .args(["--redis", "redis://:pa55word@127.0.0.1:1"])
        .env("MASSIVE_API_KEY", "key")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.contains("pa55word")), (Some(3), false), "{said}");
}

#[tokio::test]
async fn a_dry_run_prints_the_commands_of_one_tick() {
    let mock = mock().await;
    let output = program()
        .args(["--provider", &mock.url(), "--dry-run", "--once"])
        .env("MASSIVE_API_KEY", "key")
        .env("MASSIVE_SPOT_SYMBOLS", "SPX")
        .env("MASSIVE_STOCK_SYMBOLS", "")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let commands: Vec<&str> = printed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let expected = ["ZADD", "ZREMRANGEBYSCORE", "EXPIRE", "ZADD", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK", "SET", "SET"];
    assert_eq!(commands[..8], expected);
    assert_eq!(commands[8..], ["PUBLISH", "XADD", "HINCRBY", "HINCRBY", "HSET"]);
    assert_eq!(output.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_is_published_again_and_then_it_ends() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let mock = mock().await;
    let folder = tempfile::tempdir().unwrap();
    let live = program()
        .args(["--provider", &mock.url(), "--once", "--dry-run"])
        .env("MASSIVE_API_KEY", "key")
        .env("MASSIVE_SPOT_CAPTURE_DIR", folder.path())
        .output()
        .await
        .unwrap();
    let played = program().args(["--speed", "0", "--dry-run", "--play"]).arg(folder.path()).output().await.unwrap();
    assert_eq!(String::from_utf8(played.stdout).unwrap(), String::from_utf8(live.stdout).unwrap());
    let output = program().arg("--play").arg(folder.path()).args(["--redis", &server.url()]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let entries: i64 = redis::cmd("XLEN").arg("massive:spot:stream").query_async(&mut connection).await.unwrap();
    assert_eq!(entries, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_market_is_asked_once_a_minute() {
    let options = MockOptions { market: "closed".to_owned(), ..MockOptions::default() };
    let mock = MockProvider::start(options).await.unwrap();
    let output = program()
        .args(["--provider", &mock.url(), "--dry-run", "--run-for", "1"])
        .env("MASSIVE_API_KEY", "key")
        .env("MASSIVE_SPOT_INTERVAL_SEC", "0.05")
        .output()
        .await
        .unwrap();
    assert_eq!((output.status.code(), mock.snapshots()), (Some(0), 1));
}

#[test]
fn the_guide_names_every_metric_class_and_kind() {
    use chassis::bus::Failure;
    let kinds = [
        Failure::Timeout,
        Failure::Lost,
        Failure::ReadOnly,
        Failure::Loading,
        Failure::OutOfMemory,
        Failure::NotAllowed,
        Failure::WrongType,
    ];
    the_guide_names(spot_worker::metrics::METRICS, &kinds.map(Failure::name));
}

#[test]
fn the_unit_and_the_image_set_variables_that_there_are() {
    let known = ["MASSIVE_API_KEY", "MARKET_REDIS_URL"].into_iter();
    let known: Vec<&str> =
        known.chain(spot_worker::wiring::Config::VARIABLES.iter().map(|variable| variable.name)).collect();
    unit_and_image_set("spot_worker", &known, 4);
}

#[tokio::test]
async fn a_bus_that_refuses_at_the_start_is_no_other_contract() {
    let server = EmbeddedServer::start::<&str>(&find().unwrap(), &[]).unwrap();
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let start = async |connection: &mut redis::aio::MultiplexedConnection, words: &[&str]| {
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(*word);
        });
        command.query_async::<()>(connection).await.unwrap();
        let mut strict = program();
        strict.args(["--redis", &server.url(), "--contract", "strict", "--once"]);
        strict.args(["--provider", "http://127.0.0.1:1"]).env("MASSIVE_API_KEY", "key");
        let output = strict.output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // A replica takes no writes for now; whoever starts the worker again is right to do so.
    let (code, said) = start(&mut connection, &["REPLICAOF", "127.0.0.1", "1"]).await;
    assert_eq!(code, Some(3), "{said}");
    start(&mut connection, &["REPLICAOF", "NO", "ONE"]).await;
    // Another contract does not pass by itself.
    let (code, said) = start(&mut connection, &["SET", "keywire:contract:spot_worker", "another"]).await;
    assert_eq!((code, said.contains("--contract warn")), (Some(1), true), "{said}");
}
