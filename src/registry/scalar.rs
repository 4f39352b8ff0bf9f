//! Scalars as Redis holds them: text of a kind. Bytes in, what is wrong with them out, without the bytes.

use std::sync::LazyLock;

use super::Scalar;

/// What is wrong with a value that should be this scalar; `None` when nothing is.
#[must_use]
pub fn fault(scalar: Scalar, bytes: &[u8]) -> Option<String> {
    let good = match scalar {
        Scalar::Bytes => true,
        Scalar::Text => std::str::from_utf8(bytes).is_ok(),
        Scalar::Integer => is_integer(bytes),
        Scalar::Number => number(bytes).is_some(),
        Scalar::Boolean => matches!(bytes, b"true" | b"false" | b"1" | b"0"),
        Scalar::Json => serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok(),
        Scalar::DateTime => std::str::from_utf8(bytes).is_ok_and(is_date_time),
        Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => return epoch_fault(scalar, bytes),
    };
    (!good).then(|| format!("is not {}", describe(scalar)))
}

fn describe(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Integer => "a whole number",
        Scalar::Number => "a number",
        Scalar::Boolean => "true or false",
        Scalar::Text => "UTF-8 text",
        Scalar::Bytes => "bytes",
        Scalar::Json => "JSON",
        Scalar::DateTime => "an RFC 3339 date and time",
        Scalar::EpochS => "a time in seconds since 1970",
        Scalar::EpochMs => "a time in milliseconds since 1970",
        Scalar::EpochUs => "a time in microseconds since 1970",
        Scalar::EpochNs => "a time in nanoseconds since 1970",
    }
}

/// The form that INCR and HINCRBY accept: decimal, 64 bits, no leading zeros and no sign but `-`.
fn is_integer(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    plain && text != "-0" && text.parse::<i64>().is_ok()
}

fn number(bytes: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let number = text.parse::<f64>().ok()?;
    number.is_finite().then_some(number)
}

/// 1973 to 2286 in its unit: the units' ranges lie apart, so that one never passes for another.
fn epoch_fault(scalar: Scalar, bytes: &[u8]) -> Option<String> {
    let in_range = |scalar: Scalar, value: f64| {
        scalar.unit_ms().is_some_and(|unit| (1e8..1e10).contains(&(value * unit / 1000.0)))
    };
    let Some(value) = number(bytes) else { return Some(format!("is not {}", describe(scalar))) };
    if in_range(scalar, value) {
        return None;
    }
    let units = [Scalar::EpochS, Scalar::EpochMs, Scalar::EpochUs, Scalar::EpochNs];
    Some(match units.into_iter().find(|other| in_range(*other, value)) {
        Some(other) => format!("is not {}; it looks like {}", describe(scalar), describe(other)),
        None => format!("is not {} between 1973 and 2286", describe(scalar)),
    })
}

/// RFC 3339 with an offset: what the JSON Schema format `date-time` is, so that fields and payloads agree.
fn is_date_time(text: &str) -> bool {
    static VALIDATOR: LazyLock<Option<jsonschema::Validator>> = LazyLock::new(|| {
        let schema = serde_json::json!({ "format": "date-time" });
        jsonschema::options().should_validate_formats(true).build(&schema).ok()
    });
    VALIDATOR.as_ref().is_some_and(|validator| validator.is_valid(&serde_json::Value::String(text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_do_not_pass_for_one_another() {
        assert_eq!(fault(Scalar::EpochS, b"1767225600"), None);
        assert_eq!(fault(Scalar::EpochS, b"1767225600.5"), None);
        assert!(fault(Scalar::EpochS, b"1767225600000").unwrap().contains("looks like a time in milliseconds"));
        assert!(fault(Scalar::EpochMs, b"1767225600").unwrap().contains("looks like a time in seconds"));
        assert!(fault(Scalar::EpochNs, b"soon").is_some());
    }

    #[test]
    fn integers_are_those_of_incr() {
        for good in ["0", "-1", "9223372036854775807"] {
            assert_eq!(fault(Scalar::Integer, good.as_bytes()), None, "{good}");
        }
        for bad in ["", "-", "01", "+1", "1.0", " 1", "9223372036854775808", "-0", "abc"] {
            assert!(fault(Scalar::Integer, bad.as_bytes()).is_some(), "{bad}");
        }
    }

    #[test]
    fn dates_are_rfc_3339() {
        assert_eq!(fault(Scalar::DateTime, b"2026-01-31T09:30:00.123Z"), None);
        assert!(fault(Scalar::DateTime, b"2026-02-30T09:30:00Z").is_some());
        assert!(fault(Scalar::DateTime, b"2026-01-31 09:30").is_some());
        assert!(fault(Scalar::DateTime, b"\xff").is_some());
    }
}
