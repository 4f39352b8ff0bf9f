//! The driver of contract tests: good writers pass, bad ones fail with the shortest sequence, and nobody's data is lost.

use std::error::Error;
use std::process::Command;

use keywire::registry::{Registry, Shape};
use keywire::testing::{ArgumentSpec, Contract, SERVER_ENV, WriteSpec};
use redis::Pipeline;
use serde_json::Value;

use crate::database::{ask, open};
use crate::servers::for_each_server;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema");

/// What a generated writer's plan would say of two entries of the pipeline's registry.
fn writes(registry: &Registry) -> Vec<WriteSpec> {
    let write = |method: &str, entry: &str| {
        let key = registry.keys.iter().find(|key| key.name == entry).unwrap();
        let mut arguments = vec![("symbol".to_owned(), ArgumentSpec::Param("symbol".to_owned()))];
        match &key.shape {
            Shape::Single(value) => arguments.push(("value".to_owned(), ArgumentSpec::Value(value.clone()))),
            Shape::Scored { member, score } => {
                arguments.push(("score".to_owned(), ArgumentSpec::Score(score.clone())));
                arguments.push(("member".to_owned(), ArgumentSpec::Value(member.clone())));
            }
            other => panic!("{other:?}"),
        }
        WriteSpec { method: method.to_owned(), bus: key.bus.unwrap(), key: Some(key.id), arguments }
    };
    vec![write("latest_set", "spot_latest"), write("trail_zadd", "spot_symbol_trail")]
}

fn contract() -> Contract {
    let contract = Contract::load(SCHEMA, "spot_worker").cases(12);
    let writes = writes(contract.registry());
    contract.writes(writes)
}

/// A writer by hand; `expires` decides whether it keeps the contract.
fn add(pipeline: &mut Pipeline, write: &Value, expires: bool) {
    let (method, arguments) = write.as_object().unwrap().iter().next().unwrap();
    let symbol = arguments["symbol"].as_str().unwrap();
    if method == "latest_set" {
        pipeline.cmd("SET").arg(format!("massive:model:spot:{symbol}")).arg(arguments["value"].to_string());
        return;
    }
    let key = format!("massive:model:spot:{symbol}:trail");
    pipeline.cmd("ZADD").arg(&key).arg(arguments["score"].to_string()).arg(arguments["member"].to_string());
    if expires {
        pipeline.cmd("EXPIRE").arg(&key).arg(691_200);
    }
}

async fn drive(url: String, writes: Vec<Value>, expires: bool) -> Result<(), Box<dyn Error>> {
    let mut connection = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
    let mut pipeline = redis::pipe();
    writes.iter().for_each(|write| add(&mut pipeline, write, expires));
    Ok(pipeline.query_async::<()>(&mut connection).await?)
}

#[test]
fn writers_that_keep_the_contract_pass() {
    contract().run(async |url, writes| drive(url, writes, true).await).unwrap();
}

#[test]
fn a_writer_that_breaks_it_fails_with_the_shortest_sequence() {
    let error = contract().run(async |url, writes| drive(url, writes, false).await).unwrap_err().to_string();
    assert!(error.contains("ttl-missing") && error.contains("spot_worker.yaml"), "{error}");
    let writes: Vec<&str> = error.lines().filter(|line| line.starts_with("  {")).collect();
    assert!(matches!(writes.as_slice(), [only] if only.contains("trail_zadd")), "{error}");
}

#[test]
fn a_driver_that_fails_or_writes_nothing_proves_nothing() {
    let error = contract().run(async |_, _| Err("no such thing".into())).unwrap_err().to_string();
    assert!(error.contains("the driver failed: no such thing"), "{error}");
    let error = contract().run(async |_, _| Ok(())).unwrap_err().to_string();
    assert!(error.contains("this proves nothing"), "{error}");
    let none = Contract::load(SCHEMA, "spot_worker").writes(Vec::new());
    assert!(none.run(async |_, _| Ok(())).unwrap_err().to_string().contains("declares no writes"));
}

#[test]
fn what_cannot_be_loaded_is_said() {
    let message = |folder: &'static str, module: &'static str| {
        let panic = std::panic::catch_unwind(|| Contract::load(folder, module)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    };
    assert!(message(SCHEMA, "spot").contains("there are: chain_worker, replay_worker, spot_worker"));
    assert!(message("no/such/folder", "spot_worker").contains("no/such/folder"));
}

#[test]
fn a_server_of_the_environment_must_be_empty() {
    let again = |url: &str| {
        let test = ["contract::writers_that_keep_the_contract_pass", "--exact"];
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.args(test).env(SERVER_ENV, url).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let (passes, output) = again(&server.url());
        assert!(passes, "{output}");
        assert_eq!(ask::<u64>(&mut connection, "DBSIZE"), 0, "it leaves nothing behind");
        let () = ask(&mut connection, "SET precious data");
        let (passes, output) = again(&server.url());
        assert!(!passes && output.contains("holds 1 keys"), "{output}");
        assert_eq!(ask::<String>(&mut connection, "GET precious"), "data");
    });
}
