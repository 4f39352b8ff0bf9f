//! The programs of the demo: they stand beside keywire, and end with it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A program that was built with keywire.
fn beside(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("the place of keywire itself is not known")?;
    let path = own.with_file_name(name);
    if !path.is_file() {
        bail!("{name} is not beside keywire in {}; `make demo` builds it", path.parent().unwrap_or(&own).display());
    }
    Ok(path)
}

/// The mock provider, running until dropped.
pub(super) struct MockProvider {
    child: Child,
    url: String,
}

impl MockProvider {
    pub(super) fn start() -> Result<Self> {
        // Its standard input is a pipe of ours: when we end, in whatever way, it ends.
        let mut child = Command::new(beside("mock_provider")?)
            .args(["--seed", "1", "--stop-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the mock provider cannot be started")?;
        let mut url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut url).context("the mock provider said nothing")?;
        }
        let mock = Self { child, url: url.trim().to_owned() };
        if mock.url.is_empty() {
            bail!("the mock provider ended before it served");
        }
        Ok(mock)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for MockProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The worker.
pub(super) struct Worker<'a> {
    pub provider: &'a str,
    pub redis: &'a str,
}

impl Worker<'_> {
    /// Runs it for a while.
    pub(super) fn run(&self, time: Duration) -> Result<()> {
        let output = Command::new(beside("spot_worker")?)
            .args(["--provider", self.provider, "--run-for", &format!("{}s", time.as_secs())])
            .env("MARKET_REDIS_URL", self.redis)
            .env("MASSIVE_API_KEY", "demo")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .output()
            .context("the worker cannot be started")?;
        if !output.status.success() {
            bail!("the worker failed ({}):\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}
