//! Payloads on their way in and out: what is wrong with a value, the trait of all payloads, and encoded payloads that
//! remember their type. Embedded as text in generated code; depends on std, serde and serde_json alone.

use serde::Deserialize as _;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Why a value is refused. It never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Where: a JSON pointer into the payload (empty: the whole), or the name of a param.
    pub at: String,
    /// What it must be.
    pub reason: String,
}

impl Invalid {
    /// A refusal at a place.
    pub fn new(at: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { at: at.into(), reason: reason.into() }
    }

    /// The same refusal, seen from further out.
    #[must_use]
    pub fn under(mut self, pointer: &str) -> Self {
        self.at.insert_str(0, pointer);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "the value" } else { &self.at };
        write!(f, "{at} {}", self.reason)
    }
}

impl std::error::Error for Invalid {}

/// A value that travels as JSON under a contract.
pub trait Payload: serde::Serialize + serde::de::DeserializeOwned {
    /// Checks what the types alone do not say.
    ///
    /// # Errors
    /// The first rule that is broken, and where.
    fn validate(&self) -> Result<(), Invalid>;

    /// Checks the value and makes its JSON, once for all keys it is written to.
    ///
    /// # Errors
    /// When the value breaks its contract: such a value never reaches the bus.
    fn encode(&self) -> Result<Encoded<Self>, Invalid> {
        self.validate()?;
        let bytes = serde_json::to_vec(self).map_err(|_| Invalid::new("", "cannot be written as JSON"))?;
        Ok(Encoded { bytes: bytes.into(), payload: PhantomData })
    }

    /// Reads and checks JSON. Unknown fields are left aside, so that writers may add some.
    ///
    /// # Errors
    /// When the bytes are not JSON, not of this shape, or break the contract.
    fn decode(bytes: &[u8]) -> Result<Self, Invalid> {
        let value = match serde_json::from_slice::<Self>(bytes) {
            Ok(value) => value,
            // To JSON 5.0 is a whole number, to a Rust integer it is not: once more with such numbers made plain.
            Err(error) => {
                let mut tree: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| refusal(&error))?;
                make_whole(&mut tree);
                Self::deserialize(tree).map_err(|_| refusal(&error))?
            }
        };
        value.validate()?;
        Ok(value)
    }
}

/// What serde says, without the values it quotes.
fn refusal(error: &serde_json::Error) -> Invalid {
    let text = error.to_string();
    let named = ["missing field `", "duplicate field `"].into_iter().find(|start| text.starts_with(start));
    let name = named.and_then(|start| text.get(start.len()..)?.split('`').next());
    let reason = match (named, name) {
        (Some("missing field `"), Some(name)) => format!("lacks the field `{name}`"),
        (Some(_), Some(name)) => format!("has the field `{name}` twice"),
        _ if error.is_data() && error.column() == 0 => "has not the shape that its contract says".to_owned(),
        _ if error.is_data() => format!("has not the shape that its contract says (byte {})", error.column()),
        _ => format!("is not JSON (line {}, byte {})", error.line(), error.column()),
    };
    Invalid::new("", reason)
}

fn make_whole(tree: &mut serde_json::Value) {
    match tree {
        serde_json::Value::Number(number) => {
            let float = if number.is_f64() { number.as_f64() } else { None };
            // Up to 2^53 a float names one integer.
            if let Some(float) = float.filter(|float| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0) {
                #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
                let whole = float as i64;
                *number = whole.into();
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(make_whole),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(make_whole),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => {}
    }
}

/// A checked payload as JSON; cheap to clone. Only [`Payload::encode`] makes one.
pub struct Encoded<T> {
    bytes: Arc<[u8]>,
    payload: PhantomData<fn() -> T>,
}

impl<T> Encoded<T> {
    /// The JSON.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never true: there is no JSON without bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<T> Clone for Encoded<T> {
    fn clone(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), payload: PhantomData }
    }
}

impl<T> fmt::Debug for Encoded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({} bytes)", self.len())
    }
}

impl<T> AsRef<[u8]> for Encoded<T> {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// Refuses unless `holds`.
///
/// # Errors
/// When it does not hold.
pub fn rule(holds: bool, at: &str, reason: &str) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(Invalid::new(at, reason)) }
}

/// Checks each element.
///
/// # Errors
/// The first that is refused, with its index.
pub fn each<T>(items: &[T], check: impl Fn(&T) -> Result<(), Invalid>) -> Result<(), Invalid> {
    for (at, item) in items.iter().enumerate() {
        check(item).map_err(|error| error.under(&format!("/{at}")))?;
    }
    Ok(())
}

/// Checks each value of a map.
///
/// # Errors
/// The first that is refused, with its name.
pub fn each_value<T>(
    map: &std::collections::BTreeMap<String, T>,
    check: impl Fn(&T) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    for (name, value) in map {
        check(value).map_err(|error| error.under(&format!("/{}", name.replace('~', "~0").replace('/', "~1"))))?;
    }
    Ok(())
}

/// Are all elements different? Takes time in the square of their number.
#[must_use]
pub fn unique<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
}

/// Length in characters, as JSON Schema counts.
#[must_use]
pub fn characters(text: &str) -> usize {
    text.chars().count()
}

/// Is a number a multiple of another, both taken as the decimals they are written as?
#[must_use]
pub fn is_multiple(value: f64, of: f64) -> bool {
    if value == 0.0 {
        return true;
    }
    let (Some((value, value_exponent)), Some((of, of_exponent))) = (decimal(value), decimal(of)) else {
        return false;
    };
    let shift = value_exponent - of_exponent;
    if shift < 0 {
        // Fewer than 18 digits: what ends further right is no multiple.
        let scale = u32::try_from(-shift).ok().and_then(|shift| 10_u128.checked_pow(shift));
        return scale.and_then(|scale| of.checked_mul(scale)).is_some_and(|divisor| value % divisor == 0);
    }
    (0..shift).fold(value % of, |rest, _| rest * 10 % of) == 0
}

/// Digits and power of ten of the shortest decimal of a float, without its sign.
fn decimal(value: f64) -> Option<(u128, i32)> {
    let text = format!("{:e}", value.abs());
    let (digits, exponent) = text.split_once('e')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?;
    Some((format!("{whole}{fraction}").parse().ok()?, exponent))
}

/// For an optional field: when it is there it is a `T`, and `null` is none unless `T` says so.
///
/// # Errors
/// When it is there and no `T`.
pub fn present<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// For a required field that may be `null`: it must be there.
///
/// # Errors
/// When it is neither null nor a `T`.
pub fn nullable<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// One of some words.
///
/// # Errors
/// When it is no text, or none of the words.
pub fn word<'de, D: serde::Deserializer<'de>, T: Copy>(
    from: D,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    let found = all.iter().copied().find(|word| as_str(*word) == text);
    found.ok_or_else(|| serde::de::Error::custom("is none of the allowed words"))
}

/// Reads objects and nothing else: left alone, serde takes an array for a struct as well.
#[derive(Debug)]
pub struct Object<D>(pub D);

impl<'de, D: serde::Deserializer<'de>> serde::Deserializer<'de> for Object<D> {
    type Error = D::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(OnlyMap(visitor))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct OnlyMap<V>(V);

impl<'de, V: serde::de::Visitor<'de>> serde::de::Visitor<'de> for OnlyMap<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}

/// The value as this variant, if it is one and keeps its rules.
#[must_use]
pub fn as_variant<T: Payload>(value: &serde_json::Value) -> Option<T> {
    T::deserialize(value).ok().filter(|variant| variant.validate().is_ok())
}

/// A regular expression as the table of its automaton: no engine is needed to match.
#[derive(Debug)]
pub struct Dfa {
    /// The class of each byte.
    pub classes: &'static [u8; 256],
    /// How many classes there are.
    pub class_count: usize,
    /// For each state and class the next state, two bytes, the high one first.
    pub transitions: &'static [u8],
    /// For each state 1 if a text may end there.
    pub accepting: &'static [u8],
    /// The state to begin in.
    pub start: usize,
}

/// The class of each byte, from ranges of bytes (both ends included); bytes in no range are of class 0.
#[must_use]
pub const fn byte_classes(ranges: &[(u8, u8, u8)]) -> [u8; 256] {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < ranges.len() {
        let (first, last, class) = ranges[at];
        let mut byte = first as usize;
        while byte <= last as usize {
            classes[byte] = class;
            byte += 1;
        }
        at += 1;
    }
    classes
}

impl Dfa {
    /// Does the text match?
    #[must_use]
    pub fn matches(&self, bytes: &[u8]) -> bool {
        let mut state = self.start;
        for byte in bytes {
            let class = usize::from(self.classes[usize::from(*byte)]);
            let at = 2 * (state * self.class_count + class);
            let Some(&[high, low]) = self.transitions.get(at..at + 2) else { return false };
            state = usize::from(u16::from_be_bytes([high, low]));
        }
        self.accepting.get(state) == Some(&1)
    }
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;
