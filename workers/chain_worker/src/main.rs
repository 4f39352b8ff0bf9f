//! The program: command line and environment in, a running worker out; ends on SIGTERM and Ctrl-C.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use chain_worker::contract;
use chain_worker::outlet::Outlet;
use chain_worker::wiring::Config;
use chain_worker::worker::Worker;
use chassis::contract::Policy;
use chassis::program::{self, BusVariable, Trouble, seconds};
use chassis::settings::Settings;
use chassis::{logs, stop};
use clap::Parser;
use massive_client::provider::{ApiKey, Provider};

/// Publish the option chains of the underlyings to the bus, as snapshots.
#[derive(Parser)]
#[command(version, after_help = variables())]
struct Options {
    /// Base URL of the provider.
    #[arg(long, value_name = "URL", default_value = "https://api.massive.com")]
    provider: String,
    /// URL of the bus market-redis; redis+sentinel:// and redis+cluster:// as well. Else MARKET_REDIS_URL, or --config
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// A JSON file: {"buses": {"market-redis": {"url": "..."}}, "config": {"MASSIVE_CHAIN_SYMBOLS": "I:SPX"}}.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When the contract on the bus is not the one that this worker was generated from.
    #[arg(long, value_name = "POLICY", default_value = "warn")]
    contract: Policy,
    /// Publish once, then stop.
    #[arg(long)]
    once: bool,
    /// Print the commands instead of sending them; needs no bus.
    #[arg(long)]
    dry_run: bool,
    /// Log as JSON, an object a line.
    #[arg(long)]
    log_json: bool,
    /// Stop by itself after this time, such as 10s.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    run_for: Option<Duration>,
}

/// The bus, as the registry has it.
const BUS: BusVariable =
    BusVariable { bus: "market-redis", name: "MARKET_REDIS_URL", default: "redis://127.0.0.1:6379/0" };

fn variables() -> String {
    let variables = Config::VARIABLES.iter().map(|variable| (variable.name, variable.about, variable.default));
    program::help(&[BUS], variables, &[])
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    logs::start(options.log_json);
    program::end(run(&options).await)
}

async fn run(options: &Options) -> Result<(), Trouble> {
    let Set { config, key, url, listen } = settings(options).map_err(Trouble::Settings)?;
    let provider = Provider::new(&options.provider, key, config.massive_chain_page_timeout_sec);
    let provider = provider.map_err(Trouble::Settings)?;
    let mut outlet = match options.dry_run {
        true => Outlet::Print,
        false => Outlet::bus(&config, &url).await.map_err(Trouble::Bus)?,
    };
    if let Outlet::Bus(bus) = &mut outlet {
        contract::agree(bus, &config, options.contract).await?;
    }
    let mut worker = Worker::new(&config, provider, outlet).map_err(Trouble::Settings)?;
    if let Some(address) = listen {
        let (address, _serving) = worker.board().serve(address).await.map_err(Trouble::Settings)?;
        tracing::info!(%address, "operators find /metrics, /healthz and /readyz");
    }
    if options.once {
        worker.tick().await;
        return Ok(());
    }
    let stop = stop::told(options.run_for).context("cannot listen for signals").map_err(Trouble::Settings)?;
    let runs = worker.run(stop).await.map_err(Trouble::Settings)?;
    tracing::info!(runs, "stopped");
    Ok(())
}

/// Everything that is set.
struct Set {
    config: Config,
    key: ApiKey,
    url: String,
    listen: Option<SocketAddr>,
}

/// Reads everything that is set; all that is wrong with it is in one message.
fn settings(options: &Options) -> anyhow::Result<Set> {
    let settings = Settings::read(options.config.as_deref())?;
    let url = options.redis.clone();
    let url = url.unwrap_or_else(|| settings.bus_url(BUS));
    let config = Config::from_lookup(|name| settings.lookup(name)).map_err(|errors| errors.to_string());
    let key = ApiKey::of_setting(settings.lookup("MASSIVE_API_KEY").as_deref());
    match (config, key, settings.address("MASSIVE_CHAIN_LISTEN")) {
        (Ok(config), Ok(key), Ok(listen)) => Ok(Set { config, key, url, listen }),
        (config, key, listen) => {
            let wrong: Vec<String> = [config.err(), key.err(), listen.err()].into_iter().flatten().collect();
            anyhow::bail!("{}", wrong.join("\n"))
        }
    }
}
