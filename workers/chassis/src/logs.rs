//! Logs on the standard error: lines for people, or JSON for machines.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging. RUST_LOG says how much (default info). Colours only on a terminal.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if json { logs.json().flatten_event(true).init() } else { logs.init() }
}
