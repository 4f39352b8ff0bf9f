//! Params: what a variable part of a pattern may hold, as a regular expression and as a check of one value.

use std::borrow::Cow;

use crate::source::Span;

/// A typed variable part of a pattern.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What its values look like.
    pub kind: ParamKind,
    /// Config variables that list its values.
    pub from: Vec<String>,
    /// A few values.
    pub examples: Vec<String>,
    /// What it stands for.
    pub about: Option<String>,
    /// Where it is declared; `None` when a pattern uses it without a declaration.
    pub span: Option<Span>,
}

/// What the values of a param look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamKind {
    /// Text; without a pattern one or more characters other than `:`.
    String {
        /// Regular expression for the whole value, without anchors.
        pattern: Option<String>,
    },
    /// A whole number in decimal, without leading zeros.
    Integer {
        /// The smallest value.
        min: i64,
        /// The largest value.
        max: i64,
    },
    /// A UUID with hyphens.
    Uuid,
    /// Hexadecimal digits, perhaps of a fixed number.
    Hex {
        /// Number of digits.
        length: Option<u32>,
    },
    /// A date, YYYY-MM-DD.
    Date,
    /// Milliseconds since 1970, 12 to 14 digits: seconds do not pass for milliseconds.
    EpochMs,
    /// One of a few words.
    Enum(Vec<String>),
    /// One or more bytes of any kind.
    Rest,
}

impl ParamKind {
    /// A regular expression (syntax of the `regex` crate, for bytes) that matches exactly the allowed values, except
    /// that the range of integers is left to [`ParamKind::accepts`].
    #[must_use]
    pub fn regex(&self) -> Cow<'static, str> {
        match self {
            Self::String { pattern: None } => r"(?s-u:[^:]+)".into(),
            Self::String { pattern: Some(pattern) } => format!("(?:{pattern})").into(),
            Self::Integer { min: 0.., .. } => "(?:0|[1-9][0-9]*)".into(),
            Self::Integer { .. } => "(?:0|-?[1-9][0-9]*)".into(),
            Self::Uuid => "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}".into(),
            Self::Hex { length: None } => "[0-9a-fA-F]+".into(),
            Self::Hex { length: Some(length) } => format!("[0-9a-fA-F]{{{length}}}").into(),
            Self::Date => "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])".into(),
            Self::EpochMs => "[1-9][0-9]{11,13}".into(),
            Self::Enum(values) => {
                let words: Vec<String> = values.iter().map(|value| regex::escape(value)).collect();
                format!("(?:{})", words.join("|")).into()
            }
            Self::Rest => "(?s-u:.+)".into(),
        }
    }

    /// Has it a range that its regular expression does not express?
    #[must_use]
    pub fn is_ranged(&self) -> bool {
        matches!(self, Self::Integer { min, max } if *min != 0 && *min != i64::MIN || *max != i64::MAX)
    }

    /// For a value that matches the regular expression: is it in range as well?
    #[must_use]
    pub fn accepts(&self, value: &[u8]) -> bool {
        match self {
            Self::Integer { min, max } => std::str::from_utf8(value)
                .ok()
                .and_then(|text| text.parse::<i64>().ok())
                .is_some_and(|number| (*min..=*max).contains(&number)),
            Self::String { .. }
            | Self::Uuid
            | Self::Hex { .. }
            | Self::Date
            | Self::EpochMs
            | Self::Enum(_)
            | Self::Rest => true,
        }
    }

    /// The word for it in a registry.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::String { .. } => "string",
            Self::Integer { .. } => "integer",
            Self::Uuid => "uuid",
            Self::Hex { .. } => "hex",
            Self::Date => "date",
            Self::EpochMs => "epoch_ms",
            Self::Enum(_) => "enum",
            Self::Rest => "rest",
        }
    }

    /// A value to show where no example is given.
    #[must_use]
    pub fn sample(&self) -> Cow<'static, str> {
        match self {
            Self::String { .. } => "x".into(),
            Self::Integer { min, max } => 42.clamp(*min, *max).to_string().into(),
            Self::Uuid => "6f1e9a52-3c0b-4f6e-9d55-0a4f0c5b7e21".into(),
            Self::Hex { length } => {
                "0123456789abcdef".chars().cycle().take(length.unwrap_or(8) as usize).collect::<String>().into()
            }
            Self::Date => "2026-01-31".into(),
            Self::EpochMs => "1767225600000".into(),
            Self::Enum(values) => values.first().cloned().unwrap_or_default().into(),
            Self::Rest => "any:thing".into(),
        }
    }
}

/// A user's pattern without the anchors that people write out of habit: a param is always matched as a whole.
#[must_use]
pub fn without_anchors(pattern: &str) -> &str {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    match pattern.strip_suffix('$') {
        Some(rest) if rest.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0 => rest,
        _ => pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match_their_own_expression() {
        let kinds = [
            ParamKind::String { pattern: None },
            ParamKind::Integer { min: 50, max: 60 },
            ParamKind::Uuid,
            ParamKind::Hex { length: Some(32) },
            ParamKind::Hex { length: None },
            ParamKind::Date,
            ParamKind::EpochMs,
            ParamKind::Enum(vec!["a.b".into()]),
            ParamKind::Rest,
        ];
        for kind in kinds {
            let whole = regex::bytes::Regex::new(&format!("^{}$", kind.regex())).unwrap();
            assert!(whole.is_match(kind.sample().as_bytes()), "{kind:?}");
            assert!(kind.accepts(kind.sample().as_bytes()), "{kind:?}");
        }
    }

    #[test]
    fn anchors_are_dropped_but_not_escaped_dollars() {
        assert_eq!(without_anchors("^[A-Z]+$"), "[A-Z]+");
        assert_eq!(without_anchors(r"a\$"), r"a\$");
        assert_eq!(without_anchors(r"a\\$"), r"a\\");
    }
}
