//! The law of geometry: what changes it, what does not, and what the bus is told.

use std::collections::BTreeMap;

use chain_worker::distil::distil;
use chain_worker::geometry::{Geometry, Sight, Strikes};
use chain_worker::shape::shape;
use chain_worker::wiring::payloads::Contract;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use massive_client::provider::chain::ContractRow;
use proptest::prelude::*;
use serde_json::json;

const DAY: Date = date(2026, 1, 30);

fn contracts(day: Date, strikes: &[u16]) -> Vec<Contract> {
    let contract = |strike: &u16| {
        let row: ContractRow = serde_json::from_value(json!({"details": {
            "ticker": format!("O:{day}:{strike}"), "contract_type": "put", "expiration_date": day.to_string(), "strike_price": strike + 1,
        }})).unwrap();
        distil(&row, day).unwrap()
    };
    shape(strikes.iter().map(contract).collect(), None, 0).contracts
}

fn sight(day: Date, strikes: &[u16], partial: bool) -> (Date, Sight) {
    (day, Sight { strikes: Strikes::of(&contracts(day, strikes)), partial })
}

fn untold(geometry: &Geometry) -> Vec<&str> {
    geometry.untold().collect()
}

#[test]
fn what_is_seen_again_is_no_change_and_what_is_partial_or_empty_neither() {
    let mut geometry = Geometry::default();
    geometry.see("SPY", &[DAY], BTreeMap::from([sight(DAY, &[], false)]));
    assert!(untold(&geometry).is_empty() && geometry.tickers().is_empty(), "nothing was there, and nothing is");
    geometry.see("SPY", &[DAY], BTreeMap::from([sight(DAY, &[1, 2], true)]));
    assert_eq!(untold(&geometry), ["SPY"], "a part is better than nothing");
    geometry.told();
    for (strikes, partial) in [(&[1, 2][..], false), (&[1], true), (&[1, 2, 3], true), (&[], false), (&[], true)] {
        geometry.see("SPY", &[DAY], BTreeMap::from([sight(DAY, strikes, partial)]));
        assert!(untold(&geometry).is_empty(), "{strikes:?} {partial}");
    }
    geometry.see("SPY", &[DAY], BTreeMap::new());
    assert!(untold(&geometry).is_empty(), "a chain that failed");
    geometry.see("SPY", &[DAY], BTreeMap::from([sight(DAY, &[1, 3], false)]));
    assert_eq!(untold(&geometry), ["SPY"]);
    assert_eq!(geometry.expirations("SPY")[0].strikes, [2.0, 4.0]);
    geometry.told();
    geometry.see("SPY", &[], BTreeMap::new());
    assert_eq!((untold(&geometry), geometry.tickers().len()), (vec!["SPY"], 0), "listed no more");
}

#[test]
fn another_server_is_told_everything() {
    let mut geometry = Geometry::default();
    geometry.see("SPY", &[DAY], BTreeMap::from([sight(DAY, &[1], false)]));
    geometry.see("QQQ", &[DAY], BTreeMap::new());
    geometry.told();
    geometry.forget_told();
    assert_eq!(untold(&geometry), ["SPY"]);
}

proptest! {
    /// Whatever runs see, in whatever order: known is the newest whole and filled sight of each listed expiration, else the
    /// first partial one; and the bus is told exactly when that has changed.
    #[test]
    fn geometry_is_the_newest_whole_sight_of_each_listed_expiration(
        runs in proptest::collection::vec(
            (proptest::collection::btree_set(0_i32..4, 0..4), proptest::collection::btree_map(
                0_i32..4, (proptest::collection::btree_set(0_u16..5, 0..4), any::<bool>()), 0..4)), 0..12),
    ) {
        let mut geometry = Geometry::default();
        let mut model: BTreeMap<Date, Vec<u16>> = BTreeMap::new();
        let at = |days: i32| DAY.checked_add(days.days()).unwrap();
        for (listed, sights) in runs {
            let listed: Vec<Date> = listed.into_iter().map(at).collect();
            let mut after = BTreeMap::new();
            for day in &listed {
                let seen = sights.iter().find(|(number, _)| at(**number) == *day).map(|(_, seen)| seen);
                let taken = match (seen, model.get(day)) {
                    (Some((strikes, partial)), known) if !strikes.is_empty() && (!partial || known.is_none()) =>
                        Some(strikes.iter().copied().collect()),
                    (_, known) => known.cloned(),
                };
                after.extend(taken.map(|strikes| (*day, strikes)));
            }
            let given = sights.iter().map(|(number, (strikes, partial))| {
                sight(at(*number), &strikes.iter().copied().collect::<Vec<_>>(), *partial)
            });
            geometry.see("SPY", &listed, given.collect());
            prop_assert_eq!(geometry.untold().count() == 1, after != model);
            geometry.told();
            model = after;
            let known: Vec<(String, Vec<f64>)> =
                geometry.expirations("SPY").into_iter().map(|of| (of.expiration, of.strikes)).collect();
            let expected: Vec<(String, Vec<f64>)> = model.iter().map(|(day, strikes)| {
                (day.to_string(), strikes.iter().map(|strike| f64::from(*strike) + 1.0).collect())
            }).collect();
            prop_assert_eq!(known, expected);
            prop_assert_eq!(geometry.tickers().len(), model.values().map(Vec::len).sum::<usize>());
        }
    }
}
