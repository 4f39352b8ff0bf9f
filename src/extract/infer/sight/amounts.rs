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

/// The round time at or above so many milliseconds, and whether they are so near that it may have been given.
pub(super) fn round_above(left_ms: u64) -> (Duration, bool) {
    let seconds = left_ms.div_ceil(1000);
    let Some(round) = ROUND.iter().find(|round| **round >= seconds) else {
        let days = seconds.div_ceil(DAY);
        return (Duration::from_secs(days * DAY), false);
    };
    // What runs out is looked at after a while: a fraction of it, or a few seconds, are gone by then.
    let near = (left_ms / 100).saturating_mul(100) >= round * 970 || round.saturating_mul(1000) - left_ms <= 2000;
    (Duration::from_secs(*round), near)
}

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
        let above = |ms| {
            let (time, near) = round_above(ms);
            (format_duration(time), near)
        };
        assert_eq!(above(299_650), ("5m".into(), true));
        assert_eq!(above(300_000), ("5m".into(), true));
        assert_eq!(above(300_001), ("10m".into(), false));
        assert_eq!(above(200_000), ("4m".into(), false));
        assert_eq!(above(8_000), ("10s".into(), true));
        assert_eq!(above(0), ("1s".into(), true));
        assert_eq!(above(400 * DAY * 1000), ("400d".into(), false));
    }

    #[test]
    fn there_is_room_for_more() {
        assert_eq!([1, 3, 5, 6, 1204].map(room_for), [10, 10, 10, 20, 5000]);
        assert!(room_for(u64::MAX) > 0);
    }
}
