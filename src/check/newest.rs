//! The newest time that contents tell of, in milliseconds since 1970: what freshness is judged by.

/// Of a JSON object: the latest of its members that are points in time.
pub(super) fn of_json(bytes: &[u8]) -> Option<f64> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let members = value.as_object()?.values();
    members
        .filter_map(|member| match member {
            serde_json::Value::String(text) => of_date_time(text),
            serde_json::Value::Number(number) => of_number(number.as_f64()?),
            _ => None,
        })
        .reduce(f64::max)
}

/// Of a single value.
pub(super) fn of_text(bytes: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(bytes).ok()?;
    of_date_time(text).or_else(|| of_number(text.parse().ok()?))
}

/// The later of two, when there are two.
pub(super) fn latest(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).reduce(f64::max)
}

/// A number that can only be a point in time of this century: the unit follows from the size.
fn of_number(number: f64) -> Option<f64> {
    let units = [1000.0, 1.0, 1e-3, 1e-6];
    // From 2001 to 2286; prices and counters are smaller.
    units.into_iter().map(|unit| number * unit).find(|ms| (1e12..1e13).contains(ms))
}

/// RFC 3339, UTC or with an offset.
fn of_date_time(text: &str) -> Option<f64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let marks = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
    let fits = |(at, mark): (usize, char)| text.get(at..=at).is_some_and(|c| c.eq_ignore_ascii_case(&mark.to_string()));
    if !marks.into_iter().all(fits) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let rest = text.get(19..)?;
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let fraction: f64 = if zone == 0 { 0.0 } else { format!("0{}", &rest[..zone]).parse().ok()? };
    let offset = match rest.get(zone..)? {
        "Z" | "z" => 0,
        text => {
            let minutes = text.get(1..3)?.parse::<i64>().ok()? * 60 + text.get(4..6)?.parse::<i64>().ok()?;
            if text.starts_with('-') { -minutes } else { minutes }
        }
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
    let seconds = seconds as f64;
    Some((seconds + fraction) * 1000.0)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, years counted from March so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_in_their_usual_forms() {
        let expected = Some(1_767_225_600_500.0);
        assert_eq!(of_json(br#"{"value": 6012.5, "ts": "2026-01-01T00:00:00.5Z"}"#), expected);
        assert_eq!(of_json(br#"{"ts": "2026-01-01T02:00:00.5+02:00", "n": 12}"#), expected);
        assert_eq!(of_json(br#"{"ts_ms": 1767225600500}"#), expected);
        assert_eq!(of_text(b"1767225600.5"), expected);
        assert_eq!(of_text(b"6012.5"), None);
        assert_eq!(of_json(b"[1"), None);
        assert_eq!(of_text("2026-01-01T00:00é".as_bytes()), None);
    }
}
