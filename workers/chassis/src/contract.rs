//! Which contract is live: the fingerprint that a worker was generated from, beside the one that the worker before it left on
//! the bus. Reading and writing it is the business of the generated wiring; here it is only judged.

use anyhow::anyhow;

/// What to do when the contracts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// Say so, and go on with the new one.
    Warn,
    /// Refuse to start.
    Strict,
}

/// Why a worker does not start.
#[derive(Debug)]
pub enum NoStart {
    /// Another contract is live, and the policy is strict. Only a person can settle that.
    Another(anyhow::Error),
    /// The bus did not answer or refused, which may pass.
    Bus(anyhow::Error),
}

/// Compares the contract on the bus with the worker's own. Is the own one to be written?
///
/// # Errors
/// When they differ and the policy is strict.
pub fn is_to_be_written(live: Option<&str>, own: &str, policy: Policy) -> Result<bool, NoStart> {
    match live {
        Some(live) if live == own => return Ok(false),
        Some(live) if policy == Policy::Strict => {
            return Err(NoStart::Another(anyhow!(
                "the contract on the bus is {live:?}, this worker was generated from {own:?}: tell the consumers, then start \
                 once with `--contract warn`"
            )));
        }
        Some(live) => tracing::warn!(%live, own, "the contract has changed since the last start"),
        None => tracing::info!(own, "the first contract on this bus"),
    }
    Ok(true)
}
