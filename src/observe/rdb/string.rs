//! Lengths and strings as RDB files write them: plain, as whole numbers, or compressed.
//!
//! In: a [`Source`]. Out: lengths, and strings up to a limit; longer ones are passed over without being held.

use anyhow::{Context, Result, bail};

use super::lzf;
use super::source::Source;

/// How a string is written.
enum Form {
    Plain(u64),
    Number(i64),
    Compressed { packed: u64, length: u64 },
}

/// A string, as far as it could be held.
#[derive(Debug, PartialEq)]
pub(super) enum Held {
    Bytes(Vec<u8>),
    /// It has this many bytes, and was passed over.
    TooLarge(u64),
}

impl Source<'_> {
    /// A length, or a plain number.
    pub(super) fn length(&mut self) -> Result<u64> {
        let at = self.offset();
        let first = self.byte()?;
        match self.length_of(first)? {
            Some(length) => Ok(length),
            None => bail!("there should be a length at byte {at}, not {first:#04x}; the file is damaged"),
        }
    }

    /// The length that begins with this byte; `None` when it begins a special form.
    fn length_of(&mut self, first: u8) -> Result<Option<u64>> {
        Ok(match first {
            0x00..=0x3f => Some(u64::from(first)),
            0x40..=0x7f => Some(u64::from(first & 0x3f) << 8 | u64::from(self.byte()?)),
            0x80 => Some(u64::from(u32::from_be_bytes(self.array()?))),
            0x81 => Some(u64::from_be_bytes(self.array()?)),
            _ => None,
        })
    }

    fn form(&mut self) -> Result<Form> {
        let at = self.offset();
        let first = self.byte()?;
        if let Some(length) = self.length_of(first)? {
            return Ok(Form::Plain(length));
        }
        Ok(match first {
            0xc0 => Form::Number(i8::from_le_bytes(self.array()?).into()),
            0xc1 => Form::Number(i16::from_le_bytes(self.array()?).into()),
            0xc2 => Form::Number(i32::from_le_bytes(self.array()?).into()),
            0xc3 => {
                let (packed, length) = (self.length()?, self.length()?);
                if !lzf::is_plausible(packed, length) {
                    bail!("{packed} bytes cannot be {length} bytes compressed, at byte {at}; the file is damaged");
                }
                Form::Compressed { packed, length }
            }
            _ => bail!("there should be a string at byte {at}, not {first:#04x}; the file is damaged"),
        })
    }

    /// A string, if it has no more bytes than the limit.
    pub(super) fn string(&mut self, limit: u64) -> Result<Held> {
        let mut bytes = Vec::new();
        Ok(match self.string_into(limit, &mut bytes)? {
            None => Held::Bytes(bytes),
            Some(length) => Held::TooLarge(length),
        })
    }

    /// The same into a buffer, which is emptied first; gives the length of a string that was passed over.
    pub(super) fn string_into(&mut self, limit: u64, to: &mut Vec<u8>) -> Result<Option<u64>> {
        to.clear();
        let at = self.offset();
        match self.form()? {
            Form::Plain(length) if length <= limit => self.append(length, to)?,
            Form::Number(number) => to.extend(number.to_string().into_bytes()),
            Form::Compressed { packed, length } if length <= limit => {
                // No more than the limit, which fits.
                let whole = usize::try_from(length)?;
                let done = self.with(packed, |bytes| lzf::decompress(bytes, whole, to))?;
                done.with_context(|| format!("the compressed string at byte {at} is damaged"))?;
            }
            Form::Plain(length) => {
                self.skip(length)?;
                return Ok(Some(length));
            }
            Form::Compressed { packed, length } => {
                self.skip(packed)?;
                return Ok(Some(length));
            }
        }
        Ok(None)
    }

    /// Passes over lengths.
    pub(super) fn skip_lengths(&mut self, count: u64) -> Result<()> {
        (0..count).try_for_each(|_| self.length().map(drop))
    }

    /// Passes over a string; gives its length.
    pub(super) fn skip_string(&mut self) -> Result<u64> {
        match self.form()? {
            Form::Plain(length) => self.skip(length).map(|()| length),
            Form::Compressed { packed, length } => self.skip(packed).map(|()| length),
            Form::Number(number) => Ok(number.to_string().len() as u64),
        }
    }
}
