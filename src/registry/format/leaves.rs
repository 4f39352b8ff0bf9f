//! Single values with a syntax of their own: durations, counts, names, value types.

use super::Leaf;
use crate::registry::amount;
use crate::registry::pattern::Pattern;

/// The scalar value types, each with its meaning.
pub const SCALARS: &[(&str, &str)] = &[
    ("integer", "a whole number in decimal, 64 bits with sign"),
    ("number", "a decimal number"),
    ("boolean", "true or false (also 1 or 0)"),
    ("text", "UTF-8 text"),
    ("bytes", "any bytes"),
    ("json", "any JSON value"),
    ("date-time", "RFC 3339 date and time with offset"),
    ("epoch_s", "seconds since 1970-01-01 UTC, whole or fractional"),
    ("epoch_ms", "milliseconds since 1970-01-01 UTC, whole or fractional"),
    ("epoch_us", "microseconds since 1970-01-01 UTC, whole or fractional"),
    ("epoch_ns", "nanoseconds since 1970-01-01 UTC, whole or fractional"),
];

pub(super) static DURATION: Leaf = Leaf {
    about: "a duration with its unit, or a config variable",
    pattern: r"^(\s*[0-9_]+\s*(ms|s|m|h|d|w)|\{[^{}]+\})$",
    examples: &["300s", "7d", "{SOME_TTL_SEC}"],
    check: |text| amount::duration_amount(text).map(drop),
};

pub(super) static COUNT: Leaf = Leaf {
    about: "a whole number, or a config variable",
    pattern: r"^([0-9_]+|\{[^{}]+\})$",
    examples: &["1000", "{SOME_LIMIT}"],
    check: |text| amount::count_amount(text).map(drop),
};

pub(super) static BOUND: Leaf = Leaf {
    about: "a number of entries, `~` before it for approximate trimming",
    pattern: r"^~?\s*([0-9_]+|\{[^{}]+\})$",
    examples: &["300", "~100000", "~{STREAM_MAXLEN}"],
    check: |text| amount::count_amount(text.trim().trim_start_matches('~').trim()).map(drop),
};

pub(super) static TTL: Leaf = Leaf {
    about: "`none`, a duration, or `sliding` and a duration",
    pattern: r"^(none|(sliding\s+)?([0-9_]+\s*(ms|s|m|h|d|w)|\{[^{}]+\}))$",
    examples: &["none", "300s", "sliding 8d", "sliding {TRAIL_TTL_SEC}"],
    check: |text| {
        let text = text.trim();
        if text == "none" {
            return Ok(());
        }
        let text = text.strip_prefix("sliding").map_or(text, str::trim);
        amount::duration_amount(text)
            .map(drop)
            .map_err(|error| format!("{error}; a TTL is `none`, a duration, or `sliding` and a duration"))
    },
};

pub(super) static PATTERN: Leaf = Leaf {
    about: "a name with `{param}` for its variable parts; `{{` and `}}` are literal braces",
    pattern: r"^.+$",
    examples: &["orders:{id}", "rate:{{{user}}}:window"],
    check: |text| Pattern::parse(text).map(drop),
};

pub(super) static VALUE: Leaf = Leaf {
    about: "the name of a payload, or a scalar type",
    pattern: r"^[A-Za-z][A-Za-z0-9_-]*$",
    examples: &["integer", "number", "boolean", "text", "bytes", "json", "date-time", "epoch_s", "epoch_ms"],
    check: |_| Ok(()),
};

pub(super) static VERSION: Leaf = Leaf {
    about: "the format's version: 1",
    pattern: "^1$",
    examples: &["1"],
    check: |text| {
        if text == "1" {
            Ok(())
        } else {
            Err(format!("format version `{text}` is not known to this keywire; it reads version 1"))
        }
    },
};

pub(super) static WHOLE: Leaf = Leaf {
    about: "a whole number",
    pattern: "^-?[0-9]+$",
    examples: &["0", "10"],
    check: |text| text.parse::<i64>().map(drop).map_err(|_| format!("`{text}` is not a whole number")),
};
