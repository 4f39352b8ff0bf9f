//! Intsets: what sets of whole numbers are packed into.
//!
//! In: bytes. Out: numbers, all of one width.

use anyhow::{Result, bail};

use super::packed::{Packed, length, signed};

/// The numbers from the first on.
pub(super) struct Walk<'a> {
    numbers: std::slice::ChunksExact<'a, u8>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let Some((head, rest)) = bytes.split_first_chunk::<8>() else { bail!("it is too short for an intset") };
        let (width, count) = (length(&head[..4]), length(&head[4..]));
        if !matches!(width, 2 | 4 | 8) || width.checked_mul(count) != Some(rest.len()) {
            bail!("it is not an intset of the length it says");
        }
        Ok(Self { numbers: rest.chunks_exact(width) })
    }

    pub(super) fn next(&mut self) -> Option<Packed<'a>> {
        self.numbers.next().map(|bytes| Packed::Number(signed(bytes)))
    }
}
