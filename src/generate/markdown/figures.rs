//! Quantities in words: what is written down, or a config variable's default with the variable's name.

use std::time::Duration;

use super::text::code;
use crate::registry::{Amount, ConfigKind, ConfigVariable, MaxEntries, ModuleId, Registry, format_duration};

/// `8d (VAR)`, `8d`, or `VAR` alone when it has no default.
pub(super) fn duration(registry: &Registry, module: ModuleId, amount: &Amount<Duration>) -> String {
    figure(registry.duration(module, amount).map(format_duration), amount.config())
}

/// `300 (VAR)`, `300`, or `VAR` alone when it has no default.
pub(super) fn count(registry: &Registry, module: ModuleId, amount: &Amount<u64>) -> String {
    figure(registry.count(module, amount).map(|count| count.to_string()), amount.config())
}

/// A bound on entries: `300 entries (VAR)`, `about 100000 entries (VAR)`.
pub(super) fn entries(registry: &Registry, module: ModuleId, bound: &MaxEntries) -> String {
    bounded(registry, module, bound, "")
}

/// What a bound leaves: `the last 300 entries (VAR)`, `about the last 100000 entries (VAR)`.
pub(super) fn last_entries(registry: &Registry, module: ModuleId, bound: &MaxEntries) -> String {
    bounded(registry, module, bound, "the last ")
}

fn bounded(registry: &Registry, module: ModuleId, bound: &MaxEntries, last: &str) -> String {
    let about = if bound.approximate { "about " } else { "" };
    let noun = |count: u64| if count == 1 { "entry" } else { "entries" };
    let words = registry.count(module, &bound.count).map(|count| format!("{count} {}", noun(count)));
    let words = words.unwrap_or_else(|| "entries".to_owned());
    format!("{about}{last}{}", figure(Some(words), bound.count.config()))
}

fn figure(value: Option<String>, variable: Option<&str>) -> String {
    match (value, variable) {
        (Some(value), Some(variable)) => format!("{value} ({})", code(variable)),
        (Some(value), None) => value,
        (None, Some(variable)) => code(variable),
        (None, None) => String::new(),
    }
}

/// A variable's default as people write it: `1s`, `SPX, NDX`. Never a secret's.
pub(super) fn default(variable: &ConfigVariable) -> Option<String> {
    let value = variable.default.as_ref().filter(|_| !variable.secret)?;
    if let Some(duration) = variable.default_duration() {
        return Some(format_duration(duration));
    }
    Some(match value {
        serde_json::Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        serde_json::Value::String(text) if variable.kind == ConfigKind::Url => without_password(text),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// A URL without the password that should not be in it.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split('/').next().unwrap_or(rest);
    let Some((user, host)) = authority.rsplit_once('@') else { return url.to_owned() };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:***@{host}{}", &rest[authority.len()..])
}

/// A number of bytes for people.
pub(super) fn bytes(count: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(scale, _)| count >= *scale) {
        Some((scale, unit)) if count / scale >= 10 => format!("{} {unit}", count / scale),
        Some((scale, unit)) => format!("{}.{} {unit}", count / scale, count % scale * 10 / scale),
        None => format!("{count} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("redis://u:p@ss@h:1/0"), "redis://u:***@h:1/0");
        assert_eq!(without_password("redis://127.0.0.1:6379/0"), "redis://127.0.0.1:6379/0");
    }

    #[test]
    fn bytes_are_rounded_down_to_two_digits_at_least() {
        assert_eq!(
            [bytes(12), bytes(1_250), bytes(25_900), bytes(3_000_000_000)],
            ["12 B", "1.2 kB", "25 kB", "3.0 GB"]
        );
    }
}
