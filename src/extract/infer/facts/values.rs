//! Values as a server holds them: which scalars all of them are, and what JSON they hold.

use super::super::payload::{Numbers, Summary};
use crate::registry::{Scalar, scalar_fault};

/// What is known of values at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// How many.
    pub count: u64,
    /// The scalars that all of them are, a bit each.
    scalars: u16,
    /// Are all of them `true` or `false`, and not 1 or 0?
    words: bool,
    /// The JSON that they are; `None` when one is not JSON.
    json: Option<Summary>,
    /// The numbers that they are; `None` when one is no number.
    numbers: Option<Numbers>,
    /// Bytes of the longest.
    pub longest: u64,
}

impl Default for Values {
    fn default() -> Self {
        Self { count: 0, scalars: u16::MAX, words: true, json: Some(Summary::default()), numbers: None, longest: 0 }
    }
}

/// What values are, in the words of the registry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Holds<'a> {
    /// Nothing was seen.
    Nothing,
    /// A scalar, and in which unit if it looks like a time.
    Scalar(&'static str),
    /// JSON with a structure.
    Payload(&'a Summary),
}

impl Values {
    /// What is known of one.
    #[must_use]
    pub fn of(value: &[u8]) -> Self {
        let is = |scalar: &Scalar| scalar_fault(*scalar, value).is_none();
        let bits = Scalar::ALL.iter().enumerate().filter(|(_, scalar)| is(scalar));
        let scalars = bits.map(|(at, _)| 1 << at).sum();
        let has = |scalar| scalars & bit(scalar) != 0;
        let json = has(Scalar::Json).then(|| serde_json::from_slice(value).ok()).flatten();
        let number = std::str::from_utf8(value).ok().filter(|_| has(Scalar::Number)).and_then(|text| text.parse().ok());
        Self {
            count: 1,
            scalars,
            words: matches!(value, b"true" | b"false"),
            json: json.map(|value| Summary::of(&value)),
            numbers: number.map(|number| Numbers::of_value(number, has(Scalar::Integer))),
            longest: value.len() as u64,
        }
    }

    /// A number that was counted up or down: whole, or not.
    #[must_use]
    pub fn counter(is_whole: bool) -> Self {
        Self::of(if is_whole { b"2" } else { b"2.5" })
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other;
            return;
        }
        self.count += other.count;
        self.scalars &= other.scalars;
        self.words &= other.words;
        self.json = self.json.take().zip(other.json).map(|(mut json, more)| {
            json.merge(more);
            json.bound();
            json
        });
        self.numbers = self.numbers.take().zip(other.numbers).map(|(mut numbers, more)| {
            numbers.merge(more);
            numbers
        });
        self.longest = self.longest.max(other.longest);
    }

    /// What tells them from other text and other JSON: the names of members, or a scalar that hardly any text is by chance.
    #[must_use]
    pub fn closer(&self) -> Vec<String> {
        match self.holds() {
            Holds::Nothing | Holds::Scalar("text" | "json" | "bytes") => Vec::new(),
            // Whether a number is whole is chance where others are not.
            Holds::Scalar("integer" | "number") => vec!["number".to_owned()],
            Holds::Scalar(word) => vec![word.to_owned()],
            Holds::Payload(summary) => summary.member_names().into_iter().map(|name| format!("json:{name}")).collect(),
        }
    }

    /// Are all of them JSON with a structure?
    #[must_use]
    pub fn is_structured(&self) -> bool {
        self.count > 0 && self.json.as_ref().is_some_and(|json| json.containers() == json.count())
    }

    /// What they are.
    #[must_use]
    pub fn holds(&self) -> Holds<'_> {
        if self.count == 0 {
            return Holds::Nothing;
        }
        let all = |scalar| self.scalars & bit(scalar) != 0;
        if let Some(json) = self.json.as_ref().filter(|json| json.containers() > 0) {
            return Holds::Payload(json);
        }
        let unit = || Some(self.numbers.as_ref()?.unit()?.word());
        Holds::Scalar(match () {
            // `007` is a number to a lenient reader, and an id to whoever wrote it.
            () if all(Scalar::Number) && all(Scalar::Json) => match unit() {
                Some(unit) => unit,
                None if all(Scalar::Integer) => "integer",
                None => "number",
            },
            () if self.words || all(Scalar::Boolean) => "boolean",
            () if all(Scalar::DateTime) => "date-time",
            // Strings in quotes are JSON on purpose; whatever else is JSON by chance was a scalar above.
            () if all(Scalar::Json) => "json",
            () if all(Scalar::Text) => "text",
            () => "bytes",
        })
    }
}

fn bit(scalar: Scalar) -> u16 {
    Scalar::ALL.iter().position(|known| *known == scalar).map_or(0, |at| 1 << at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(values: &[&str]) -> String {
        let mut all = Values::default();
        values.iter().for_each(|value| all.merge(Values::of(value.as_bytes())));
        match all.holds() {
            Holds::Nothing => "nothing".into(),
            Holds::Scalar(word) => word.into(),
            Holds::Payload(_) => "payload".into(),
        }
    }

    #[test]
    fn values_are_told_by_all_of_them() {
        for (values, expected) in [
            (&[][..], "nothing"),
            (&["1", "-7"], "integer"),
            (&["1", "0"], "integer"),
            (&["1", "0.5"], "number"),
            (&["true", "false"], "boolean"),
            (&["true", "1"], "boolean"),
            (&["1767225600", "1767225601.5"], "epoch_s"),
            (&["1767225600000"], "epoch_ms"),
            (&["1767225600000", "7"], "integer"),
            (&["2026-01-31T09:30:00Z"], "date-time"),
            (&["2026-01-31T09:30:00Z", "soon"], "text"),
            (&["\"a\"", "\"b\""], "json"),
            (&["{}", "[1]"], "payload"),
            (&["{}", "null"], "payload"),
            (&["{}", "none"], "text"),
            (&["007"], "text"),
            (&["", "a"], "text"),
        ] {
            assert_eq!(holds(values), expected, "{values:?}");
        }
        assert_eq!(Values::of(b"\xff\x00").holds(), Holds::Scalar("bytes"));
    }
}
