//! What becomes of prices on their way to the bus: none is written twice, none vanishes uncounted.

use proptest::prelude::*;
use spot_worker::outbox::Outbox;
use spot_worker::unify::Price;

fn price(symbol: &str, value: u32) -> Price {
    Price { value: f64::from(value), ..super::price(symbol) }
}

#[test]
fn what_stands_still_is_not_written_again_unless_the_bus_forgot_it() {
    let mut outbox = Outbox::default();
    outbox.take([price("SPX", 1), price("NDX", 7)]);
    assert_eq!(outbox.fresh().count(), 2);
    outbox.confirmed();
    outbox.take([price("SPX", 1), price("NDX", 8)]);
    assert_eq!(outbox.fresh().map(|price| price.symbol.as_str()).collect::<Vec<_>>(), ["NDX"]);
    outbox.confirmed();
    outbox.forget_written();
    outbox.take([price("SPX", 1)]);
    assert_eq!(outbox.fresh().count(), 1);
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Confirmed,
    Refused,
    Uncertain,
}

proptest! {
    /// Each price that the provider brought anew was sent as a whole once, or is counted as lost, or waits.
    #[test]
    fn no_price_vanishes_uncounted(
        ticks in proptest::collection::vec(
            (proptest::collection::vec((0..3_usize, 0..3_u32), 0..4),
             prop_oneof![Just(Answer::Confirmed), Just(Answer::Refused), Just(Answer::Uncertain)]), 1..40)
    ) {
        let mut outbox = Outbox::default();
        let (mut published, mut lost, mut brought) = (0, 0, 0);
        let mut last = [None; 3];
        for (number, (prices, answer)) in ticks.into_iter().enumerate() {
            for (symbol, step) in prices {
                // Values of earlier ticks never come back, so that a change is a change.
                let value = u32::try_from(number).unwrap() * 10 + step;
                outbox.take([price(["SPX", "NDX", "VIX"][symbol], value)]);
                brought += i64::from(last[symbol].replace(value) != Some(value));
            }
            match answer {
                Answer::Confirmed => {
                    published += i64::try_from(outbox.fresh().count()).unwrap();
                    lost += outbox.lost();
                    outbox.confirmed();
                    prop_assert_eq!(outbox.fresh().count() + outbox.repeated().count(), 0);
                }
                Answer::Refused => outbox.failed(false),
                Answer::Uncertain => outbox.failed(true),
            }
            prop_assert!(outbox.fresh().count() + outbox.repeated().count() <= 3);
        }
        let waiting = i64::try_from(outbox.fresh().count()).unwrap();
        prop_assert_eq!(published + lost + outbox.lost() + waiting, brought);
    }
}
