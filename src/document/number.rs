//! A number of a document as the validator reads it. Takes a slot and its text; nothing of schemas.

use std::borrow::Cow;
use std::cmp::Ordering;

use jsonschema::json::JsonNumber;

use super::slot::Tag;

/// A number: an exact integer, the nearest `f64`, or, beyond that range, only its text.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a> {
    pub(super) tag: Tag,
    pub(super) bits: u64,
    pub(super) text: &'a str,
}

impl Number<'_> {
    fn integer(&self) -> Option<i128> {
        match self.tag {
            Tag::Unsigned => Some(i128::from(self.bits)),
            Tag::Negative => Some(i128::from(self.bits.cast_signed())),
            _ => None,
        }
    }

    /// Mathematical equality. Beyond the range of `f64`, where values are not computed, equality of texts.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self.integer(), other.integer(), self.as_f64(), other.as_f64()) {
            (Some(left), Some(right), ..) => left == right,
            (Some(integer), None, _, Some(float)) | (None, Some(integer), Some(float), _) => {
                compare(float, integer) == Some(Ordering::Equal)
            }
            (None, None, Some(left), Some(right)) => left.total_cmp(&right).is_eq() || (left == 0.0 && right == 0.0),
            (_, _, None, None) => self.text == other.text,
            _ => false,
        }
    }

    /// Equal for equal numbers.
    pub(super) fn hash_key(&self) -> u64 {
        // Adding positive zero turns the negative one positive.
        self.as_f64().map_or(u64::MAX, |value| (value + 0.0).to_bits())
    }
}

/// A float against an integer, without rounding the integer.
fn compare(float: f64, integer: i128) -> Option<Ordering> {
    const LIMIT: f64 = 1e30;
    if float.fract() != 0.0 || float.abs() > LIMIT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 1e30 fits in i128")]
    let whole = float as i128;
    Some(whole.cmp(&integer))
}

/// Whether a number beyond the range of `f64` is whole: as many places as the exponent makes up for.
fn is_whole(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let Some((_, fraction)) = mantissa.split_once('.') else {
        return !exponent.starts_with('-');
    };
    let places = fraction.trim_end_matches('0').len();
    // An exponent that does not fit is vast; negative ones never lead beyond the range by themselves.
    exponent
        .parse::<i64>()
        .map_or(!exponent.starts_with('-'), |power| usize::try_from(power).is_ok_and(|n| n >= places))
}

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        (self.tag == Tag::Unsigned).then_some(self.bits)
    }

    fn as_i64(&self) -> Option<i64> {
        match self.tag {
            Tag::Unsigned => i64::try_from(self.bits).ok(),
            Tag::Negative => Some(self.bits.cast_signed()),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what is asked for")]
    fn as_f64(&self) -> Option<f64> {
        match self.tag {
            Tag::Unsigned => Some(self.bits as f64),
            Tag::Negative => Some(self.bits.cast_signed() as f64),
            Tag::Float => Some(f64::from_bits(self.bits)),
            _ => None,
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let exact = self.as_u64().map(Into::into).or_else(|| self.as_i64().map(Into::into));
        let nearest = || self.as_f64().and_then(serde_json::Number::from_f64);
        Cow::Owned(exact.or_else(nearest).unwrap_or_else(|| 0.into()))
    }

    fn is_integer(&self) -> bool {
        match self.tag {
            Tag::Float => f64::from_bits(self.bits).fract() == 0.0,
            Tag::Huge => is_whole(self.text),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::scan;

    fn read(text: &str) -> Number<'_> {
        let number = scan::number(text, 0).unwrap();
        Number { tag: number.tag, bits: number.bits, text }
    }

    #[test]
    fn numbers_compare_by_value() {
        for (left, right, equal) in [
            ("1", "1.0", true),
            ("0", "-0", true),
            ("100", "1e2", true),
            ("9007199254740993", "9007199254740992.0", false),
            ("9007199254740992", "9007199254740992.0", true),
            ("18446744073709551615", "18446744073709551616", false),
            ("-1", "1", false),
            ("1e400", "1e400", true),
            ("1e400", "2e400", false),
            ("1e400", "1", false),
        ] {
            assert_eq!(read(left).equals(&read(right)), equal, "{left} {right}");
            assert_eq!(read(right).equals(&read(left)), equal, "{right} {left}");
            if equal {
                assert_eq!(read(left).hash_key(), read(right).hash_key(), "{left} {right}");
            }
        }
    }

    #[test]
    fn numbers_beyond_f64_know_whether_they_are_whole() {
        let long = format!("{}.5", "9".repeat(400));
        for (text, whole) in [("1e400", true), ("1.5e400", true), ("-1E+400", true), (&*long, false)] {
            assert_eq!(read(text).is_integer(), whole, "{text}");
        }
    }
}
