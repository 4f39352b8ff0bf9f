//! Small containers, which a file holds as one string each: what their elements are, whatever the packing.
//!
//! In: the string's bytes. Out: elements one by one, or what is wrong with the bytes. They come from anywhere.

use anyhow::{Context, Result, anyhow};

use super::{intset, listpack, ziplist, zipmap};

/// How a container is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Listpack,
    Ziplist,
    Intset,
    Zipmap,
}

/// An element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Packed<'a> {
    Text(&'a [u8]),
    Number(i64),
}

impl Packed<'_> {
    pub(super) fn to_vec(self) -> Vec<u8> {
        match self {
            Self::Text(bytes) => bytes.to_vec(),
            Self::Number(number) => number.to_string().into_bytes(),
        }
    }

    /// The element as a whole number.
    pub(super) fn whole(self) -> Result<i64> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(bytes) => std::str::from_utf8(bytes)
                .ok()
                .and_then(|text| text.parse().ok())
                .context("an element should be a whole number and is not"),
        }
    }

    /// The element as a score.
    pub(super) fn score(self) -> Result<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "a score is a double on the server too")]
            Self::Number(number) => Ok(number as f64),
            Self::Text(bytes) => score(bytes),
        }
    }
}

/// A score written as text.
pub(super) fn score(text: &[u8]) -> Result<f64> {
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    number.context("a score is not a number")
}

/// The elements of a packed container. After an error there are no more.
pub(super) enum Walk<'a> {
    Listpack(listpack::Walk<'a>),
    Ziplist(ziplist::Walk<'a>),
    Intset(intset::Walk<'a>),
    Zipmap(zipmap::Walk<'a>),
}

impl<'a> Walk<'a> {
    /// Begins with the first element.
    ///
    /// # Errors
    /// When the bytes cannot be such a container.
    pub(super) fn new(packing: Packing, bytes: &'a [u8]) -> Result<Self> {
        Ok(match packing {
            Packing::Listpack => Self::Listpack(listpack::Walk::new(bytes)?),
            Packing::Ziplist => Self::Ziplist(ziplist::Walk::new(bytes)?),
            Packing::Intset => Self::Intset(intset::Walk::new(bytes)?),
            Packing::Zipmap => Self::Zipmap(zipmap::Walk::new(bytes)?),
        })
    }

    /// The next element; `None` after the last one.
    ///
    /// # Errors
    /// When the bytes are damaged here.
    pub(super) fn next(&mut self) -> Result<Option<Packed<'a>>> {
        match self {
            Self::Listpack(walk) => walk.next(),
            Self::Ziplist(walk) => walk.next(),
            Self::Intset(walk) => Ok(walk.next()),
            Self::Zipmap(walk) => walk.next(),
        }
    }

    /// The next element, where there must be one.
    ///
    /// # Errors
    /// When there is none, or the bytes are damaged.
    pub(super) fn need(&mut self) -> Result<Packed<'a>> {
        self.next()?.ok_or_else(|| anyhow!("it ends in the middle of an element"))
    }
}

/// Splits off so many bytes.
pub(super) fn split<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(count).context("an element is longer than the bytes that are left")?;
    *bytes = rest;
    Ok(head)
}

/// A whole number of 1 to 8 bytes, the lowest first, with its sign.
pub(super) fn signed(bytes: &[u8]) -> i64 {
    let mut wide = if bytes.last().is_some_and(|last| last & 0x80 != 0) { [0xff; 8] } else { [0; 8] };
    for (to, from) in wide.iter_mut().zip(bytes) {
        *to = *from;
    }
    i64::from_le_bytes(wide)
}

/// A length of up to 4 bytes, the lowest first.
pub(super) fn length(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte))
}
