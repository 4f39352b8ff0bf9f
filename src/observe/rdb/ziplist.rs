//! Ziplists: what listpacks replaced in Redis 7. Older servers pack small hashes and zsets and parts of lists into them.
//!
//! In: bytes. Out: elements. Each begins with the length of the one before it, for walks back.

use anyhow::{Result, bail};

use super::packed::{Packed, length, signed, split};

const END: u8 = 0xff;

/// The elements from the first on.
pub(super) struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let Some((head, rest)) = bytes.split_first_chunk::<10>() else { bail!("it is too short for a ziplist") };
        if length(&head[..4]) != bytes.len() || rest.last() != Some(&END) {
            bail!("it is not a ziplist of the length it says");
        }
        Ok(Self { rest })
    }

    pub(super) fn next(&mut self) -> Result<Option<Packed<'a>>> {
        if self.rest == [END] {
            return Ok(None);
        }
        match split(&mut self.rest, 1)?[0] {
            0xfe => drop(split(&mut self.rest, 4)?),
            END => bail!("it goes on after its end"),
            _ => {}
        }
        let first = split(&mut self.rest, 1)?[0];
        let number = |rest: &mut &'a [u8], count| split(rest, count).map(|bytes| Packed::Number(signed(bytes)));
        let element = match first {
            0x00..=0x3f => Packed::Text(split(&mut self.rest, usize::from(first))?),
            0x40..=0x7f => {
                let count = usize::from(first & 0x3f) << 8 | usize::from(split(&mut self.rest, 1)?[0]);
                Packed::Text(split(&mut self.rest, count)?)
            }
            0x80 => {
                // The only number with its highest byte first.
                let count = split(&mut self.rest, 4)?.iter().fold(0, |count, byte| count << 8 | usize::from(*byte));
                Packed::Text(split(&mut self.rest, count)?)
            }
            0xc0 => number(&mut self.rest, 2)?,
            0xd0 => number(&mut self.rest, 4)?,
            0xe0 => number(&mut self.rest, 8)?,
            0xf0 => number(&mut self.rest, 3)?,
            0xfe => number(&mut self.rest, 1)?,
            0xf1..=0xfd => Packed::Number(i64::from(first) - 0xf1),
            _ => bail!("an element is of the form {first:#04x}, which there is not"),
        };
        Ok(Some(element))
    }
}
