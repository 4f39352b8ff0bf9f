//! The program: command line and environment in, a running worker out; ends on SIGTERM and Ctrl-C.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use chassis::contract::Policy;
use chassis::program::{self, BusVariable, Trouble, seconds};
use chassis::settings::Settings;
use chassis::{logs, stop};
use clap::Parser;
use massive_client::capture::Capture;
use massive_client::live::Pace;
use massive_client::playback::Playback;
use massive_client::provider::{ApiKey, Provider};
use spot_worker::contract;
use spot_worker::feeds::{self, Endpoint};
use spot_worker::outlet::Outlet;
use spot_worker::source::Source;
use spot_worker::wiring::Config;
use spot_worker::wiring::config::MassiveSpotSource;
use spot_worker::worker::Worker;

/// Publish spot prices of indices and stocks to the bus, once a tick.
#[derive(Parser)]
#[command(version, after_help = variables())]
struct Options {
    /// Base URL of the provider.
    #[arg(long, value_name = "URL", default_value = "https://api.massive.com")]
    provider: String,
    /// Base URL of the provider's WebSocket, which is used with MASSIVE_SPOT_SOURCE=websocket.
    #[arg(long, value_name = "URL", default_value = "wss://socket.massive.com")]
    websocket: String,
    /// Play captured answers instead of asking the provider: a file, or a folder of captures.
    #[arg(long, value_name = "PATH", conflicts_with = "provider")]
    play: Option<PathBuf>,
    /// How fast to play: 10 is ten times as fast as it was; 0 is an answer a tick.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, requires = "play")]
    speed: f64,
    /// URL of the bus market-redis; redis+sentinel:// and redis+cluster:// as well. Else MARKET_REDIS_URL, or --config
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// A JSON file: {"buses": {"market-redis": {"url": "..."}}, "config": {"MASSIVE_SPOT_SYMBOLS": "SPX"}}.
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
    let Set { config, origin, url, listen } = settings(options).map_err(Trouble::Settings)?;
    let interval = config.massive_spot_interval_sec;
    let endpoint = endpoint(options, &config, &origin);
    // A request must leave time to write before the next tick.
    let source = source(options, &config, origin, interval.mul_f64(0.8)).map_err(Trouble::Settings)?;
    let mut outlet = match options.dry_run {
        true => Outlet::Print,
        false => Outlet::bus(&config, &url).await.map_err(Trouble::Bus)?,
    };
    if let Outlet::Bus(bus) = &mut outlet {
        contract::agree(bus, &config, options.contract).await?;
    }
    let mut worker = Worker::new(&config, source, outlet).map_err(Trouble::Settings)?;
    if let Some(endpoint) = endpoint {
        worker = worker.listening(&config, &endpoint);
    }
    if let Some(address) = listen {
        let (address, _serving) = worker.board().serve(address).await.map_err(Trouble::Settings)?;
        tracing::info!(%address, "operators find /metrics, /healthz and /readyz");
    }
    if options.once {
        worker.tick().await;
        return Ok(());
    }
    let stop = stop::told(options.run_for).context("cannot listen for signals").map_err(Trouble::Settings)?;
    let ticks = worker.run(interval, stop).await.map_err(Trouble::Settings)?;
    tracing::info!(ticks, "stopped");
    Ok(())
}

/// Where prices come from, as far as the settings say.
enum Origin<'a> {
    Playback(&'a Path),
    Provider(ApiKey),
}

/// The WebSocket, where it is to be listened to: there is no lease without a bus, and one tick is over before it speaks.
fn endpoint(options: &Options, config: &Config, origin: &Origin<'_>) -> Option<Endpoint> {
    let Origin::Provider(api_key) = origin else { return None };
    if config.massive_spot_source != MassiveSpotSource::Websocket {
        return None;
    }
    if options.once || options.dry_run {
        tracing::info!("prices come by a snapshot: the WebSocket is for workers that go on, and have a bus");
        return None;
    }
    Some(Endpoint { url: options.websocket.clone(), api_key: api_key.clone(), pace: Pace::default() })
}

fn source(options: &Options, config: &Config, origin: Origin<'_>, timeout: Duration) -> anyhow::Result<Source> {
    let key = match origin {
        Origin::Playback(path) => return Ok(Playback::open(path, options.speed)?.into()),
        Origin::Provider(key) => key,
    };
    let provider = Provider::new(&options.provider, key, timeout)?;
    let Some(folder) = &config.massive_spot_capture_dir else { return Ok(provider.into()) };
    let limit = config.massive_spot_capture_mb.saturating_mul(1_000_000);
    Ok(provider.captured(Capture::start(folder, limit)?).into())
}

/// Everything that is set.
struct Set<'a> {
    config: Config,
    origin: Origin<'a>,
    url: String,
    listen: Option<SocketAddr>,
}

/// Reads everything that is set; all that is wrong with it is in one message.
fn settings(options: &Options) -> anyhow::Result<Set<'_>> {
    let settings = Settings::read(options.config.as_deref())?;
    let url = options.redis.clone();
    let url = url.unwrap_or_else(|| settings.bus_url(BUS));
    let config = Config::from_lookup(|name| settings.lookup(name)).map_err(|errors| errors.to_string());
    let feeds = match &config {
        Ok(config) if config.massive_spot_source == MassiveSpotSource::Websocket => {
            feeds::check(config, &options.websocket)
        }
        _ => Ok(()),
    };
    match (config, origin(options, &settings), settings.address("MASSIVE_SPOT_LISTEN"), feeds) {
        (Ok(config), Ok(origin), Ok(listen), Ok(())) => Ok(Set { config, origin, url, listen }),
        (config, origin, listen, feeds) => {
            let wrong = [config.err(), origin.err(), listen.err(), feeds.err()];
            let wrong: Vec<String> = wrong.into_iter().flatten().collect();
            anyhow::bail!("{}", wrong.join("\n"))
        }
    }
}

/// What was captured asks for no key.
fn origin<'a>(options: &'a Options, settings: &Settings) -> Result<Origin<'a>, String> {
    if let Some(path) = &options.play {
        return Ok(Origin::Playback(path));
    }
    ApiKey::of_setting(settings.lookup("MASSIVE_API_KEY").as_deref()).map(Origin::Provider)
}
