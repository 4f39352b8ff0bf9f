//! Contracts as they came -> contracts as published: in order, each once, around the money. Pure.

use std::collections::HashSet;

use crate::wiring::payloads::{Contract, ContractType};

/// Contracts in order, and the strike that is nearest to the price of the underlying.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shaped {
    /// By strike, calls before puts.
    pub contracts: Vec<Contract>,
    /// The strike nearest to the price; the lower of two that are as near.
    pub atm: Option<f64>,
}

/// Puts contracts in order. Of a contract that came twice (rows move between pages while they are read) the first is kept;
/// strikes further than `range_points` from the money are left out, none for 0 or while no price is known.
#[must_use]
pub fn shape(mut contracts: Vec<Contract>, spot: Option<f64>, range_points: u64) -> Shaped {
    let mut seen = HashSet::new();
    contracts.retain(|contract| seen.insert(contract.ticker.clone()));
    let rank = |contract: &Contract| u8::from(contract.r#type == ContractType::Put);
    contracts.sort_by(|one, other| {
        let by_strike = one.strike.total_cmp(&other.strike);
        by_strike.then(rank(one).cmp(&rank(other))).then_with(|| one.ticker.cmp(&other.ticker))
    });
    let atm = spot.and_then(|spot| nearest(&contracts, spot));
    if let Some(atm) = atm.filter(|_| range_points > 0) {
        #[allow(clippy::cast_precision_loss, reason = "the registry allows at most a million points")]
        let range = range_points as f64;
        contracts.retain(|contract| (contract.strike - atm).abs() <= range);
        contracts.shrink_to_fit();
    }
    Shaped { contracts, atm }
}

fn nearest(contracts: &[Contract], spot: f64) -> Option<f64> {
    let away = |strike: &f64| (strike - spot).abs();
    contracts.iter().map(|contract| contract.strike).min_by(|one, other| away(one).total_cmp(&away(other)))
}
