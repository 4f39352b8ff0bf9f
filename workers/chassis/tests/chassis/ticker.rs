//! Slots on time, under paused time: nothing here waits for a real clock.

use std::time::Duration;

use chassis::ticker::{Schedule, Slot, Ticker};
use proptest::prelude::*;
use tokio::sync::watch;
use tokio::time::{Instant, advance};

const PERIOD: Duration = Duration::from_secs(1);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[tokio::test(start_paused = true)]
async fn slots_keep_their_times_whatever_the_work_takes() {
    let (_keep, stop) = watch::channel(false);
    let mut ticker = Ticker::new(PERIOD, stop).unwrap();
    let start = Instant::now();
    let mut times = Vec::new();
    // In turn: short, none, exactly one period, a little more, three and a half periods.
    for work in [300, 0, 1000, 1001, 3500, 999] {
        let slot = ticker.next().await.unwrap();
        times.push((slot.number, start.elapsed().as_millis(), slot.skipped));
        advance(millis(work)).await;
    }
    assert_eq!(times, [(0, 0, 0), (1, 1000, 0), (2, 2000, 0), (3, 3000, 0), (5, 5000, 1), (9, 9000, 3)]);
    assert_eq!(ticker.skipped(), 4);
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_once_while_waiting() {
    let (stopper, stop) = watch::channel(false);
    let mut ticker = Ticker::new(Duration::from_secs(3600), stop).unwrap();
    ticker.next().await.unwrap();
    let start = Instant::now();
    let (slot, ()) = tokio::join!(ticker.next(), async {
        advance(millis(10)).await;
        stopper.send(true).unwrap();
    });
    assert_eq!(slot, None);
    assert_eq!(start.elapsed(), millis(10));
    assert_eq!(ticker.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn stopped_before_or_during_work_no_slot_follows_even_if_due() {
    let (stopper, stop) = watch::channel(false);
    let mut ticker = Ticker::new(PERIOD, stop).unwrap();
    ticker.next().await.unwrap();
    advance(PERIOD).await;
    stopper.send(true).unwrap();
    assert_eq!(ticker.next().await, None);

    let (gone, stop) = watch::channel(false);
    drop(gone);
    assert_eq!(Ticker::new(PERIOD, stop).unwrap().next().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_wait_counts_nothing() {
    let (_keep, stop) = watch::channel(false);
    let mut ticker = Ticker::new(PERIOD, stop).unwrap();
    ticker.next().await.unwrap();
    advance(millis(2500)).await;
    for _ in 0..3 {
        assert!(tokio::time::timeout(millis(100), ticker.next()).await.is_err());
    }
    assert_eq!(ticker.skipped(), 0);
    assert_eq!(ticker.next().await.unwrap().number, 3);
    assert_eq!(ticker.skipped(), 2);
}

#[test]
fn a_period_of_nothing_is_refused() {
    assert!(Schedule::new(Duration::ZERO).is_err());
    assert!(Schedule::new(Duration::from_micros(999)).is_err());
}

proptest! {
    #[test]
    fn the_next_slot_is_the_first_that_is_neither_used_nor_past(
        period in 1_u64..100_000,
        last in proptest::option::of(0_u64..1_000_000),
        elapsed in 0_u64..10_000_000_000,
    ) {
        let Slot { number, due, skipped } = Schedule::new(millis(period)).unwrap().next(last, millis(elapsed));
        let following = last.map_or(0, |last| last + 1);
        prop_assert!(number >= following);
        prop_assert_eq!(due, millis(number * period));
        prop_assert!(due >= millis(elapsed));
        prop_assert_eq!(skipped, number - following);
        // None that would do lies before it.
        prop_assert!(number == following || (number - 1) * period < elapsed);
    }

    #[test]
    fn no_input_panics(period in 1_u64.., last in proptest::option::of(any::<u64>()), elapsed in any::<u64>()) {
        let schedule = Schedule::new(Duration::from_millis(period)).unwrap();
        for elapsed in [Duration::from_nanos(elapsed), Duration::MAX] {
            let slot = schedule.next(last, elapsed);
            prop_assert!(slot.number >= slot.skipped);
        }
    }
}
