//! The program: command line and environment in, a running worker out; ends on SIGTERM and Ctrl-C after the tick under way.

use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Parser;
use spot_worker::provider::{ApiKey, Provider};
use spot_worker::wiring::Config;
use spot_worker::worker::Worker;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// Publish spot prices of indices and stocks to the bus, once a tick.
#[derive(Parser)]
#[command(version, after_help = variables())]
struct Options {
    /// Base URL of the provider.
    #[arg(long, value_name = "URL", default_value = "https://api.massive.com")]
    provider: String,
    /// URL of the bus market-redis.
    #[arg(
        long,
        value_name = "URL",
        env = "MARKET_REDIS_URL",
        hide_env_values = true,
        default_value = "redis://127.0.0.1:6379/0"
    )]
    redis: String,
    /// Stop by itself after this time, such as 10s.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    run_for: Option<Duration>,
}

fn seconds(text: &str) -> anyhow::Result<Duration> {
    let number: f64 = text.trim_end_matches('s').parse().context("write seconds, such as 10s")?;
    Duration::try_from_secs_f64(number).context("write seconds, such as 10s")
}

/// The variables of the environment, as the registry declares them.
fn variables() -> String {
    let mut text = String::from("Environment:\n  MASSIVE_API_KEY  key for the provider (required)\n");
    for variable in Config::VARIABLES {
        let default = variable.default.map_or_else(String::new, |default| format!(" [default: {default}]"));
        text.push_str(&format!("  {}  {}{default}\n", variable.name, variable.about));
    }
    text.push_str("  RUST_LOG  how much is logged: error, warn, info, debug [default: info]");
    text
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::from_env()?;
    let Ok(key) = std::env::var("MASSIVE_API_KEY") else { bail!("set MASSIVE_API_KEY to the key of the provider") };
    let key: ApiKey = key.parse().context("MASSIVE_API_KEY is not a key")?;
    let interval = config.massive_spot_interval_sec;
    // A request must leave time to write before the next tick.
    let provider = Provider::new(&options.provider, key, interval.mul_f64(0.8))?;
    let mut worker = Worker::connect(&config, provider, &options.redis).await?;
    let (stopper, stop) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let run_for = options.run_for;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
            () = elapsed(run_for) => {}
        }
        stopper.send_replace(true);
    });
    let ticks = worker.run(interval, stop).await?;
    tracing::info!(ticks, "stopped");
    Ok(())
}

async fn elapsed(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}
