//! Do words speak of points in time, and do they say in which unit?

use super::entries::words;

/// Whole names, and last words of names, that mean a point in time.
const MOMENTS: &[&str] =
    &["ts", "time", "timestamp", "datetime", "deadline", "expiry", "expires", "updated", "created"];
/// Second words after `last`.
const LAST: &[&str] = &["seen", "update", "run", "login", "active", "modified", "access", "heartbeat", "sync", "ping"];
/// Words that name a unit of time.
const UNITS: &[&str] = &[
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "msec",
    "millis",
    "millisecond",
    "milliseconds",
    "us",
    "usec",
    "micros",
    "microsecond",
    "microseconds",
    "ns",
    "nanos",
    "nanosecond",
    "nanoseconds",
    "minute",
    "minutes",
    "hours",
    "days",
];
/// What people write of scores that are times.
const PHRASES: &[&str] = &["time-series", "time series", "timeseries", "by time", "time to ", "due time", "by date"];

/// The words of a field's name, `created_at`, `createdAt` and `created-at` alike.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            parts.push(String::new());
        }
        before_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Does a field of this name hold a point in time?
pub(super) fn is_moment(name: &str) -> bool {
    let mut parts = parts(name);
    let length = parts.len();
    while parts.len() > 1 && parts.last().is_some_and(|last| UNITS.contains(&last.as_str()) || last == "epoch") {
        parts.pop();
    }
    let Some(last) = parts.last().map(String::as_str) else { return false };
    let before = parts.len().checked_sub(2).map(|at| parts[at].as_str());
    match before {
        None => MOMENTS.contains(&last) || last == "epoch" || (last == "at" && parts.len() < length),
        // `response_time` and `lead_time` are spans; `start_time` is a moment.
        Some(before) if last == "time" => {
            matches!(before, "start" | "end" | "event" | "trade" | "update" | "last" | "create" | "created" | "due")
        }
        Some("last") if LAST.contains(&last) => true,
        Some(_) => last == "at" || MOMENTS.contains(&last) || before == Some("epoch"),
    }
}

/// Does a field's name say in which unit its time is?
pub(super) fn name_has_unit(name: &str) -> bool {
    let parts = parts(name);
    parts.len() > 1 && parts.iter().any(|part| UNITS.contains(&part.as_str()))
}

/// Does a text name a unit of time?
pub(super) fn text_has_unit(text: &str) -> bool {
    words(&text.to_lowercase()).any(|word| UNITS.contains(&word) || word.starts_with("epoch_"))
}

/// Does a text say that something is ordered by time? Not every mention of time counts: leaderboards are "all-time".
pub(super) fn speaks_of_time(text: &str) -> bool {
    let text = text.to_lowercase();
    PHRASES.iter().any(|phrase| text.contains(phrase))
        || words(&text).any(|word| matches!(word, "ts" | "timestamp" | "timestamps" | "epoch" | "chronological"))
}

/// Does a field of this name tell one thing from another: `id`, `order_id`, `uuid`, `seq`?
pub(super) fn is_identity(name: &str) -> bool {
    let parts = parts(name);
    let identities =
        ["id", "uuid", "ulid", "guid", "key", "seq", "sequence", "nonce", "number", "no", "hash", "name", "symbol"];
    parts.last().is_some_and(|last| identities.contains(&last.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_are_told_from_spans_and_other_things() {
        for name in
            ["ts", "created_at", "createdAt", "last_seen", "ts_ms", "timestamp", "start_time", "epoch_ms", "at_ms"]
        {
            assert!(is_moment(name), "{name}");
        }
        for name in
            ["last_price", "response_time", "format", "timeout_ms", "at", "lat", "uptime", "timeframe", "at_risk"]
        {
            assert!(!is_moment(name), "{name}");
        }
        assert!(name_has_unit("created_at_ms") && name_has_unit("epoch_s") && !name_has_unit("ts"));
        assert!(text_has_unit("Unix time in seconds.") && !text_has_unit("When it was."));
        assert!(speaks_of_time("trail (ts to value)") && !speaks_of_time("the all-time best in real-time"));
    }
}
