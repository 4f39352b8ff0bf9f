//! The program: command line and environment in, a running replay out; ends on SIGTERM and Ctrl-C.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use chassis::bus::Bus;
use chassis::contract::Policy;
use chassis::program::{self, BusVariable, Trouble, seconds};
use chassis::settings::Settings;
use chassis::{logs, stop};
use clap::Parser;
use replay_worker::contract;
use replay_worker::replay::Replay;
use replay_worker::source::Source;
use replay_worker::target::{Lines, Target};
use replay_worker::wiring::Config;

/// Replay the stream of spot prices onto another bus, or into a file.
#[derive(Parser)]
#[command(version, after_help = variables())]
struct Options {
    /// URL of the bus market-redis, which is read. Else MARKET_REDIS_URL, or --config
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// URL of the bus replay-redis, which is written. Else REPLAY_REDIS_URL, or --config
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Append to a file of JSON lines, {"id": "...", "price": {...}}, instead of another bus.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    file: Option<PathBuf>,
    /// A JSON file: {"buses": {"market-redis": {"url": "..."}, "replay-redis": {"url": "..."}}, "config": {"REPLAY_SPEED": 10}}.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When the contract on the bus is not the one that this worker was generated from.
    #[arg(long, value_name = "POLICY", default_value = "warn")]
    contract: Policy,
    /// Replay what is there, then stop.
    #[arg(long)]
    once: bool,
    /// Log as JSON, an object a line.
    #[arg(long)]
    log_json: bool,
    /// Stop by itself after this time, such as 10s.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    run_for: Option<Duration>,
}

/// The buses, as the registry has them: the one that is read, and the one that is written.
const BUSES: [BusVariable; 2] = [
    BusVariable { bus: "market-redis", name: "MARKET_REDIS_URL", default: "redis://127.0.0.1:6379/0" },
    BusVariable { bus: "replay-redis", name: "REPLAY_REDIS_URL", default: "redis://127.0.0.1:6379/1" },
];

/// Time for a bus to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the worker's connections are called.
const CLIENT_NAME: &str = "replay_worker";

fn variables() -> String {
    let variables = Config::VARIABLES.iter().map(|variable| (variable.name, variable.about, variable.default));
    program::help(
        &BUSES,
        variables,
        &[
            "replay_worker --to redis://127.0.0.1:6380/0            as it happens, with its own pauses",
            "REPLAY_SPEED=0 replay_worker --file day.jsonl --once   all that is there, at once, into a file",
        ],
    )
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    logs::start(options.log_json);
    program::end(run(&options).await)
}

async fn run(options: &Options) -> Result<(), Trouble> {
    let Set { config, from, to, listen } = settings(options).map_err(Trouble::Settings)?;
    if options.file.is_none() && from == to {
        let error = anyhow::anyhow!(
            "the bus that is read and the bus that is written are one: a replay would feed itself; give another with --to, \
             or a file with --file"
        );
        return Err(Trouble::Settings(error));
    }
    let mut bus = Bus::connect(&from, CLIENT_NAME, PATIENCE).await.context("market-redis").map_err(Trouble::Bus)?;
    contract::agree(&mut bus, &config, options.contract).await?;
    let target = match &options.file {
        Some(path) => Target::Lines(Lines::open(path).map_err(Trouble::Settings)?),
        None => {
            let other = Bus::connect(&to, CLIENT_NAME, PATIENCE).await.context("replay-redis").map_err(Trouble::Bus)?;
            Target::bus(other, &config)
        }
    };
    let stop = stop::told(options.run_for).context("cannot listen for signals").map_err(Trouble::Settings)?;
    let mut replay = Replay::new(&config, Source::new(bus, &config), target, stop);
    if let Some(address) = listen {
        let (address, _serving) = replay.board().serve(address).await.map_err(Trouble::Settings)?;
        tracing::info!(%address, "operators find /metrics, /healthz and /readyz");
    }
    let entries = replay.run(options.once).await;
    tracing::info!(entries, "stopped");
    Ok(())
}

/// Everything that is set.
struct Set {
    config: Config,
    from: String,
    to: String,
    listen: Option<SocketAddr>,
}

/// Reads everything that is set; all that is wrong with it is in one message.
fn settings(options: &Options) -> anyhow::Result<Set> {
    let settings = Settings::read(options.config.as_deref())?;
    let url = |given: &Option<String>, bus| given.clone().unwrap_or_else(|| settings.bus_url(bus));
    let [from, to] = BUSES;
    let (from, to) = (url(&options.redis, from), url(&options.to, to));
    let config = Config::from_lookup(|name| settings.lookup(name)).map_err(|errors| errors.to_string());
    match (config, settings.address("REPLAY_LISTEN")) {
        (Ok(config), Ok(listen)) => Ok(Set { config, from, to, listen }),
        (config, listen) => {
            let wrong: Vec<String> = [config.err(), listen.err()].into_iter().flatten().collect();
            anyhow::bail!("{}", wrong.join("\n"))
        }
    }
}
