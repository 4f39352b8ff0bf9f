//! What the programs of all workers have in common: how they explain their environment, and how they end.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use crate::contract::NoStart;

/// What can be wrong before a worker runs, by exit code.
#[derive(Debug)]
pub enum Trouble {
    /// 1: the contract on the bus is another one.
    Contract(anyhow::Error),
    /// 2: settings that cannot be used.
    Settings(anyhow::Error),
    /// 3: a bus cannot be reached, or refuses.
    Bus(anyhow::Error),
}

impl From<NoStart> for Trouble {
    fn from(no_start: NoStart) -> Self {
        match no_start {
            NoStart::Another(error) => Self::Contract(error),
            NoStart::Bus(error) => Self::Bus(error),
        }
    }
}

/// The end of a program: says what was wrong, and gives the exit code for it.
#[must_use]
pub fn end(outcome: Result<(), Trouble>) -> ExitCode {
    let (error, code) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Trouble::Contract(error)) => (error, 1),
        Err(Trouble::Settings(error)) => (error, 2),
        Err(Trouble::Bus(error)) => (error, 3),
    };
    tracing::error!("{error:#}");
    ExitCode::from(code)
}

/// A time on the command line: `10s`, or `10`.
///
/// # Errors
/// When it is none.
pub fn seconds(text: &str) -> anyhow::Result<Duration> {
    let number: f64 = text.trim_end_matches('s').parse().context("write seconds, such as 10s")?;
    Duration::try_from_secs_f64(number).context("write seconds, such as 10s")
}

/// A bus, as a program finds it.
#[derive(Debug, Clone, Copy)]
pub struct BusVariable {
    /// Its name in the registry.
    pub bus: &'static str,
    /// The variable that holds its URL.
    pub name: &'static str,
    /// Its URL when the variable is not set.
    pub default: &'static str,
}

/// A config variable: its name, what it is for, and its default.
pub type ConfigVariable = (&'static str, &'static str, Option<&'static str>);

/// What `--help` says of the environment, of examples (each a line) and of exit codes.
#[must_use]
pub fn help(buses: &[BusVariable], variables: impl Iterator<Item = ConfigVariable>, examples: &[&str]) -> String {
    let mut text = String::from("Environment:\n");
    for BusVariable { bus, name, default } in buses {
        let _ = writeln!(text, "  {name}  URL of the bus {bus} [default: {default}]");
    }
    for (name, about, default) in variables {
        let default = default.map_or_else(String::new, |default| format!(" [default: {default}]"));
        let _ = writeln!(text, "  {name}  {about}{default}");
    }
    text.push_str(
        "  RUST_LOG  how much is logged: error, warn, info, debug [default: info]\n\
         Instead of NAME, NAME_FILE may name a file that holds the value, as secrets are mounted.\n\n",
    );
    if !examples.is_empty() {
        let _ = writeln!(text, "Examples:\n  {}\n", examples.join("\n  "));
    }
    text.push_str(
        "Exit codes: 0 stopped as told; 1 another contract is live (--contract strict); 2 settings that cannot be used; 3 a bus \
         cannot be reached at the start, or refuses",
    );
    text
}
