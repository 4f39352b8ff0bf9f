//! Moments: the provider's are nanoseconds since 1970, the pipeline's are RFC 3339 in UTC with milliseconds. Pure.

use jiff::Timestamp;

/// Earlier moments (1 January 2000, in nanoseconds) are zeros, or milliseconds in the place of nanoseconds.
const EARLIEST_NS: i64 = 946_684_800_000_000_000;

/// A moment of the provider, unless it cannot be one.
#[must_use]
pub fn plausible_ns(ns: i64) -> Option<i64> {
    (ns >= EARLIEST_NS).then_some(ns)
}

/// The moment as RFC 3339 in UTC with exactly three decimals. Moments outside the years 1 to 9999 (its last day but one)
/// are moved to the nearest that can be written, so that the text always parses again.
#[must_use]
pub fn rfc3339_millis(epoch_ms: i64) -> String {
    let moment = Timestamp::from_millisecond(writable_ms(epoch_ms)).unwrap_or_default();
    format!("{moment:.3}")
}

/// The nearest moment, in milliseconds since 1970, that RFC 3339 can write.
#[must_use]
pub fn writable_ms(epoch_ms: i64) -> i64 {
    const YEAR_1: i64 = -62_135_596_800_000;
    // Whole seconds end a day and two hours before the year does, so that any time zone can still show them.
    const LATEST: i64 = 253_402_207_199_999;
    epoch_ms.clamp(YEAR_1, LATEST)
}
