//! Amounts as people write them: round times, and room for more of what was counted.

use std::time::Duration;

use crate::registry::format_duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Times in seconds that people give to keys, in order.
const ROUND: [u64; 54] = [
    1,
    2,
    3,
    5,
    10,
    15,
    20,
    30,
    45,
    MINUTE,
    90,
    2 * MINUTE,
    3 * MINUTE,
    4 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    45 * MINUTE,
    HOUR,
    90 * MINUTE,
    2 * HOUR,
    3 * HOUR,
    4 * HOUR,
    5 * HOUR,
    6 * HOUR,
    8 * HOUR,
    10 * HOUR,
    12 * HOUR,
    18 * HOUR,
    DAY,
    36 * HOUR,
    2 * DAY,
    3 * DAY,
    4 * DAY,
    5 * DAY,
    6 * DAY,
    7 * DAY,
    8 * DAY,
    10 * DAY,
    14 * DAY,
    15 * DAY,
    21 * DAY,
    28 * DAY,
    30 * DAY,
    31 * DAY,
    45 * DAY,
    60 * DAY,
    90 * DAY,
    100 * DAY,
    180 * DAY,
    365 * DAY,
    366 * DAY,
];

/// The round time at or above so many milliseconds, and how much of it is over, in thousandths.
pub(super) fn round_above(left_ms: u64) -> (Duration, u64) {
    let seconds = left_ms.div_ceil(1000);
    let round = ROUND.iter().copied().find(|round| *round >= seconds).unwrap_or(seconds.div_ceil(DAY) * DAY);
    let over = round.saturating_mul(1000) - left_ms;
    (Duration::from_secs(round), over.checked_div(round).unwrap_or(0))
}

/// The round time at or below so many milliseconds; a second where that is none.
pub(super) fn round_below(ms: u64) -> Duration {
    let days = Duration::from_secs(ms / 1000 / DAY * DAY);
    let known = ROUND.iter().copied().rfind(|round| *round <= ms / 1000);
    days.max(Duration::from_secs(known.unwrap_or(1)))
}

/// What may have been given to keys of which this is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MayBeGiven {
    /// Hardly anything else.
    This(Duration),
    /// No more than this.
    UpTo(Duration),
}

/// What writes gave, by what is left of it for so many keys: the least and the most. A key is looked at when any share of
/// its time is over, so that most of what is left comes near to what was given only if there are many keys. The bound is one
/// that nine of ten looks do not miss: a tenth of the time, or less, is left of all n keys in one of 10^n looks.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate, rounded up"
)]
pub(super) fn may_be_given(keys: u64, least_ms: u64, most_ms: u64) -> MayBeGiven {
    // Keys with about as much left were written together: they are one look.
    let looks = if least_ms > most_ms / 2 { 1 } else { keys.max(1) };
    let (round, over) = round_above(most_ms);
    let passed = u64::try_from(round.as_millis()).unwrap_or(u64::MAX) - most_ms;
    let tolerated = if looks >= 3 { NEAR } else { NEAR / 3 };
    if over <= tolerated || passed <= MOMENT_MS {
        return MayBeGiven::This(round);
    }
    let room = 10_f64.powf(1.0 / looks as f64);
    MayBeGiven::UpTo(round_above((most_ms as f64 * room).ceil() as u64).0)
}

/// How much of a round time may be over, in thousandths, for it to be the one that was given.
const NEAR: u64 = 30;
/// How much may be over of any time, in milliseconds: what passes until somebody looks.
const MOMENT_MS: u64 = 2000;

/// A time in the registry's words.
pub(super) fn time(ms: u64) -> String {
    format_duration(Duration::from_millis(ms))
}

/// A round number with room for twice as many.
pub(super) fn room_for(count: u64) -> u64 {
    let wanted = count.max(1).saturating_mul(2);
    let mut scale = 1_u64;
    loop {
        if let Some(round) = [1, 2, 5].iter().map(|step| scale.saturating_mul(*step)).find(|round| *round >= wanted) {
            return round.max(10);
        }
        scale = scale.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up() {
        let above = |ms| format_duration(round_above(ms).0);
        let times = [0, 8_000, 200_000, 299_650, 300_000, 300_001, 400 * DAY * 1000].map(above);
        assert_eq!(times, ["1s", "10s", "4m", "5m", "5m", "10m", "400d"]);
        let below = |ms| format_duration(round_below(ms));
        assert_eq!(
            [0, 999, 1999, 299_999, 300_000, 500 * DAY * 1000].map(below),
            ["1s", "1s", "1s", "4m", "5m", "500d"]
        );
    }

    #[test]
    fn what_was_given_has_more_room_the_less_was_seen() {
        let given = |keys, least, most| match may_be_given(keys, least, most) {
            MayBeGiven::This(time) => format_duration(time),
            MayBeGiven::UpTo(time) => format!("..{}", format_duration(time)),
        };
        // Just written, or many of which the youngest was.
        assert_eq!(given(1, 299_650, 299_650), "5m");
        assert_eq!(given(1, 8_500, 8_500), "10s");
        assert_eq!(given(40, 3_000, 293_000), "5m");
        // What is left of one says little, and that of many written at once says no more.
        assert_eq!(given(1, 293_000, 293_000), "..1h");
        assert_eq!(given(500, 240_000, 250_000), "..45m");
        assert_eq!(given(4, 20_000, 170_000), "..10m");
        assert_eq!(given(1000, 1_000, 170_000), "..3m");
        assert_eq!(given(1, 0, 0), "1s");
        let _ = given(1, u64::MAX, u64::MAX);
        let _ = given(u64::MAX, 0, u64::MAX);
    }

    #[test]
    fn there_is_room_for_more() {
        assert_eq!([1, 3, 5, 6, 1204].map(room_for), [10, 10, 10, 20, 5000]);
        assert!(room_for(u64::MAX) > 0);
    }
}
