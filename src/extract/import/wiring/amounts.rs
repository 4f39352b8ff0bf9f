//! Numbers, times and config variables in prose.

use std::time::Duration;

use crate::registry::format_duration;

/// A quantity, with the config variable that decides it where one is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    /// As the registry writes it; `None` where only a variable is named.
    pub(super) value: Option<String>,
    pub(super) variable: Option<String>,
}

impl Figure {
    /// As a field of the registry: the variable, else the value.
    pub(super) fn written(&self) -> Option<String> {
        self.variable.as_ref().map(|name| format!("{{{name}}}")).or_else(|| self.value.clone())
    }
}

/// Units as people write them, in milliseconds.
const UNITS: &[(&[&str], u64)] = &[
    (&["ms", "msec", "millis", "millisecond", "milliseconds"], 1),
    (&["s", "sec", "secs", "second", "seconds"], 1_000),
    (&["m", "min", "mins", "minute", "minutes"], 60_000),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600_000),
    (&["d", "day", "days"], 86_400_000),
    (&["w", "wk", "week", "weeks"], 604_800_000),
    (&["month", "months"], 2_592_000_000),
    (&["y", "year", "years"], 31_536_000_000),
];

/// The first time span in a text, where it starts, and where it ends.
pub(super) fn duration(text: &str) -> Option<(String, usize, usize)> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        if let Some((total, end)) = spans(text, start).filter(|_| stands_alone(text, start)) {
            return Some((format_duration(Duration::from_millis(total)), start, end));
        }
        at = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
    }
    None
}

/// Is the number at a place not the end of a word, as in `v2`?
fn stands_alone(text: &str, start: usize) -> bool {
    !text[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// `1h30m`, `24 hours`, `90 sec`: milliseconds and where they end.
fn spans(text: &str, start: usize) -> Option<(u64, usize)> {
    let mut total = 0_u64;
    let mut at = start;
    let mut any = false;
    loop {
        let rest = text.get(at..)?;
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b',')).count();
        let number: Option<u64> = rest[..digits].replace(['_', ','], "").parse().ok();
        let after = &rest[digits..];
        let gap = after.len() - after.trim_start_matches([' ', '-']).len();
        let unit: String = after[gap..].chars().take_while(|c| c.is_alphabetic()).collect();
        let scale =
            UNITS.iter().find(|(names, _)| names.contains(&unit.to_lowercase().as_str())).map(|(_, scale)| *scale);
        match (number, scale) {
            (Some(number), Some(scale)) => {
                total = total.checked_add(number.checked_mul(scale)?)?;
                at += digits + gap + unit.len();
                any = true;
            }
            _ => return any.then_some((total, at)),
        }
        if !text.get(at..)?.starts_with(|c: char| c.is_ascii_digit()) {
            return Some((total, at));
        }
    }
}

/// The first number in a text: `100,000`, `10k`, `1M`.
pub(super) fn number(text: &str) -> Option<u64> {
    let start = text.char_indices().find(|(at, c)| c.is_ascii_digit() && stands_alone(text, *at)).map(|(at, _)| at)?;
    let rest = &text[start..];
    let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b',')).count();
    let number: u64 = rest[..digits].replace(['_', ','], "").parse().ok()?;
    let unit: String = rest[digits..].chars().take_while(|c| c.is_alphanumeric()).collect();
    match unit.as_str() {
        "k" | "K" => number.checked_mul(1_000),
        "M" | "m" | "mio" => number.checked_mul(1_000_000),
        _ => Some(number),
    }
}

/// The config variable that a text names: `(SOME_TTL_SEC)`, `{SOME_TTL_SEC}`.
pub(super) fn variable(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| super::words::is_variable(word))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let of = |text| duration(text).map(|(value, ..)| value).unwrap_or_default();
        let cases = [
            ("TTL 5m", "5m"),
            ("expires after 24 hours", "1d"),
            ("24h sliding", "1d"),
            ("1h30m", "90m"),
            ("90 sec.", "90s"),
            ("7-day window", "7d"),
            ("500ms", "500ms"),
            ("v2 for 3 weeks", "21d"),
            ("300 entries", ""),
            ("99999999999999999999 days", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(of(text), wanted, "{text}");
        }
    }

    #[test]
    fn numbers_and_variables() {
        assert_eq!(number("last 300 entries"), Some(300));
        assert_eq!(number("about 100,000"), Some(100_000));
        assert_eq!(number("10k"), Some(10_000));
        assert_eq!(number("v2"), None);
        assert_eq!(variable("8d (MASSIVE_TTL_SEC)").as_deref(), Some("MASSIVE_TTL_SEC"));
    }
}
