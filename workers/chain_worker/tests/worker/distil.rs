//! Rows as the vendor sends them, sound and odd, and contracts as they are published.

use chain_worker::distil::{Odd, Spot, distil, spot};
use chain_worker::shape::shape;
use chain_worker::wiring::payloads::{Contract, ContractType};
use chain_worker::wiring::support::Payload as _;
use jiff::civil::{Date, date};
use massive_client::provider::chain::ContractRow;
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: Date = date(2026, 1, 30);

fn row(change: impl FnOnce(&mut Value)) -> ContractRow {
    let mut row = json!({
        "details": {"ticker": "O:SPXW260130C06000000", "contract_type": "call", "expiration_date": "2026-01-30", "strike_price": 6000},
        "day": {"close": 12.5, "volume": 7}, "open_interest": 3, "implied_volatility": 0.2,
        "greeks": {"delta": 0.5, "gamma": 0.01, "theta": -1, "vega": 2},
        "last_quote": {"bid": 12, "ask": 13, "last_updated": 1_769_783_400_123_456_789_i64},
        "last_trade": {"price": 12.5}, "underlying_asset": {"ticker": "I:SPX", "value": 6001.5, "last_updated": 1_769_783_400_000_000_000_i64},
    });
    change(&mut row);
    serde_json::from_value(row).unwrap()
}

#[test]
fn a_row_becomes_a_contract_and_keeps_what_it_says() {
    let contract = distil(&row(|_| {}), DAY).unwrap();
    let expected = json!({
        "ticker": "O:SPXW260130C06000000", "type": "call", "strike": 6000.0, "bid": 12.0, "ask": 13.0, "last": 12.5,
        "quote_ts_ms": 1_769_783_400_123_i64, "iv": 0.2, "delta": 0.5, "gamma": 0.01, "theta": -1.0, "vega": 2.0,
        "open_interest": 3.0, "volume": 7.0,
    });
    assert_eq!(serde_json::to_value(&contract).unwrap(), expected);
    assert_eq!(spot(&row(|_| {})), Some(Spot { value: 6001.5, at_ms: Some(1_769_783_400_000) }));
}

#[test]
fn what_is_missing_stays_away() {
    let bare = row(|row| {
        for name in
            ["day", "greeks", "implied_volatility", "last_quote", "last_trade", "open_interest", "underlying_asset"]
        {
            row[name] = Value::Null;
        }
    });
    let contract = distil(&bare, DAY).unwrap();
    let names: Vec<String> = serde_json::to_value(&contract).unwrap().as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["ticker", "type", "strike"]);
    assert_eq!(spot(&bare), None);
    let odd = row(|row| row["last_quote"] = json!({"bid": -1, "ask": "none", "last_updated": 0}));
    let contract = distil(&odd, DAY).unwrap();
    assert_eq!((contract.bid, contract.ask, contract.quote_ts_ms), (None, None, None));
}

#[test]
fn rows_that_are_no_contracts_are_told_apart() {
    let refused = |change: fn(&mut Value)| distil(&row(change), DAY).unwrap_err();
    assert_eq!(refused(|row| row["details"] = Value::Null), Odd::NoTicker);
    assert_eq!(refused(|row| row["details"]["ticker"] = json!("O:")), Odd::NoTicker);
    assert_eq!(refused(|row| row["details"]["contract_type"] = json!("other")), Odd::NeitherCallNorPut);
    assert_eq!(refused(|row| row["details"]["strike_price"] = json!(0)), Odd::NoStrike);
    assert_eq!(refused(|row| row["details"]["expiration_date"] = json!("2026-02-06")), Odd::OtherExpiration);
    assert_eq!(refused(|row| row["details"]["expiration_date"] = Value::Null), Odd::OtherExpiration);
}

#[test]
fn of_two_prices_the_newer_counts() {
    let price = |value, at_ms| Some(Spot { value, at_ms });
    assert_eq!(Spot::newer(price(1.0, Some(5)), price(2.0, Some(6))), price(2.0, Some(6)));
    assert_eq!(Spot::newer(price(1.0, Some(6)), price(2.0, Some(5))), price(1.0, Some(6)));
    assert_eq!(Spot::newer(price(1.0, Some(6)), price(2.0, None)), price(1.0, Some(6)));
    assert_eq!(Spot::newer(None, price(2.0, None)), price(2.0, None));
}

fn contract((ticker, strike, put): (u8, u16, bool)) -> Contract {
    let mut contract = distil(&row(|_| {}), DAY).unwrap();
    contract.ticker = format!("O:SPX{ticker}");
    contract.strike = f64::from(strike) / 4.0 + 0.25;
    contract.r#type = if put { ContractType::Put } else { ContractType::Call };
    contract
}

/// Any JSON of the size of a row's part.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[O:A-Z0-9-]{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ]
}

proptest! {
    #[test]
    fn shaped_contracts_are_in_order_once_and_around_the_money(
        seeds in proptest::collection::vec((any::<u8>(), any::<u16>(), any::<bool>()), 0..60),
        spot in proptest::option::of(0.0..20_000.0_f64),
        range in 0_u64..3000,
    ) {
        let contracts: Vec<Contract> = seeds.into_iter().map(contract).collect();
        let shaped = shape(contracts.clone(), spot, range);
        for pair in shaped.contracts.windows(2) {
            prop_assert!(pair[0].strike <= pair[1].strike);
            prop_assert!(pair[0].ticker != pair[1].ticker);
        }
        prop_assert_eq!(shaped.atm.is_some(), spot.is_some() && !contracts.is_empty());
        if let (Some(atm), Some(spot)) = (shaped.atm, spot) {
            let first = |ticker: &str| contracts.iter().find(|contract| contract.ticker == ticker).unwrap().strike;
            let nearest = contracts.iter().map(|contract| (first(&contract.ticker) - spot).abs()).fold(f64::MAX, f64::min);
            prop_assert!((atm - spot).abs() <= nearest);
            #[allow(clippy::cast_precision_loss)]
            let within = |contract: &Contract| range == 0 || (contract.strike - atm).abs() <= range as f64;
            prop_assert!(shaped.contracts.iter().all(within));
            let kept = contracts.iter().filter(|other| first(&other.ticker) == other.strike && within(other));
            let tickers: std::collections::BTreeSet<&str> = kept.map(|contract| contract.ticker.as_str()).collect();
            prop_assert_eq!(tickers.len(), shaped.contracts.len());
        }
        // Shaping what is shaped changes nothing.
        let again = shape(shaped.contracts.clone(), spot, range);
        prop_assert_eq!(again.contracts, shaped.contracts);
    }

    #[test]
    fn whatever_a_row_holds_the_contract_keeps_its_contract(
        parts in proptest::collection::vec((0_usize..22, anything()), 0..6),
    ) {
        const PLACES: [&str; 22] = [
            "/details", "/details/ticker", "/details/contract_type", "/details/strike_price", "/details/expiration_date",
            "/day", "/day/volume", "/open_interest", "/implied_volatility", "/greeks", "/greeks/delta", "/greeks/gamma",
            "/greeks/theta", "/greeks/vega", "/last_quote", "/last_quote/bid", "/last_quote/ask", "/last_quote/last_updated",
            "/last_trade", "/last_trade/price", "/underlying_asset", "/underlying_asset/value",
        ];
        let row = row(|row| for (place, value) in parts {
            if let Some(slot) = row.pointer_mut(PLACES[place]) {
                *slot = value;
            }
        });
        if let Ok(contract) = distil(&row, DAY) {
            prop_assert!(contract.validate().is_ok(), "{contract:?}");
        }
        prop_assert!(spot(&row).is_none_or(|spot| spot.value > 0.0));
    }
}
