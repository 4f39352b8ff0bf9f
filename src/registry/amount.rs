//! Quantities as they are written in a registry: `300s`, `7d`, `1000`, `{CONFIG_VARIABLE}`.

use std::fmt;
use std::time::Duration;

/// A number that is written down, or that a config variable gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Amount<T> {
    /// Written down.
    Fixed(T),
    /// The value of this config variable of the module.
    Config(String),
}

impl<T: Copy> Amount<T> {
    /// The config variable's name, if it is one.
    #[must_use]
    pub fn config(&self) -> Option<&str> {
        match self {
            Self::Fixed(_) => None,
            Self::Config(name) => Some(name),
        }
    }
}

/// `{NAME}` with nothing around it.
pub fn config_reference(text: &str) -> Option<&str> {
    let name = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    (!name.is_empty() && !name.contains(['{', '}'])).then_some(name)
}

/// Reads `{NAME}` or a duration such as `300s`, `1500ms`, `7d`.
///
/// # Errors
/// What is wrong with the text, and what to write.
pub fn duration_amount(text: &str) -> Result<Amount<Duration>, String> {
    match config_reference(text) {
        Some(name) => Ok(Amount::Config(name.to_owned())),
        None => duration(text).map(Amount::Fixed),
    }
}

/// Reads `{NAME}` or a whole number; `_` may group digits.
///
/// # Errors
/// What is wrong with the text, and what to write.
pub fn count_amount(text: &str) -> Result<Amount<u64>, String> {
    match config_reference(text) {
        Some(name) => Ok(Amount::Config(name.to_owned())),
        None => count(text).map(Amount::Fixed),
    }
}

const UNITS: [(&str, u64); 6] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

/// Reads a duration with a unit: ms, s, m, h, d or w.
///
/// # Errors
/// What is wrong with the text, and what to write.
pub fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'_').count();
    let (number, unit) = text.split_at(digits);
    let number: u64 =
        count(number).map_err(|_| format!("`{text}` is not a duration; write for example 300s, 15m or 7d"))?;
    let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit.trim()) else {
        return Err(if unit.is_empty() {
            format!("`{text}` has no unit; write for example {text}s (units: ms, s, m, h, d, w)")
        } else {
            format!("`{unit}` is not a unit of time; units are ms, s, m, h, d, w")
        });
    };
    number.checked_mul(*scale).map(Duration::from_millis).ok_or_else(|| format!("`{text}` is too long"))
}

fn count(text: &str) -> Result<u64, String> {
    let digits: String = text.trim().chars().filter(|c| *c != '_').collect();
    digits.parse().map_err(|_| format!("`{text}` is not a whole number"))
}

/// A duration in its largest whole unit: `7d`, `90s`, `1500ms`.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    // Weeks are read but not written: 7d and 14d are what people say.
    let (unit, scale) =
        UNITS[..5].iter().rev().find(|(_, scale)| millis >= *scale && millis % scale == 0).unwrap_or(&UNITS[0]);
    if millis == 0 { "0s".to_owned() } else { format!("{}{unit}", millis / scale) }
}

impl fmt::Display for Amount<Duration> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(duration) => f.write_str(&format_duration(*duration)),
            Self::Config(name) => write!(f, "{{{name}}}"),
        }
    }
}

impl fmt::Display for Amount<u64> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(count) => write!(f, "{count}"),
            Self::Config(name) => write!(f, "{{{name}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("300s"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(604_800)));
        assert_eq!(duration("1_500ms"), Ok(Duration::from_millis(1500)));
        assert!(duration("300").unwrap_err().contains("300s"));
        assert!(duration("3 parsecs").unwrap_err().contains("not a unit"));
        assert!(duration("99999999999999999999w").is_err());
        assert!(duration("").is_err());
    }

    #[test]
    fn printed_durations_read_back() {
        for text in ["1500ms", "90s", "15m", "36h", "7d", "0s"] {
            assert_eq!(format_duration(duration(text).unwrap()), text);
        }
    }

    #[test]
    fn config_variables_stand_in_braces() {
        assert_eq!(count_amount("{N}"), Ok(Amount::Config("N".into())));
        assert_eq!(count_amount("100_000"), Ok(Amount::Fixed(100_000)));
        assert!(count_amount("-1").is_err());
    }
}
