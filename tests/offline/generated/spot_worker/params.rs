//! What the variable parts of names may hold: one type each, which refuses anything else.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{Dfa, Invalid, byte_classes, rule};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
/// The automaton of the pattern of [`Symbol`].
static SYMBOL_PATTERN: Dfa = Dfa {
    classes: &byte_classes(
        &[
            (b'.', b'.', 1),
            (b':', b':', 2),
            (b'A', b'H', 3),
            (b'I', b'I', 4),
            (b'J', b'Z', 3),
        ],
    ),
    class_count: 5,
    transitions: b"\0\x01\0\x01\0\x01\0\x02\0\x03\0\x01\0\x01\0\x01\0\x01\0\x01\0\x01\0\x04\0\x01\0\x04\0\x04\0\x01\0\x04\0\x05\0\x04\0\x04\0\x01\0\x06\0\x01\0\x06\0\x06\0\x01\0\x01\0\x01\0\x02\0\x02\0\x01\0\x07\
        \0\x01\0\x07\0\x07\0\x01\0\x08\0\x01\0\x08\0\x08\0\x01\0\x09\0\x01\0\x09\0\x09\0\x01\0\x0a\0\x01\0\x0a\0\x0a\0\x01\0\x0b\0\x01\0\x0b\0\x0b\0\x01\0\x0c\0\x01\0\x0c\0\x0c\0\x01\0\x0d\0\x01\0\x0d\
        \0\x0d\0\x01\0\x01\0\x01\0\x01\0\x01",
    accepting: b"\0\0\x01\x01\x01\0\x01\x01\x01\x01\x01\x01\x01\x01",
    start: 0,
};
/// Symbol of an index or stock as configured; an index may carry the provider's prefix I and a colon.
///
/// It must match `(?:I:)?[A-Z][A-Z.]{0,9}`.
/// Examples: `SPX`, `SPY`, `I:SPX`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Symbol(String);
impl Symbol {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(SYMBOL_PATTERN.matches(value.as_bytes()), "symbol", "must match `(?:I:)?[A-Z][A-Z.]{0,9}`")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Symbol {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Symbol> for String {
    fn from(value: Symbol) -> Self {
        value.0
    }
}
impl FromStr for Symbol {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Symbol {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
