//! Listpacks: from Redis 7 on what small hashes, sets and zsets, parts of lists, and streams are packed into.
//!
//! In: bytes. Out: elements. Numbers are the lowest byte first; each element ends with its own length, for walks back.

use anyhow::{Result, bail};

use super::packed::{Packed, length, signed, split};

const END: u8 = 0xff;

/// The elements from the first on.
pub(super) struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let Some((head, rest)) = bytes.split_first_chunk::<6>() else { bail!("it is too short for a listpack") };
        if length(&head[..4]) != bytes.len() || rest.last() != Some(&END) {
            bail!("it is not a listpack of the length it says");
        }
        Ok(Self { rest })
    }

    pub(super) fn next(&mut self) -> Result<Option<Packed<'a>>> {
        let before = self.rest.len();
        let Some((first, rest)) = self.rest.split_first() else { bail!("it has no end") };
        self.rest = rest;
        let first = *first;
        let element = match first {
            END if rest.is_empty() => return Ok(None),
            0x00..=0x7f => Packed::Number(first.into()),
            0x80..=0xbf => Packed::Text(split(&mut self.rest, usize::from(first & 0x3f))?),
            0xc0..=0xdf => {
                let number = u16::from(first & 0x1f) << 8 | u16::from(split(&mut self.rest, 1)?[0]);
                // Thirteen bits, the highest of which is the sign.
                Packed::Number(if number >= 1 << 12 { i64::from(number) - (1 << 13) } else { number.into() })
            }
            0xe0..=0xef => {
                let count = usize::from(first & 0x0f) << 8 | usize::from(split(&mut self.rest, 1)?[0]);
                Packed::Text(split(&mut self.rest, count)?)
            }
            0xf0 => {
                let count = length(split(&mut self.rest, 4)?);
                Packed::Text(split(&mut self.rest, count)?)
            }
            0xf1..=0xf3 => Packed::Number(signed(split(&mut self.rest, usize::from(first - 0xf1) + 2)?)),
            0xf4 => Packed::Number(signed(split(&mut self.rest, 8)?)),
            _ => bail!("an element begins with {first:#04x}, which none does"),
        };
        let length = before - self.rest.len();
        split(&mut self.rest, back(length))?;
        Ok(Some(element))
    }
}

/// Bytes of the length that ends an element of this many bytes.
pub(super) fn back(bytes: usize) -> usize {
    match bytes {
        0..=127 => 1,
        128..16_383 => 2,
        16_383..2_097_151 => 3,
        2_097_151..268_435_455 => 4,
        _ => 5,
    }
}
