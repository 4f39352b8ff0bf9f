//! What servers answer, as values: scalars as the registry names them, payloads, fields. Replies in, values or
//! [`ReadError`] out.

use redis::RedisError;

use super::values::Invalid;

/// Why something could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The server refused, or could not be reached.
    Redis(RedisError),
    /// What is there is not what the registry says.
    Invalid(Invalid),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Redis(error) => error.fmt(f),
            Self::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Redis(error) => Some(error),
            Self::Invalid(invalid) => Some(invalid),
        }
    }
}

impl From<RedisError> for ReadError {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl From<Invalid> for ReadError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Names and values of fields, as they come.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Entries of a stream with their identifiers, as they come.
pub type RawEntries = Vec<(String, Pairs)>;

fn invalid(reason: impl Into<String>) -> Invalid {
    Invalid { at: String::new(), reason: reason.into() }
}

fn utf8(bytes: &[u8]) -> Result<&str, Invalid> {
    std::str::from_utf8(bytes).map_err(|_| invalid("must be UTF-8 text"))
}

/// A whole number.
///
/// # Errors
/// When it is something else.
pub fn read_integer(bytes: &[u8]) -> Result<i64, Invalid> {
    utf8(bytes)?.parse().map_err(|_| invalid("must be a whole number of 64 bits"))
}

/// A decimal number.
///
/// # Errors
/// When it is something else.
pub fn read_number(bytes: &[u8]) -> Result<f64, Invalid> {
    let number: f64 = utf8(bytes)?.parse().map_err(|_| invalid("must be a number"))?;
    if number.is_finite() { Ok(number) } else { Err(invalid("must be finite")) }
}

/// A time since 1970 in whole units; fractions of other writers are dropped.
///
/// # Errors
/// When it is something else.
pub fn read_epoch(bytes: &[u8]) -> Result<i64, Invalid> {
    read_integer(bytes).or_else(|_| read_number(bytes).map(whole))
}

/// true or false.
///
/// # Errors
/// When it is something else.
pub fn read_boolean(bytes: &[u8]) -> Result<bool, Invalid> {
    match bytes {
        b"true" | b"1" => Ok(true),
        b"false" | b"0" => Ok(false),
        _ => Err(invalid("must be true or false")),
    }
}

/// Text.
///
/// # Errors
/// When it is not UTF-8.
pub fn read_text(bytes: &[u8]) -> Result<String, Invalid> {
    utf8(bytes).map(str::to_owned)
}

/// Any bytes.
///
/// # Errors
/// Never.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<u8>, Invalid> {
    Ok(bytes.to_vec())
}

/// Any JSON value.
///
/// # Errors
/// When it is not JSON.
pub fn read_json(bytes: &[u8]) -> Result<serde_json::Value, Invalid> {
    serde_json::from_slice(bytes).map_err(|e| invalid(format!("must be JSON: {e}")))
}

/// Date and time of RFC 3339.
///
/// # Errors
/// When it is something else.
pub fn read_date_time(bytes: &[u8]) -> Result<String, Invalid> {
    super::words::date_time("", utf8(bytes)?).map(str::to_owned)
}

/// A score as a whole number; the server keeps floats.
#[must_use]
pub fn whole(score: f64) -> i64 {
    score as i64
}

/// A score as it is.
#[must_use]
pub fn decimal(score: f64) -> f64 {
    score
}

/// A value, if there is one.
///
/// # Errors
/// When it is there and wrong.
pub fn optional<T>(
    reply: Option<Vec<u8>>,
    decode: impl Fn(&[u8]) -> Result<T, Invalid>,
) -> Result<Option<T>, ReadError> {
    Ok(reply.map(|bytes| decode(&bytes)).transpose()?)
}

/// A value of each name, if there is one.
///
/// # Errors
/// When one is there and wrong.
pub fn optionals<T>(
    reply: Vec<Option<Vec<u8>>>,
    decode: impl Fn(&[u8]) -> Result<T, Invalid>,
) -> Result<Vec<Option<T>>, ReadError> {
    reply.into_iter().map(|value| optional(value, &decode)).collect()
}

/// Values.
///
/// # Errors
/// When one is wrong.
pub fn all<T>(reply: Vec<Vec<u8>>, decode: impl Fn(&[u8]) -> Result<T, Invalid>) -> Result<Vec<T>, ReadError> {
    Ok(reply.iter().map(|bytes| decode(bytes)).collect::<Result<_, _>>()?)
}

/// Members with their scores.
///
/// # Errors
/// When a member is wrong.
pub fn scored<T, S>(
    reply: Vec<(Vec<u8>, f64)>,
    decode: impl Fn(&[u8]) -> Result<T, Invalid>,
    score: impl Fn(f64) -> S,
) -> Result<Vec<(T, S)>, ReadError> {
    let pairs = reply.iter().map(|(bytes, number)| Ok((decode(bytes)?, score(*number))));
    Ok(pairs.collect::<Result<_, Invalid>>()?)
}

/// Entries of a stream.
///
/// # Errors
/// When an entry is wrong.
pub fn entries<T>(
    reply: RawEntries,
    decode: impl Fn(Pairs) -> Result<T, Invalid>,
) -> Result<Vec<(String, T)>, ReadError> {
    let entries = reply.into_iter().map(|(id, pairs)| match decode(pairs) {
        Ok(entry) => Ok((id, entry)),
        Err(error) => Err(Invalid { at: format!("entry {id}, {}", error.at), reason: error.reason }),
    });
    Ok(entries.collect::<Result<_, _>>()?)
}

/// The value of a field; an error says which.
///
/// # Errors
/// When it is wrong.
pub fn field<T>(name: &str, value: Result<T, Invalid>) -> Result<T, Invalid> {
    value.map_err(|error| {
        let at = if error.at.is_empty() { name.to_owned() } else { format!("{name}, {}", error.at) };
        Invalid { at, reason: error.reason }
    })
}

const MISSING: &str = "is missing";

/// A field that must be there.
///
/// # Errors
/// When it is not.
pub fn required<T>(name: &str, value: Option<T>) -> Result<T, Invalid> {
    value.ok_or_else(|| Invalid { at: name.to_owned(), reason: MISSING.to_owned() })
}

/// What was read of a hash that may not be whole yet, because each write brings one field.
///
/// # Errors
/// Those of the read, but for fields that are missing.
pub fn so_far<T>(read: Result<T, ReadError>) -> Result<(), ReadError> {
    match read {
        Err(ReadError::Invalid(invalid)) if invalid.reason == MISSING => Ok(()),
        other => other.map(drop),
    }
}

/// Is the name one of a pattern with these texts around its params, each of which holds what its own check allows?
#[must_use]
pub fn matches(around: &[&str], holds: &[fn(&str) -> bool], name: &[u8]) -> bool {
    let (Some((first, texts)), Ok(name)) = (around.split_first(), std::str::from_utf8(name)) else { return false };
    name.strip_prefix(first).is_some_and(|rest| params_match(texts, holds, rest))
}

/// Params, each with the text behind it.
fn params_match(texts: &[&str], holds: &[fn(&str) -> bool], name: &str) -> bool {
    let ([text, texts @ ..], [hold, holds @ ..]) = (texts, holds) else { return name.is_empty() };
    let mut ends = name.char_indices().map(|(at, _)| at).skip(1).chain([name.len()]);
    ends.any(|at| {
        let behind = name[at..].strip_prefix(text);
        behind.is_some_and(|rest| hold(&name[..at]) && params_match(texts, holds, rest))
    })
}

/// Is the text a value of this param?
#[must_use]
pub fn is<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_strictly() {
        assert_eq!(read_integer(b"-12"), Ok(-12));
        assert!(read_integer(b"1.5").is_err() && read_number(b"inf").is_err() && read_boolean(b"yes").is_err());
        assert_eq!(read_epoch(b"1700000000000.5"), Ok(1_700_000_000_000));
        assert_eq!(read_boolean(b"1"), Ok(true));
        assert!(read_text(b"\xff").is_err() && read_json(b"{").is_err() && read_date_time(b"now").is_err());
    }

    #[test]
    fn names_of_fields_match_their_pattern() {
        let any: fn(&str) -> bool = |text| !text.is_empty();
        assert!(matches(&["", ":price"], &[any], b"SPX:price"));
        assert!(!matches(&["", ":price"], &[any], b":price"));
        assert!(matches(&["a:", ":", ""], &[any, any], b"a:x:y"));
        assert!(!matches(&["a:", ":", ""], &[any, any], b"a:x:"));
        assert!(matches(&["", ":", ""], &[any, is::<u8>], b"I:SPX:7") && !matches(&["", ""], &[is::<u8>], b"7:8"));
        assert!(matches(&["frames"], &[], b"frames") && !matches(&["frames"], &[], b"frame"));
    }

    #[test]
    fn errors_name_the_field() {
        let error = field("frames", read_integer(b"many")).unwrap_err();
        assert_eq!(error.at, "frames");
        assert_eq!(required::<i64>("bytes", None).unwrap_err().at, "bytes");
        assert!(so_far::<()>(required("bytes", None).map_err(Into::into)).is_ok());
        let error = entries(vec![("1-0".into(), Vec::new())], |_| required::<()>("payload", None)).unwrap_err();
        assert!(error.to_string().starts_with("entry 1-0, payload"), "{error}");
    }
}
