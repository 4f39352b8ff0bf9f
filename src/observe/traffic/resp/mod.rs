//! RESP framed without being held: where requests and replies begin and end, whatever pieces they come in.
//!
//! In: bytes as they arrive. Out: the words of requests, up to the limits of [`super::Call`], and of replies only what
//! tells how a command fared. It knows no commands and keeps no values of replies.

mod inline;
mod reply;
mod request;

use memchr::memchr;

pub use reply::{Reply, ReplyReader};
pub use request::{Request, RequestReader};

/// Why the bytes cannot be understood: they are no RESP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(pub &'static str);

/// The next line without its `\n`, once it is all here; `*at` moves behind it. What is not complete is kept in `held`,
/// which the caller empties when it has done with the line.
fn line<'a>(held: &'a mut Vec<u8>, bytes: &'a [u8], at: &mut usize, limit: usize) -> Result<Option<&'a [u8]>, Broken> {
    let rest = bytes.get(*at..).unwrap_or_default();
    let end = memchr(b'\n', rest);
    let piece = &rest[..end.unwrap_or(rest.len())];
    if held.len() + piece.len() > limit {
        return Err(Broken("a line is too long"));
    }
    *at += piece.len();
    if end.is_none() {
        held.extend_from_slice(piece);
        return Ok(None);
    }
    *at += 1;
    if held.is_empty() {
        return Ok(Some(piece));
    }
    held.extend_from_slice(piece);
    Ok(Some(held))
}

/// A length or count: decimal digits, with a minus perhaps.
fn integer(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+')).and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests;
