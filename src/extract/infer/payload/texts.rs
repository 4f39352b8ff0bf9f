//! Strings: the formats that all of them have, and their words while there are few.
//!
//! Words are the only values that a summary keeps, and only short ones of small sets: of what may be an enum.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value as Json, json};

/// Distinct words that are kept; with more it is no enum.
const WORDS: usize = 16;
/// Words that an enum has at most.
const ENUM: usize = 12;
/// Bytes of a word that is kept.
const WORD: usize = 40;
/// How often each word of an enum must have been seen, and how often words on average.
const SEEN: (u64, u64) = (4, 8);

/// What is known of strings at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    /// How many.
    pub count: u64,
    /// The formats that all have, a bit each.
    formats: u16,
    /// How often each was seen; `None` when there were too many, or long ones.
    words: Option<BTreeMap<String, u64>>,
}

/// A format of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format(&'static str);

struct Known {
    name: &'static str,
    /// A quick look that lets pass all that have the format, and little else.
    may_be: fn(&str) -> bool,
}

/// The formats that are looked for, the more special first.
const FORMATS: [Known; 7] = [
    Known { name: "date-time", may_be: |text| text.len() >= 20 && starts_with_digits(text) },
    Known { name: "date", may_be: |text| text.len() == 10 && starts_with_digits(text) },
    Known { name: "uuid", may_be: |text| text.len() == 36 && text.as_bytes().get(8) == Some(&b'-') },
    Known { name: "ipv4", may_be: |text| text.len() <= 15 && text.bytes().filter(|byte| *byte == b'.').count() == 3 },
    Known {
        name: "ipv6",
        may_be: |text| {
            text.len() <= 45
                && text.bytes().filter(|byte| *byte == b':').count() >= 2
                && text.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        },
    },
    Known { name: "email", may_be: |text| text.len() <= 254 && text.contains('@') },
    // Much is a URI by the letter of the standard, `order:17` too: only what looks like one on purpose is.
    Known { name: "uri", may_be: |text| text.contains("://") },
];

static VALIDATORS: LazyLock<Vec<Option<Validator>>> = LazyLock::new(|| {
    let compile = |known: &Known| {
        jsonschema::options().should_validate_formats(true).build(&json!({ "format": known.name })).ok()
    };
    FORMATS.iter().map(compile).collect()
});

fn starts_with_digits(text: &str) -> bool {
    text.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

impl Format {
    /// Its name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl Texts {
    /// What is known of one.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let candidates = FORMATS.iter().zip(VALIDATORS.iter()).enumerate();
        let mut formats = 0;
        let mut value = None;
        for (at, (known, validator)) in candidates {
            let Some(validator) = validator.as_ref().filter(|_| (known.may_be)(text)) else { continue };
            let value = value.get_or_insert_with(|| Json::String(text.to_owned()));
            formats |= u16::from(validator.is_valid(value)) << at;
        }
        let words = (text.len() <= WORD).then(|| BTreeMap::from([(text.to_owned(), 1)]));
        Self { count: 1, formats, words }
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.formats &= other.formats;
        let words = self.words.take().zip(other.words).map(|(mut words, more)| {
            for (word, count) in more {
                *words.entry(word).or_insert(0) += count;
            }
            words
        });
        self.words = words.filter(|words| words.len() <= WORDS);
    }

    /// The format that all of them have.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        FORMATS.iter().enumerate().find(|(at, _)| self.formats & (1 << at) != 0).map(|(_, known)| Format(known.name))
    }

    /// The words, if they are all there are: few, like words, and each seen often. Ids are never an enum.
    #[must_use]
    pub fn closed(&self, is_id: &dyn Fn(&str) -> bool) -> Option<Vec<&str>> {
        let words = self.words.as_ref()?;
        let few = (2..=ENUM).contains(&words.len());
        let often = self.count >= SEEN.1 * words.len() as u64 && words.values().all(|count| *count >= SEEN.0);
        let words: Vec<&str> = words.keys().map(String::as_str).collect();
        (few && often && self.format().is_none() && words.iter().all(|word| is_word(word) && !is_id(word)))
            .then_some(words)
    }

    /// The only word that was seen, more than once.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        let words = self.words.as_ref().filter(|words| self.count > 1 && words.len() == 1)?;
        words.keys().next().map(String::as_str)
    }
}

/// Is it like a word of an enum, and not like an id? Letters first, and not mostly digits.
#[must_use]
pub(super) fn is_word(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '/' | ':');
    text.len() <= WORD
        && text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().all(plain)
        && digits <= 2
        && !is_hex_id(text)
}

/// Hexadecimal with digits among the letters, as no word is.
fn is_hex_id(text: &str) -> bool {
    text.len() >= 6
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}
