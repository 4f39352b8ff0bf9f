//! The formats of JSON Schema that texts are checked for, with the verdicts of the jsonschema crate. Text in, yes or no
//! out. Embedded as text in generated code; depends on std alone.

/// Two decimal digits at a place.
fn two(bytes: &[u8], at: usize) -> Option<u32> {
    match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
        _ => None,
    }
}

/// A date as in RFC 3339, by the calendar.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let parts = (two(bytes, 0), two(bytes, 2), two(bytes, 5), two(bytes, 8));
    let (Some(century), Some(year), Some(month), Some(day)) = parts else { return false };
    let year = century * 100 + year;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && (1..=days).contains(&day)
}

/// A time of day with offset as in RFC 3339; a leap second only where UTC may have one.
#[must_use]
pub fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let parts = (two(bytes, 0), two(bytes, 3), two(bytes, 6));
    let (Some(hour), Some(minute), Some(second)) = parts else { return false };
    if bytes[2] != b':' || bytes[5] != b':' || hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    let mut rest = &bytes[8..];
    if let [b'.', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    let Some(offset) = offset_minutes(rest) else { return false };
    // 1440 minutes a day; the offset is less than one, so that adding one keeps it from falling below zero.
    let utc = (hour * 60 + minute + 1440).wrapping_add_signed(-offset) % 1440;
    second < 60 || utc == 23 * 60 + 59
}

/// `Z`, `+hh:mm` or `-hh:mm` in minutes east.
fn offset_minutes(bytes: &[u8]) -> Option<i32> {
    match bytes {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (two(bytes, 1)?, two(bytes, 4)?);
            let east = i32::try_from(hours * 60 + minutes).ok()?;
            let sound = hours <= 23 && minutes <= 59;
            sound.then_some(if *sign == b'-' { -east } else { east })
        }
        _ => None,
    }
}

/// Date and time with offset as in RFC 3339.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// A UUID with hyphens.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// Hexadecimal digits, perhaps of a fixed number.
#[must_use]
pub fn is_hex(text: &str, length: Option<usize>) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && length.is_none_or(|length| text.len() == length)
}

/// An IPv4 address.
#[must_use]
pub fn is_ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

/// An IPv6 address.
#[must_use]
pub fn is_ipv6(text: &str) -> bool {
    text.parse::<std::net::Ipv6Addr>().is_ok()
}
