//! When entries are due: laws.

use std::time::Duration;

use proptest::prelude::*;
use replay_worker::pace::Pace;
use tokio::time::Instant;

const LONGEST: Duration = Duration::from_secs(60);

fn times() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0..100_000i64, 1..30).prop_map(|gaps| {
        let sum = |at: &mut i64, gap| {
            *at += gap;
            Some(*at)
        };
        gaps.into_iter().scan(1_700_000_000_000, sum).collect()
    })
}

proptest! {
    /// Played in time, the pauses are those of the stream, divided by the speed and cut at the longest.
    #[test]
    fn pauses_are_those_of_the_stream(times in times(), speed in prop::sample::select(vec![0.5, 1.0, 10.0, 1000.0])) {
        let mut pace = Pace::new(speed, LONGEST);
        let mut now = Instant::now();
        let mut before: Option<(Instant, i64)> = None;
        for at_ms in times {
            let due = pace.due(at_ms, now);
            if let Some((last, last_ms)) = before {
                let pause = Duration::from_secs_f64(Duration::from_millis((at_ms - last_ms) as u64).as_secs_f64() / speed);
                let expected = pause.min(LONGEST);
                prop_assert!((due - last).abs_diff(expected) < Duration::from_micros(1), "{:?} {expected:?}", due - last);
            }
            before = Some((due, at_ms));
            now = due;
        }
    }

    /// Whatever comes, at whatever speed: nothing is due later than the longest pause from now.
    #[test]
    fn no_pause_is_longer_than_the_longest(times in prop::collection::vec(any::<i64>(), 1..30), speed in any::<f64>(), late in 0..10u64) {
        let mut pace = Pace::new(speed.abs(), LONGEST);
        let mut now = Instant::now();
        for at_ms in times {
            let due = pace.due(at_ms, now);
            prop_assert!(due <= now + LONGEST);
            now = now.max(due) + Duration::from_secs(late);
        }
    }
}

#[test]
fn without_a_speed_there_are_no_pauses() {
    let (mut pace, now) = (Pace::new(0.0, LONGEST), Instant::now());
    assert!([0, 1000, 500, 1_000_000].into_iter().all(|at_ms| pace.due(at_ms, now) <= now));
}
