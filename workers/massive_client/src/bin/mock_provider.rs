//! A provider on loopback with invented prices, as a program: prints its URL on one line, with `--websocket` that of its
//! WebSocket on a second, and serves until it is told to stop. Options in, nothing but URLs out; all behaviour is in
//! `massive_client::mock`.

use std::io::Write as _;

use anyhow::{Context as _, bail};
use clap::Parser;
use massive_client::mock::chain::ChainOptions;
use massive_client::mock::faults::Fault;
use massive_client::mock::live::{MockSocket, SocketOptions};
use massive_client::mock::{Clock, MockOptions, MockProvider};
use tokio::signal::unix::{SignalKind, signal};

/// Serve invented prices in the provider's shapes on 127.0.0.1, for tests and demonstrations.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Decides all prices and oddities.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve requests without a key, too; otherwise any key will do.
    #[arg(long)]
    no_auth: bool,
    /// Tickers to know besides the usual ones, as the provider names them (TSLA, I:XSP).
    #[arg(long, value_name = "TICKER,...", value_delimiter = ',')]
    tickers: Vec<String>,
    /// How many of a hundred rows are odd, in ways the provider is known for.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    odd: u8,
    /// Say that prices are delayed.
    #[arg(long)]
    delayed: bool,
    /// What the market status says.
    #[arg(long, default_value = "open", value_parser = ["open", "closed", "extended-hours"])]
    market: String,
    /// Fail the next so many snapshots: 403, 429, 429-as-200, 500, slow, truncated, hang-up, html or huge.
    /// More can be ordered while it runs: GET /mock/fail?kind=429&times=3.
    #[arg(long, value_name = "KIND[:TIMES]", value_parser = parse_fail)]
    fail: Vec<(Fault, u32)>,
    /// Strikes of each option chain; each has a call and a put.
    #[arg(long, value_name = "COUNT", default_value_t = ChainOptions::default().strikes)]
    strikes: usize,
    /// Let time begin at this moment and pass one second per snapshot, so that runs repeat exactly.
    #[arg(long, value_name = "MILLISECONDS")]
    epoch_ms: Option<i64>,
    /// Serve the WebSocket as well, on a port of its own, and print its URL on a second line.
    #[arg(long)]
    websocket: bool,
    /// Stop as well when the standard input ends: whoever started it has gone, in whatever way.
    #[arg(long)]
    stop_with_stdin: bool,
}

fn parse_fail(text: &str) -> anyhow::Result<(Fault, u32)> {
    match text.split_once(':') {
        None => Ok((text.parse()?, 1)),
        Some((kind, times)) => {
            Ok((kind.parse()?, times.parse().with_context(|| format!("{times:?} is no number of requests"))?))
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mock = MockProvider::start(MockOptions {
        seed: options.seed,
        port: options.port,
        api_key: (!options.no_auth).then(String::new),
        tickers: options.tickers,
        odd_percent: options.odd,
        timeframe: if options.delayed { "DELAYED" } else { "REAL-TIME" }.to_owned(),
        market: options.market,
        clock: options.epoch_ms.map_or(Clock::System, |start_ms| Clock::Derived { start_ms, step_ms: 1000 }),
        fail: options.fail,
        chains: ChainOptions { strikes: options.strikes, odd_percent: options.odd, ..ChainOptions::default() },
    })
    .await
    .with_context(|| format!("cannot listen on port {} of 127.0.0.1: is it taken?", options.port))?;
    let socket = match options.websocket {
        true => {
            let socket = MockSocket::start(SocketOptions { seed: options.seed, ..SocketOptions::default() }).await;
            Some(socket.context("cannot listen on 127.0.0.1 for the WebSocket")?)
        }
        false => None,
    };
    let urls = std::iter::once(mock.url()).chain(socket.iter().map(MockSocket::url));
    let urls: String = urls.map(|url| url + "\n").collect();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut stdout = std::io::stdout();
    if write!(stdout, "{urls}").and_then(|()| stdout.flush()).is_err() {
        bail!("cannot print the URL: nobody reads the standard output");
    }
    tokio::select! {
        () = stdin_ended(), if options.stop_with_stdin => {}
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C")?,
    }
    Ok(())
}

async fn stdin_ended() {
    let mut sink = tokio::io::sink();
    // An error is an end, too.
    let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut sink).await;
}
