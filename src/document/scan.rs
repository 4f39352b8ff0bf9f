//! The lexical level of JSON: where a string or a number ends, and what it means.
//! Takes the text and an offset, gives offsets and values. Knows nothing of nesting or slots.

use std::fmt;

use super::slot::Tag;

/// Why bytes are not JSON. Never quotes the bytes: they are private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson {
    /// Byte offset where reading stopped.
    pub offset: usize,
    /// Short reason, such as `expected ',' or '}'`.
    pub reason: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.reason, self.offset)
    }
}

impl std::error::Error for NotJson {}

pub(super) fn refuse<T>(offset: usize, reason: &'static str) -> Result<T, NotJson> {
    Err(NotJson { offset, reason })
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Offset of the first byte from `at` that ends a plain run inside a string: a quote, a backslash or
/// a control character; the length of `bytes` if there is none.
fn end_of_plain(bytes: &[u8], mut at: usize) -> usize {
    // Eight bytes at a time. Each term may flag a byte falsely only above one it flags truly, so the
    // lowest flag is right.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * 0x22);
        let slash = word ^ (ONES * 0x5C);
        let flags = (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let flags = flags & TOPS;
        if flags != 0 {
            return at + (flags.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

/// Where a string's text lies.
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The range is of the unescaped buffer rather than of the source.
    pub(super) unescaped: bool,
    /// Offset in the source after the closing quote.
    pub(super) after: usize,
}

/// Reads the string whose opening quote is just before `start`.
pub(super) fn string(source: &str, start: usize, unescaped: &mut String) -> Result<Text, NotJson> {
    let bytes = source.as_bytes();
    let mut at = end_of_plain(bytes, start);
    if bytes.get(at) == Some(&b'"') {
        return Ok(Text { start, end: at, unescaped: false, after: at + 1 });
    }
    let begin = unescaped.len();
    let mut run = start;
    loop {
        // Runs end at ASCII bytes, so the range is on character boundaries.
        unescaped.push_str(source.get(run..at).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => {
                return Ok(Text { start: begin, end: unescaped.len(), unescaped: true, after: at + 1 });
            }
            Some(b'\\') => {
                let (character, after) = escape(bytes, at + 1)?;
                unescaped.push(character);
                run = after;
                at = end_of_plain(bytes, after);
            }
            Some(_) => return refuse(at, "control character in a string: it must be escaped"),
            None => return refuse(at, "the text ends inside a string"),
        }
    }
}

/// The character of the escape whose letter is at `at`, and the offset after it.
fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), NotJson> {
    let simple = match bytes.get(at) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(bytes, at + 1),
        Some(_) => return refuse(at, "unknown escape in a string"),
        None => return refuse(at, "the text ends inside a string"),
    };
    Ok((simple, at + 1))
}

/// The character of `\uXXXX`, or of the two that make a surrogate pair.
fn unicode_escape(bytes: &[u8], at: usize) -> Result<(char, usize), NotJson> {
    const LONE: &str = "lone surrogate in a string";
    let first = four_digits(bytes, at)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, at + 4));
    }
    if first >= 0xDC00 || bytes.get(at + 4..at + 6) != Some(b"\\u") {
        return refuse(at, LONE);
    }
    let second = four_digits(bytes, at + 6)?;
    if !(0xDC00..0xE000).contains(&second) {
        return refuse(at, LONE);
    }
    match char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)) {
        Some(character) => Ok((character, at + 10)),
        None => refuse(at, LONE),
    }
}

fn four_digits(bytes: &[u8], at: usize) -> Result<u32, NotJson> {
    let mut value = 0;
    for offset in at..at + 4 {
        match bytes.get(offset).and_then(|byte| char::from(*byte).to_digit(16)) {
            Some(digit) => value = value * 16 + digit,
            None => return refuse(offset, "expected four hexadecimal digits after \\u"),
        }
    }
    Ok(value)
}

/// What a number's text means.
pub(super) struct Number {
    pub(super) tag: Tag,
    pub(super) bits: u64,
    /// Offset after the last character.
    pub(super) after: usize,
}

/// Digits read so far: their value while it fits, and how many count.
#[derive(Default)]
struct Digits {
    mantissa: u64,
    significant: usize,
}

impl Digits {
    /// Reads digits from `at`; the offset after them.
    fn read(&mut self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // Past 19 digits the mantissa is not used, so that it may wrap.
            self.mantissa = self.mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.significant += usize::from(self.significant > 0 || digit > 0);
            at += 1;
        }
        at
    }
}

/// Reads the number that starts at `start`, where there is a digit or a minus sign.
pub(super) fn number(source: &str, start: usize) -> Result<Number, NotJson> {
    let bytes = source.as_bytes();
    let negative = bytes.get(start) == Some(&b'-');
    let whole = start + usize::from(negative);
    let mut digits = Digits::default();
    let mut at = digits.read(bytes, whole);
    if at == whole {
        return refuse(at, "expected a digit");
    }
    if bytes.get(whole) == Some(&b'0') && at > whole + 1 {
        return refuse(whole, "a number starts with a superfluous zero");
    }
    let mut scale = 0_i64;
    let mut integer = true;
    if bytes.get(at) == Some(&b'.') {
        integer = false;
        let after = digits.read(bytes, at + 1);
        if after == at + 1 {
            return refuse(after, "expected a digit after the decimal point");
        }
        scale = -i64::try_from(after - at - 1).unwrap_or(i64::MAX);
        at = after;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        integer = false;
        let (exponent, after) = exponent(bytes, at + 1)?;
        scale = scale.saturating_add(exponent);
        at = after;
    }
    let text = source.get(start..at).unwrap_or_default();
    let (tag, bits) = match integer.then(|| exact_integer(text, negative, &digits)).flatten() {
        Some(value) => value,
        None => nearest_float(text, negative, &digits, scale),
    };
    Ok(Number { tag, bits, after: at })
}

/// The exponent after `e`, saturated, and the offset after it.
fn exponent(bytes: &[u8], at: usize) -> Result<(i64, usize), NotJson> {
    let (sign, digits) = match bytes.get(at) {
        Some(b'-') => (-1, at + 1),
        Some(b'+') => (1, at + 1),
        _ => (1, at),
    };
    let mut value = 0_i64;
    let mut at = digits;
    while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
        value = value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        at += 1;
    }
    if at == digits { refuse(at, "expected a digit in the exponent") } else { Ok((sign * value, at)) }
}

fn exact_integer(text: &str, negative: bool, digits: &Digits) -> Option<(Tag, u64)> {
    if negative {
        // `-0` keeps its sign only as a float.
        let value: i64 =
            if digits.significant <= 18 { -i64::try_from(digits.mantissa).ok()? } else { text.parse().ok()? };
        return (value < 0).then(|| (Tag::Negative, value.cast_unsigned()));
    }
    if digits.significant <= 19 {
        return Some((Tag::Unsigned, digits.mantissa));
    }
    text.parse().ok().map(|value: u64| (Tag::Unsigned, value))
}

/// Powers of ten that `f64` holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

fn nearest_float(text: &str, negative: bool, digits: &Digits, scale: i64) -> (Tag, u64) {
    // Both operands are exact, so one rounding gives the nearest value.
    if digits.significant <= 15
        && let Some(power) = usize::try_from(scale.unsigned_abs()).ok().and_then(|index| POWERS.get(index))
    {
        #[expect(clippy::cast_precision_loss, reason = "15 digits are below 2^53")]
        let mantissa = digits.mantissa as f64;
        let value = if scale < 0 { mantissa / power } else { mantissa * power };
        return (Tag::Float, (if negative { -value } else { value }).to_bits());
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => (Tag::Float, value.to_bits()),
        _ => (Tag::Huge, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_runs_end_at_the_first_special_byte() {
        for length in 0..20 {
            for special in [0x22, 0x5C, 0x00, 0x1F] {
                for at in 0..length {
                    let mut bytes = vec![0xC3_u8; length];
                    bytes[at] = special;
                    assert_eq!(end_of_plain(&bytes, 0), at);
                }
            }
            assert_eq!(end_of_plain(&vec![0x7F; length], 0), length);
            assert_eq!(end_of_plain(&vec![0x20; length], 0), length);
            assert_eq!(end_of_plain(&vec![0x80; length], 0), length);
        }
    }

    #[test]
    fn integers_are_exact_and_the_rest_is_the_nearest_float() {
        let read = |text: &str| number(text, 0).map(|number| (number.tag, number.bits)).unwrap();
        assert_eq!(read("18446744073709551615"), (Tag::Unsigned, u64::MAX));
        assert_eq!(read("9007199254740993"), (Tag::Unsigned, 9_007_199_254_740_993));
        assert_eq!(read("-9223372036854775808"), (Tag::Negative, i64::MIN.cast_unsigned()));
        assert_eq!(read("-9223372036854775809"), (Tag::Float, (-9_223_372_036_854_775_809_f64).to_bits()));
        assert_eq!(read("18446744073709551616"), (Tag::Float, 18_446_744_073_709_551_616_f64.to_bits()));
        assert_eq!(read("-0"), (Tag::Float, (-0.0_f64).to_bits()));
        assert_eq!(read("0.1"), (Tag::Float, 0.1_f64.to_bits()));
        assert_eq!(read("-12.5e-3"), (Tag::Float, (-0.0125_f64).to_bits()));
        assert_eq!(read("1e400").0, Tag::Huge);
        assert_eq!(read("1e-99999999999999999999"), (Tag::Float, 0));
    }
}
