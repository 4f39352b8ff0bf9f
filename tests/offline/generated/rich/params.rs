//! What the variable parts of names may hold: one type each, which refuses anything else.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{Dfa, Invalid, byte_classes, is_date, is_hex, is_uuid, rule, word};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
/// The part `{at}` of a name.
///
/// It must be milliseconds since 1970, 12 to 14 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct At(i64);
impl At {
    /// Checks a value.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn new(value: i64) -> Result<Self, Invalid> {
        rule(
            (100_000_000_000..=99_999_999_999_999).contains(&value),
            "at",
            "must be milliseconds since 1970, 12 to 14 digits",
        )?;
        Ok(Self(value))
    }
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl TryFrom<i64> for At {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<At> for i64 {
    fn from(value: At) -> Self {
        value.0
    }
}
impl FromStr for At {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<i64>() {
            Ok(value) if value.to_string() == text => Self::new(value),
            _ => Err(Invalid::new("at", "must be milliseconds since 1970, 12 to 14 digits")),
        }
    }
}
impl TryFrom<&str> for At {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{blob}` of a name.
///
/// It must be hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Blob(String);
impl Blob {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(is_hex(&value, None), "blob", "must be hexadecimal digits")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Blob {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Blob {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Blob> for String {
    fn from(value: Blob) -> Self {
        value.0
    }
}
impl FromStr for Blob {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Blob {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{day}` of a name.
///
/// It must be a date, YYYY-MM-DD.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);
impl Day {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(is_date(&value), "day", "must be a date, YYYY-MM-DD")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Day {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Day {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Day> for String {
    fn from(value: Day) -> Self {
        value.0
    }
}
impl FromStr for Day {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Day {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{delta}` of a name.
///
/// It must be a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Delta(i64);
impl Delta {
    /// Checks a value.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn new(value: i64) -> Result<Self, Invalid> {
        rule(true, "delta", "must be a whole number")?;
        Ok(Self(value))
    }
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}
impl fmt::Display for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl TryFrom<i64> for Delta {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Delta> for i64 {
    fn from(value: Delta) -> Self {
        value.0
    }
}
impl FromStr for Delta {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<i64>() {
            Ok(value) if value.to_string() == text => Self::new(value),
            _ => Err(Invalid::new("delta", "must be a whole number")),
        }
    }
}
impl TryFrom<&str> for Delta {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{digest}` of a name.
///
/// It must be 8 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);
impl Digest {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(is_hex(&value, Some(8)), "digest", "must be 8 hexadecimal digits")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Digest {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Digest {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Digest> for String {
    fn from(value: Digest) -> Self {
        value.0
    }
}
impl FromStr for Digest {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Digest {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{order}` of a name.
///
/// It must be one or more characters other than `:`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Order(String);
impl Order {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(!value.is_empty() && !value.contains(':'), "order", "must be one or more characters other than `:`")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Order {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Order {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Order> for String {
    fn from(value: Order) -> Self {
        value.0
    }
}
impl FromStr for Order {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Order {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{run}` of a name.
///
/// It must be a UUID with hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Run(String);
impl Run {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(is_uuid(&value), "run", "must be a UUID with hyphens")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Run {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Run {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Run> for String {
    fn from(value: Run) -> Self {
        value.0
    }
}
impl FromStr for Run {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Run {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{shard}` of a name.
///
/// It must be a whole number from 0 to 4095.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Shard(i64);
impl Shard {
    /// Checks a value.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn new(value: i64) -> Result<Self, Invalid> {
        rule((0..=4095).contains(&value), "shard", "must be a whole number from 0 to 4095")?;
        Ok(Self(value))
    }
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl TryFrom<i64> for Shard {
    type Error = Invalid;
    fn try_from(value: i64) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Shard> for i64 {
    fn from(value: Shard) -> Self {
        value.0
    }
}
impl FromStr for Shard {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<i64>() {
            Ok(value) if value.to_string() == text => Self::new(value),
            _ => Err(Invalid::new("shard", "must be a whole number from 0 to 4095")),
        }
    }
}
impl TryFrom<&str> for Shard {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{side}` of a name.
///
/// It is one of `call`, `put`, `self`, `2x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Side {
    /// The word `call`.
    #[serde(rename = "call")]
    Call,
    /// The word `put`.
    #[serde(rename = "put")]
    Put,
    /// The word `self`.
    #[serde(rename = "self")]
    Self_,
    /// The word `2x`.
    #[serde(rename = "2x")]
    N2x,
}
impl Side {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Call, Self::Put, Self::Self_, Self::N2x];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Put => "put",
            Self::Self_ => "self",
            Self::N2x => "2x",
        }
    }
}
impl<'de> Deserialize<'de> for Side {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl FromStr for Side {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.as_str() == text)
            .ok_or_else(|| Invalid::new("side", "must be one of call, put, self, 2x"))
    }
}
impl TryFrom<&str> for Side {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
impl TryFrom<String> for Side {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}
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
/// A symbol, \<letters\> in \[A-Z\].
///
/// It must match `(?:I:)?[A-Z][A-Z.]{0,9}`.
/// Examples: `I:SPX`.
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
/// The part `{tail}` of a name.
///
/// It must not be empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tail(String);
impl Tail {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(!value.is_empty(), "tail", "must not be empty")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Tail {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Tail {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Tail> for String {
    fn from(value: Tail) -> Self {
        value.0
    }
}
impl FromStr for Tail {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Tail {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
/// The part `{undeclared}` of a name.
///
/// It must be one or more characters other than `:`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Undeclared(String);
impl Undeclared {
    /// Checks a value.
    ///
    /// # Errors
    /// When the name of a key cannot hold it.
    pub fn new(value: impl Into<String>) -> Result<Self, Invalid> {
        let value = value.into();
        rule(!value.is_empty() && !value.contains(':'), "undeclared", "must be one or more characters other than `:`")?;
        Ok(Self(value))
    }
    /// As it stands in a name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Undeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl AsRef<str> for Undeclared {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Undeclared {
    type Error = Invalid;
    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::new(value)
    }
}
impl From<Undeclared> for String {
    fn from(value: Undeclared) -> Self {
        value.0
    }
}
impl FromStr for Undeclared {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
impl TryFrom<&str> for Undeclared {
    type Error = Invalid;
    fn try_from(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}
