//! A copy of the spot worker that has drifted from its contract, as code drifts: `--fault NAME` says how. Without a fault
//! it sends what the worker sends. `--list` prints each fault with the rule by which keywire must find it.

#![allow(clippy::print_stdout, reason = "a program prints")]

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use chassis::bus::Bus;
use chassis::contract::Policy;
use clap::Parser;
use massive_client::provider::{ApiKey, Provider};
use spot_worker::contract;
use spot_worker::outlet::CLIENT_NAME;
use spot_worker::publish::{Counters, Tick, publish};
use spot_worker::symbols::Watchlist;
use spot_worker::unify::unify;
use spot_worker::wiring::params::Feed;
use spot_worker::wiring::{Batch, Config};

/// A command as it goes over the wire.
type Words = Vec<String>;

/// One way to drift.
struct Fault {
    name: &'static str,
    /// The rule by which it is found.
    rule: &'static str,
    /// What is sent in place of a command of the worker.
    change: fn(Words) -> Vec<Words>,
}

const FAULTS: &[Fault] = &[
    Fault { name: "trim-forgotten", rule: "untrimmed-write", change: |it| without(it, "ZREMRANGEBYRANK") },
    Fault { name: "age-forgotten", rule: "untrimmed-write", change: |it| without(it, "ZREMRANGEBYSCORE") },
    Fault { name: "bound-raised", rule: "untrimmed-write", change: |it| exchanged(it, "XADD", "100000", "200000") },
    Fault { name: "ttl-changed", rule: "expiry-mismatch", change: |it| exchanged(it, "EXPIRE", "691200", "60") },
    Fault { name: "ttl-forgotten", rule: "ttl-missing", change: |it| without(it, "EXPIRE") },
    Fault { name: "ttl-taken-off", rule: "expiry-dropped", change: |it| followed(it, "EXPIRE", "PERSIST KEY") },
    Fault { name: "ttl-added", rule: "ttl-unexpected", change: |it| followed(it, "SET", "EXPIRE KEY 60") },
    Fault { name: "payload-broken", rule: "invalid-payload", change: |it| exchanged(it, "SET", "REAL-TIME", "LIVE") },
    Fault {
        name: "message-broken",
        rule: "invalid-payload",
        change: |it| exchanged(it, "PUBLISH", "REAL-TIME", "LIVE"),
    },
    Fault { name: "field-added", rule: "unknown-field", change: |it| followed(it, "HSET", "HINCRBY KEY ticks 1") },
    Fault { name: "field-forgotten", rule: "missing-field", change: |it| without(it, "HSET") },
    Fault { name: "command-changed", rule: "undeclared-operation", change: |it| exchanged(it, "SET", "SET", "GETSET") },
    Fault { name: "key-unlisted", rule: "undeclared-key", change: |it| followed(it, "HSET", "SET massive:debug:1 x") },
    Fault { name: "type-changed", rule: "wrong-type", change: |it| exchanged(it, "XADD", "XADD", "RPUSH") },
    Fault { name: "error-ignored", rule: "failed-command", change: |it| followed(it, "HSET", "INCR KEY") },
    Fault {
        name: "channel-misspelt",
        rule: "undeclared-channel",
        change: |it| exchanged(it, "PUBLISH", "massive:spot", "massive:spots"),
    },
    Fault { name: "read-dangling", rule: "dangling-read", change: |it| followed(it, "HSET", "GET massive:spot:mode") },
    Fault { name: "field-misread", rule: "needs-unknown-field", change: |it| followed(it, "HSET", "HGET KEY framez") },
    Fault { name: "keyspace-walked", rule: "hot-loop", change: |it| followed(it, "HSET", "KEYS massive:*") },
    Fault { name: "all-removed", rule: "undeclared-operation", change: |it| followed(it, "HSET", "FLUSHDB") },
    Fault { name: "stream-forgotten", rule: "coverage-below", change: |it| without(it, "XADD") },
    Fault { name: "crash", rule: "program-failed", change: |it| vec![it] },
];

/// The command is not sent.
fn without(words: Words, command: &str) -> Vec<Words> {
    if words[0] == command { Vec::new() } else { vec![words] }
}

/// In the command, one text stands for another.
fn exchanged(words: Words, command: &str, from: &str, to: &str) -> Vec<Words> {
    let is_it = words[0] == command;
    let change = |word: String| if is_it { word.replace(from, to) } else { word };
    vec![words.into_iter().map(change).collect()]
}

/// Another command follows, in which KEY stands for the key of the first.
fn followed(words: Words, command: &str, by: &str) -> Vec<Words> {
    let more = by.split(' ').map(|word| if word == "KEY" { words[1].clone() } else { word.to_owned() }).collect();
    if words[0] == command { vec![words, more] } else { vec![words] }
}

/// The spot worker, drifted from its contract.
#[derive(Parser)]
struct Options {
    /// How it has drifted.
    #[arg(long)]
    fault: Option<String>,
    /// Print all faults, each with the rule that finds it.
    #[arg(long)]
    list: bool,
    /// Base URL of the provider.
    #[arg(long, required_unless_present = "list", default_value = "")]
    provider: String,
    /// Ticks to send.
    #[arg(long, default_value_t = 2)]
    ticks: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse();
    if options.list {
        FAULTS.iter().for_each(|fault| println!("{} {}", fault.name, fault.rule));
        return Ok(());
    }
    let fault = match &options.fault {
        Some(name) => Some(FAULTS.iter().find(|fault| fault.name == name).context("no such fault; see --list")?),
        None => None,
    };
    run(&options, fault).await?;
    if fault.is_some_and(|fault| fault.name == "crash") {
        bail!("as it was asked to");
    }
    Ok(())
}

async fn run(options: &Options, fault: Option<&Fault>) -> Result<()> {
    let config = Config::from_env()?;
    let key: ApiKey = std::env::var("MASSIVE_API_KEY").context("set MASSIVE_API_KEY")?.parse()?;
    let provider = Provider::new(&options.provider, key, Duration::from_secs(10))?;
    let list = Watchlist::new(&config.massive_spot_symbols, &config.massive_stock_symbols)?;
    let url = std::env::var("MARKET_REDIS_URL").context("set MARKET_REDIS_URL")?;
    let mut bus = Bus::connect(&url, CLIENT_NAME, Duration::from_secs(10)).await?;
    contract::agree(&mut bus, &config, Policy::Warn).await.map_err(|no_start| anyhow!("{no_start:?}"))?;
    // The lease of a feed, whole: faults are those of the prices.
    let mut lease = Batch::new(&config);
    lease
        .spot_lease_set_nx(&Feed::Indices, "drifted")
        .spot_lease_pexpire(&Feed::Indices)
        .spot_lease_del(&Feed::Indices);
    lease.execute(&mut bus).await?;
    for _ in 0..options.ticks {
        let snapshot = provider.snapshot(&list.tickers()).await?;
        let price = |row: &massive_client::provider::Row| {
            unify(row, list.find(row.ticker.as_deref()?)?, snapshot.received_ms).ok()
        };
        let prices: Vec<_> = snapshot.rows.iter().filter_map(price).collect();
        let prices: Vec<_> = prices.iter().collect();
        let mut batch = Batch::new(&config);
        publish(&mut batch, Tick { prices: &prices, repeated: &[], counters: Counters::default(), trail_from_ms: 0 });
        let mut pipeline = redis::Pipeline::new();
        for words in batch.commands() {
            let words: Words = words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
            for words in fault.map_or_else(|| vec![words.clone()], |fault| (fault.change)(words.clone())) {
                let mut command = redis::Cmd::new();
                command.arg(&words);
                pipeline.add_command(command);
            }
        }
        // Errors are passed over, as by a worker that swallows them.
        let _ = pipeline.query_async::<redis::Value>(&mut bus).await;
    }
    Ok(())
}
