//! Words that are data rather than structure: ids of all kinds, told by their look. And numbers for people.

/// Is it an id by its look: a number, a UUID, a hash, a date, a ULID, an address?
#[must_use]
pub(super) fn is_id(name: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(name) else { return true };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if text.is_empty() || digits == 0 {
        return false;
    }
    let is_number = letters == 0;
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && text.len() >= 8;
    // Random words of letters and digits: ULIDs, nanoids, base64.
    let random = text.len() >= 16 && digits * 6 >= text.len() && text.bytes().all(is_of_id);
    is_number || hex || random
}

/// Has it digits, as ids mostly have?
#[must_use]
pub(super) fn has_digits(name: &[u8]) -> bool {
    name.iter().any(u8::is_ascii_digit)
}

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=')
}

/// The sort of name that it is, for sampling: runs of digits, and long runs of letters and digits, are all the same.
#[must_use]
pub(super) fn class(name: &[u8]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    for part in name.split(|byte| !byte.is_ascii_alphanumeric()) {
        if part.iter().any(u8::is_ascii_digit) || part.len() > 24 {
            1_u8.hash(&mut hasher);
        } else {
            part.hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// `1 key`, `1,204 keys`.
#[must_use]
pub(super) fn counted(count: u64, one: &str) -> String {
    let plural = match one {
        one if count == 1 => one.to_owned(),
        one if one.ends_with('y') => format!("{}ies", &one[..one.len() - 1]),
        one => format!("{one}s"),
    };
    let plural = if one == "key" && count != 1 { "keys".to_owned() } else { plural };
    format!("{} {plural}", grouped(count))
}

/// `1,204`.
#[must_use]
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds with three digits: more would only look exact.
#[must_use]
pub(super) fn seconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}
