//! Zipmaps: what Redis before 2.6 packed small hashes into. Newer servers still read them.
//!
//! In: bytes. Out: fields and values in turn. Behind a value there may be free bytes.

use anyhow::{Result, bail};

use super::packed::{Packed, length, split};

const END: u8 = 0xff;

/// The fields and values from the first on.
pub(super) struct Walk<'a> {
    rest: &'a [u8],
    at_value: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let Some((_, rest)) = bytes.split_first() else { bail!("it is too short for a zipmap") };
        if rest.last() != Some(&END) {
            bail!("it is a zipmap without an end");
        }
        Ok(Self { rest, at_value: false })
    }

    pub(super) fn next(&mut self) -> Result<Option<Packed<'a>>> {
        if !self.at_value && self.rest == [END] {
            return Ok(None);
        }
        let count = match split(&mut self.rest, 1)?[0] {
            END => bail!("it goes on after its end"),
            0xfe => length(split(&mut self.rest, 4)?),
            short => usize::from(short),
        };
        let free = if self.at_value { usize::from(split(&mut self.rest, 1)?[0]) } else { 0 };
        let element = split(&mut self.rest, count)?;
        split(&mut self.rest, free)?;
        self.at_value = !self.at_value;
        Ok(Some(Packed::Text(element)))
    }
}
