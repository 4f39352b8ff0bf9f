//! Which contract is live: the fingerprint of the registry that this worker was generated from, beside the one that the
//! worker before it left on the bus. The registry declares the key like any other.

use anyhow::{Context as _, anyhow};
use chassis::bus::Bus;

use crate::wiring::{Batch, CONTRACT_FINGERPRINT, Config, readers};

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

/// Compares, then publishes the worker's own fingerprint.
///
/// # Errors
/// When the contracts differ and the policy is strict: nothing is written then. Also when the bus refuses.
pub async fn agree(bus: &mut Bus, config: &Config, policy: Policy) -> Result<(), NoStart> {
    let live = readers::contract_fingerprint_get(bus).await.context("cannot read which contract is live");
    match live.map_err(NoStart::Bus)? {
        Some(live) if live != CONTRACT_FINGERPRINT => {
            if policy == Policy::Strict {
                return Err(NoStart::Another(anyhow!(
                    "the contract on the bus is {live:?}, this worker was generated from {CONTRACT_FINGERPRINT:?}: tell the \
                     consumers, then start once with `--contract warn`"
                )));
            }
            tracing::warn!(%live, own = CONTRACT_FINGERPRINT, "the contract has changed since the last start");
        }
        Some(_) => return Ok(()),
        None => tracing::info!(own = CONTRACT_FINGERPRINT, "the first contract on this bus"),
    }
    let mut batch = Batch::new(config);
    batch.contract_fingerprint_set(CONTRACT_FINGERPRINT);
    batch.execute(bus).await.context("cannot publish the contract").map_err(NoStart::Bus)?;
    Ok(())
}
