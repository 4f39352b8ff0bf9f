//! Which contract is live: the registry declares its key like any other, so that the generated wiring reads and writes it.

use anyhow::Context as _;
use chassis::bus::Bus;
use chassis::contract::{NoStart, Policy, is_to_be_written};

use crate::wiring::{Batch, CONTRACT_FINGERPRINT, Config, readers};

/// Compares the contract on the bus with the worker's own, then publishes its own.
///
/// # Errors
/// When the contracts differ and the policy is strict: nothing is written then. Also when the bus refuses.
pub async fn agree(bus: &mut Bus, config: &Config, policy: Policy) -> Result<(), NoStart> {
    let live = readers::contract_fingerprint_get(bus).await.context("cannot read which contract is live");
    if is_to_be_written(live.map_err(NoStart::Bus)?.as_deref(), CONTRACT_FINGERPRINT, policy)? {
        let mut batch = Batch::new(config);
        batch.contract_fingerprint_set(CONTRACT_FINGERPRINT);
        batch.execute(bus).await.context("cannot publish the contract").map_err(NoStart::Bus)?;
    }
    Ok(())
}
