//! Words of commands that need care: decimal numbers, times to live, bounds of scores, ranks. Values in, words out.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redis::{RedisWrite, ToRedisArgs};

use super::values::Invalid;

/// The largest whole number below which all whole numbers have a float of their own.
const WHOLE: f64 = 9_007_199_254_740_992.0;

fn invalid(at: &str, reason: impl Into<String>) -> Invalid {
    Invalid { at: at.into(), reason: reason.into() }
}

/// A finite decimal number; whole ones are written without a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl Decimal {
    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl ToRedisArgs for Decimal {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        if self.0.fract() == 0.0 && self.0.abs() < WHOLE {
            (self.0 as i64).write_redis_args(out);
        } else {
            self.0.write_redis_args(out);
        }
    }
}

/// A number that a server takes.
///
/// # Errors
/// When it is infinite or not a number.
pub fn finite(at: &str, number: f64) -> Result<Decimal, Invalid> {
    if number.is_finite() { Ok(Decimal(number)) } else { Err(invalid(at, format!("must be finite, not {number}"))) }
}

/// Date and time as RFC 3339 has them, with offset.
///
/// # Errors
/// When the text is something else.
pub fn date_time<'a>(at: &str, text: &'a str) -> Result<&'a str, Invalid> {
    if is_date_time(text.as_bytes()) {
        Ok(text)
    } else {
        Err(invalid(at, "must be a date and time of RFC 3339, such as 2026-01-31T12:00:00Z"))
    }
}

fn is_date_time(text: &[u8]) -> bool {
    let two = |from: usize, most: u8| {
        text.get(from..from + 2).is_some_and(|digits| {
            digits.iter().all(u8::is_ascii_digit) && (digits[0] - b'0') * 10 + (digits[1] - b'0') <= most
        })
    };
    let is = |at: usize, allowed: &[u8]| text.get(at).is_some_and(|byte| allowed.contains(byte));
    let date = two(0, 99) && two(2, 99) && is(4, b"-") && two(5, 12) && is(7, b"-") && two(8, 31);
    let time = is(10, b"Tt ") && two(11, 23) && is(13, b":") && two(14, 59) && is(16, b":") && two(17, 60);
    if !(date && time) || &text[5..7] == b"00" || &text[8..10] == b"00" {
        return false;
    }
    let mut at = 19;
    if is(at, b".") {
        let digits = text[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        at += 1 + digits;
    }
    let zulu = is(at, b"Zz") && text.len() == at + 1;
    zulu || (is(at, b"+-") && two(at + 1, 23) && is(at + 3, b":") && two(at + 4, 59) && text.len() == at + 6)
}

/// A time to live: at least a millisecond, fractions of one rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    millis: u64,
}

impl Expiry {
    /// The time to live of a retention.
    #[must_use]
    pub fn of(time: Duration) -> Self {
        let millis = time.as_nanos().div_ceil(1_000_000).max(1);
        Self { millis: u64::try_from(millis).unwrap_or(u64::MAX) }
    }

    /// A time to live that a caller names.
    ///
    /// # Errors
    /// When it is zero: the server would refuse it, or delete the key.
    pub fn checked(at: &str, time: Duration) -> Result<Self, Invalid> {
        if time.is_zero() {
            Err(invalid(at, "must be longer than zero: it is a time to live"))
        } else {
            Ok(Self::of(time))
        }
    }

    /// A time to live that a caller names within a range.
    ///
    /// # Errors
    /// When it is outside.
    pub fn within(at: &str, time: Duration, min: Duration, max: Duration) -> Result<Self, Invalid> {
        if (min..=max).contains(&time) {
            Self::checked(at, time)
        } else {
            Err(invalid(at, format!("must be between {min:?} and {max:?}, not {time:?}")))
        }
    }

    /// The option of SET: EX, or PX when it is not whole seconds.
    #[must_use]
    pub fn option(self) -> &'static str {
        if self.millis.is_multiple_of(1000) { "EX" } else { "PX" }
    }

    /// The number behind that option.
    #[must_use]
    pub fn amount(self) -> u64 {
        if self.millis.is_multiple_of(1000) { self.millis / 1000 } else { self.millis }
    }

    /// Seconds, rounded up.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.millis.div_ceil(1000)
    }

    /// Milliseconds.
    #[must_use]
    pub fn millis(self) -> u64 {
        self.millis
    }
}

/// A bound of scores. A float or an integer is inclusive; infinities are allowed, what is not a number the server
/// refuses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScoreBound {
    /// This score and what is beyond.
    Including(f64),
    /// What is beyond this score.
    Excluding(f64),
    /// This whole score and what is beyond.
    IncludingWhole(i64),
    /// What is beyond this whole score.
    ExcludingWhole(i64),
}

impl ScoreBound {
    /// The same bound without the score itself.
    #[must_use]
    pub fn excluding(score: impl Into<Self>) -> Self {
        match score.into() {
            Self::Including(score) | Self::Excluding(score) => Self::Excluding(score),
            Self::IncludingWhole(score) | Self::ExcludingWhole(score) => Self::ExcludingWhole(score),
        }
    }
}

impl From<f64> for ScoreBound {
    fn from(score: f64) -> Self {
        Self::Including(score)
    }
}

impl From<i64> for ScoreBound {
    fn from(score: i64) -> Self {
        Self::IncludingWhole(score)
    }
}

impl ToRedisArgs for ScoreBound {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        match self {
            Self::Including(score) => out.write_arg_fmt(score),
            Self::Excluding(score) => out.write_arg_fmt(format_args!("({score}")),
            Self::IncludingWhole(score) => score.write_redis_args(out),
            Self::ExcludingWhole(score) => out.write_arg_fmt(format_args!("({score}")),
        }
    }
}

/// Milliseconds, as scores and identifiers count them.
#[must_use]
pub fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Microseconds, as scores count them.
#[must_use]
pub fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Nanoseconds, as scores count them.
#[must_use]
pub fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

/// The milliseconds since 1970 of so long ago: the identifier before which entries of a stream are older.
#[must_use]
pub fn millis_ago(age: Duration) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    millis(now.saturating_sub(age))
}

/// The highest rank that goes when so many members stay.
#[must_use]
pub fn rank_above(stay: u64) -> i64 {
    first_index(stay).saturating_sub(1)
}

/// The last index when the first so many elements stay.
#[must_use]
pub fn last_index(stay: u64) -> i64 {
    i64::try_from(stay).unwrap_or(i64::MAX).saturating_sub(1)
}

/// The first index when the last so many elements stay.
#[must_use]
pub fn first_index(stay: u64) -> i64 {
    i64::try_from(stay).unwrap_or(i64::MAX).saturating_neg()
}

/// Seconds, whole or fractional, as a contract has times.
///
/// # Errors
/// When they are negative or too many.
pub fn seconds(at: &str, number: f64) -> Result<Duration, Invalid> {
    Duration::try_from_secs_f64(number).map_err(|e| invalid(at, format!("must be a time in seconds: {e}")))
}

/// A param's value in a contract's JSON: as it stands in the name, or as the number that it is.
///
/// # Errors
/// When the name of a key cannot hold it.
pub fn param_value<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr<Err = Invalid>,
{
    let text = match <serde_json::Value as serde::Deserialize>::deserialize(from)? {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(value: impl ToRedisArgs) -> String {
        value.to_redis_args().into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn numbers_are_written_as_servers_read_them() {
        let decimal = |number| word(finite("x", number).unwrap());
        assert_eq!(decimal(1_735_689_600.0), "1735689600");
        assert_eq!(decimal(0.25), "0.25");
        assert!(decimal(1e300).parse::<f64>().is_ok_and(|number| number == 1e300));
        assert!(finite("x", f64::NAN).is_err() && finite("x", f64::INFINITY).is_err());
        assert_eq!(word(ScoreBound::from(f64::NEG_INFINITY)), "-inf");
        assert_eq!(word(ScoreBound::excluding(12_i64)), "(12");
        assert_eq!(word(ScoreBound::excluding(0.5)), "(0.5");
    }

    #[test]
    fn times_to_live_are_never_cut_short() {
        let whole = Expiry::of(Duration::from_secs(300));
        assert_eq!((whole.option(), whole.amount()), ("EX", 300));
        let fraction = Expiry::of(Duration::from_micros(1_500_001));
        assert_eq!((fraction.option(), fraction.amount(), fraction.seconds()), ("PX", 1501, 2));
        assert!(Expiry::checked("ttl", Duration::ZERO).is_err());
        let (min, max) = (Duration::from_secs(60), Duration::from_secs(120));
        assert!(Expiry::within("ttl", max, min, max).is_ok());
        assert!(Expiry::within("ttl", Duration::from_secs(121), min, max).is_err());
    }

    #[test]
    fn bounds_count_from_the_right_end() {
        assert_eq!((rank_above(300), last_index(300), first_index(300)), (-301, 299, -300));
        assert_eq!(rank_above(u64::MAX), i64::MIN + 1 - 1);
    }

    #[test]
    fn only_rfc_3339_is_a_date_and_time() {
        for text in ["2026-01-31T12:00:00Z", "2026-01-31t23:59:60.123456789+05:30"] {
            assert!(date_time("ts", text).is_ok(), "{text}");
        }
        for text in [
            "2026-01-31",
            "2026-13-01T00:00:00Z",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00.Z",
            "2026-00-01T00:00:00Z",
        ] {
            assert!(date_time("ts", text).is_err(), "{text}");
        }
    }
}
