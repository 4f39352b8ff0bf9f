//! Which underlyings are followed: configured names in, each once. Knows neither prices nor HTTP.

use anyhow::{Context as _, bail};

use crate::wiring::params::{Symbol, Underlying};

/// One followed underlying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Its name, at the provider and in the names of keys: `I:SPX`.
    pub name: Underlying,
    /// The symbols under which the spot worker may publish its price, the likelier first: `SPX`, `I:SPX`.
    pub symbols: Vec<Symbol>,
}

/// The underlyings of a configured list. Repetitions and white space are forgiven.
///
/// # Errors
/// If a name is none, or the list is empty.
pub fn followed(names: &[String]) -> anyhow::Result<Vec<Followed>> {
    let mut list: Vec<Followed> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let underlying = Underlying::new(name)
            .map_err(|invalid| anyhow::anyhow!("{invalid}"))
            .with_context(|| format!("{name:?} is no underlying: write I:SPX or SPY, separated by commas"))?;
        if list.iter().all(|known| known.name != underlying) {
            let bare = name.strip_prefix("I:");
            let symbols = bare.into_iter().chain([name]).filter_map(|symbol| Symbol::new(symbol).ok()).collect();
            list.push(Followed { name: underlying, symbols });
        }
    }
    if list.is_empty() {
        bail!("no underlyings to follow: set MASSIVE_CHAIN_SYMBOLS");
    }
    Ok(list)
}
