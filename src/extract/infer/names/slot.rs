//! What is remembered of the values at one variable place: the same whatever their order, and however often they come.

use std::collections::BTreeMap;

/// Distinct values that are kept, those of the smallest hashes.
const KEPT: usize = 8;

/// A hash that is the same on all machines and runs, spread over all bits.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ (bytes.len() as u64);
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state ^= state >> 29;
    }
    state = (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    state ^ (state >> 32)
}

/// The values at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slot {
    /// Shortest and longest, in bytes.
    pub lengths: Option<(usize, usize)>,
    /// What all begin with, and end with; none before the first.
    pub affixes: Option<(Box<str>, Box<str>)>,
    /// Which kinds of characters occur, see the constants.
    pub chars: u16,
    /// Smallest and largest, of those that are whole numbers.
    pub range: Option<(i64, i64)>,
    /// Is one of them digits alone?
    pub numeric: bool,
    /// Values of the smallest hashes; all of them while there are few.
    pub values: BTreeMap<u64, Box<str>>,
    /// Are there more than `values` holds?
    pub more: bool,
}

/// Small letters a to f.
pub const HEX_LOWER: u16 = 1;
/// Other small letters.
pub const LOWER: u16 = 1 << 1;
/// Capitals A to F.
pub const HEX_UPPER: u16 = 1 << 2;
/// Other capitals.
pub const UPPER: u16 = 1 << 3;
/// Digits.
pub const DIGIT: u16 = 1 << 4;
/// `_`
pub const LOW_LINE: u16 = 1 << 5;
/// `-`
pub const HYPHEN: u16 = 1 << 6;
/// `.`
pub const DOT: u16 = 1 << 7;
/// `:`
pub const COLON: u16 = 1 << 8;
/// All else.
pub const OTHER: u16 = 1 << 9;

/// The kinds of characters in a text.
#[must_use]
pub fn chars_of(text: &[u8]) -> u16 {
    text.iter().fold(0, |chars, byte| {
        chars
            | match byte {
                b'a'..=b'f' => HEX_LOWER,
                b'g'..=b'z' => LOWER,
                b'A'..=b'F' => HEX_UPPER,
                b'G'..=b'Z' => UPPER,
                b'0'..=b'9' => DIGIT,
                b'_' => LOW_LINE,
                b'-' => HYPHEN,
                b'.' => DOT,
                b':' => COLON,
                _ => OTHER,
            }
    })
}

impl Slot {
    /// Remembers a value.
    pub fn add(&mut self, value: &str) {
        let length = value.len();
        self.lengths = Some(self.lengths.map_or((length, length), |(low, high)| (low.min(length), high.max(length))));
        self.chars |= chars_of(value.as_bytes());
        self.narrow(value, value);
        self.numeric |= !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        if value.len() <= 20
            && let Ok(number) = value.parse::<i64>()
        {
            self.range = Some(self.range.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
        }
        let hash = hash(value.as_bytes());
        if self.values.len() >= KEPT && self.values.last_key_value().is_some_and(|(last, _)| *last < hash) {
            self.more = true;
            return;
        }
        self.values.entry(hash).or_insert_with(|| value.chars().take(64).collect());
        self.cut();
    }

    /// Puts the values of another place to these.
    pub fn merge(&mut self, other: Self) {
        self.lengths = join(self.lengths, other.lengths);
        self.range = join(self.range, other.range);
        if let Some((prefix, suffix)) = &other.affixes {
            self.narrow(prefix, suffix);
        }
        self.chars |= other.chars;
        self.numeric |= other.numeric;
        self.more |= other.more;
        self.values.extend(other.values);
        self.cut();
    }

    /// Another value begins and ends like this.
    fn narrow(&mut self, start: &str, end: &str) {
        let Some((prefix, suffix)) = &mut self.affixes else {
            self.affixes = Some((start.into(), end.into()));
            return;
        };
        if !start.starts_with(&**prefix) {
            let same = prefix.chars().zip(start.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            *prefix = prefix[..same].into();
        }
        if !end.ends_with(&**suffix) {
            let same: usize = suffix
                .chars()
                .rev()
                .zip(end.chars().rev())
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a.len_utf8())
                .sum();
            *suffix = suffix[suffix.len() - same..].into();
        }
    }

    fn cut(&mut self) {
        while self.values.len() > KEPT {
            self.values.pop_last();
            self.more = true;
        }
    }

    /// The only value, where there is one.
    #[must_use]
    pub fn single(&self) -> Option<&str> {
        match self.values.first_key_value() {
            Some((_, value)) if self.values.len() == 1 && !self.more => Some(value),
            _ => None,
        }
    }
}

fn join<T: Ord + Copy>(a: Option<(T, T)>, b: Option<(T, T)>) -> Option<(T, T)> {
    match (a, b) {
        (Some((a_low, a_high)), Some((b_low, b_high))) => Some((a_low.min(b_low), a_high.max(b_high))),
        (known, None) | (None, known) => known,
    }
}

/// Names that are counted once each, however often they come: exact up to a few, then an estimate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distinct {
    smallest: Vec<u64>,
    more: bool,
}

impl Distinct {
    /// Hashes that are kept; up to so many names are counted exactly.
    const KEPT: usize = 256;

    /// Counts a name by its hash.
    pub fn add(&mut self, hash: u64) {
        let full = self.smallest.len() >= Self::KEPT;
        if full && self.smallest.last().is_some_and(|last| *last < hash) {
            self.more = true;
            return;
        }
        if let Err(at) = self.smallest.binary_search(&hash) {
            self.smallest.insert(at, hash);
            if full {
                self.smallest.pop();
                self.more = true;
            }
        }
    }

    /// Counts what another counted.
    pub fn merge(&mut self, other: &Self) {
        for hash in &other.smallest {
            self.add(*hash);
        }
        self.more |= other.more;
    }

    /// How many, and whether that is exact.
    #[must_use]
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of some percent"
    )]
    pub fn count(&self) -> (u64, bool) {
        let kept = self.smallest.len();
        match self.smallest.last() {
            Some(last) if self.more => {
                let share = (*last as f64 / u64::MAX as f64).max(f64::MIN_POSITIVE);
                (((kept - 1) as f64 / share) as u64, false)
            }
            _ => (kept as u64, true),
        }
    }
}

impl Slot {
    /// Are there two values at least?
    #[must_use]
    pub fn more_than_one(&self) -> bool {
        self.more || self.values.len() > 1
    }

    /// The values without so many bytes at either end. What is not known of these stays what it was of the whole values.
    #[must_use]
    pub fn inside(&self, head: usize, tail: usize) -> Self {
        let lengths =
            self.lengths.map(|(low, high)| (low.saturating_sub(head + tail), high.saturating_sub(head + tail)));
        let values = self
            .values
            .iter()
            .filter_map(|(hash, value)| {
                let end = value.len().checked_sub(tail)?;
                value.get(head..end).map(|inside| (*hash, Box::from(inside)))
            })
            .collect();
        Self { lengths, affixes: None, chars: self.chars, range: None, numeric: true, values, more: self.more }
    }
}
