//! Configured names to tickers and back.

use spot_worker::symbols::Watchlist;
use spot_worker::unify::InstrumentType;

use super::tickers;

fn list(indices: &[&str], stocks: &[&str]) -> anyhow::Result<Watchlist> {
    Watchlist::new(&tickers(indices), &tickers(stocks))
}

#[test]
fn indices_are_asked_for_with_their_prefix_and_published_as_configured() {
    let list = list(&["SPX", "I:NDX", " VIX ", "SPX", ""], &["SPY", "BRK.B"]).unwrap();
    assert_eq!(list.tickers(), ["I:SPX", "I:NDX", "I:VIX", "SPY", "BRK.B"]);
    let found = |ticker| list.find(ticker).map(|symbol| (symbol.name.as_str(), symbol.kind));
    assert_eq!(found("I:SPX"), Some(("SPX", InstrumentType::Index)));
    assert_eq!(found("SPX"), Some(("SPX", InstrumentType::Index)));
    assert_eq!(found("I:NDX"), Some(("I:NDX", InstrumentType::Index)));
    assert_eq!(found("BRK.B"), Some(("BRK.B", InstrumentType::Stock)));
    assert_eq!(found("spy"), None);
    assert_eq!(found("I:SPY"), None);
}

#[test]
fn lists_that_would_mix_up_prices_are_refused() {
    for (indices, stocks) in [
        (vec!["SPX"], vec!["SPX"]),
        (vec!["SPX", "I:SPX"], vec![]),
        (vec!["SPX"], vec!["I:SPX"]),
        (vec!["A,B"], vec![]),
        (vec![], vec!["A B"]),
        (vec![], vec!["ÄB"]),
        (vec![], vec![" "]),
    ] {
        let error = list(&indices, &stocks).unwrap_err().to_string();
        assert!(!error.is_empty(), "{indices:?} {stocks:?}");
    }
}
