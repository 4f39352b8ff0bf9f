//! The bytes of a file, in order, with their place and their checksum.
//!
//! In: any reader. Out: bytes, numbers and lengths; an error with its place where they end too soon. Nothing is ever
//! allocated by a length that the file only claims.

use std::io::{ErrorKind, Read};

use anyhow::{Context, Result, bail};

use super::crc64;

/// Bytes that are asked of the reader at once.
const CHUNK: usize = 64 << 10;

/// A reader with a buffer, a place and a checksum.
pub(super) struct Source<'r> {
    reader: Box<dyn Read + 'r>,
    buffer: Box<[u8]>,
    at: usize,
    end: usize,
    /// Place of the buffer's first byte in the file.
    base: u64,
    sum: u64,
    /// Bytes of the buffer that the sum has.
    summed: usize,
    /// Compressed bytes, kept for the next time.
    pub(super) packed: Vec<u8>,
}

impl<'r> Source<'r> {
    pub(super) fn new(reader: Box<dyn Read + 'r>) -> Self {
        let buffer = vec![0; CHUNK].into_boxed_slice();
        Self { reader, buffer, at: 0, end: 0, base: 0, sum: 0, summed: 0, packed: Vec::new() }
    }

    /// Place of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// The checksum of all bytes taken so far.
    pub(super) fn checksum(&mut self) -> u64 {
        self.sum = crc64::update(self.sum, &self.buffer[self.summed..self.at]);
        self.summed = self.at;
        self.sum
    }

    /// The bytes that are here already; at least one, unless the file is at its end.
    fn available(&mut self) -> Result<&[u8]> {
        if self.at == self.end {
            self.checksum();
            self.base += self.end as u64;
            (self.at, self.end, self.summed) = (0, 0, 0);
            self.end = loop {
                match self.reader.read(&mut self.buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    read => break read.with_context(|| format!("cannot read on at byte {}", self.base))?,
                }
            };
        }
        Ok(&self.buffer[self.at..self.end])
    }

    /// Up to so many bytes, fewer only where the file ends.
    pub(super) fn up_to(&mut self, most: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < most {
            let here = self.available()?;
            if here.is_empty() {
                break;
            }
            let count = here.len().min(most - bytes.len());
            bytes.extend_from_slice(&here[..count]);
            self.at += count;
        }
        Ok(bytes)
    }

    /// Gives the next bytes piece by piece.
    fn pieces(&mut self, mut length: u64, mut take: impl FnMut(&[u8])) -> Result<()> {
        while length > 0 {
            let here = self.available()?;
            if here.is_empty() {
                bail!("the file is cut off: it ends at byte {}", self.offset());
            }
            // No more than the buffer holds.
            let count = usize::try_from(length).unwrap_or(usize::MAX).min(here.len());
            take(&here[..count]);
            self.at += count;
            length -= count as u64;
        }
        Ok(())
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, length: u64) -> Result<()> {
        self.pieces(length, |_| {})
    }

    /// Appends so many bytes. Room is made as they come.
    pub(super) fn append(&mut self, length: u64, to: &mut Vec<u8>) -> Result<()> {
        to.reserve(usize::try_from(length).unwrap_or(usize::MAX).min(CHUNK));
        self.pieces(length, |piece| to.extend_from_slice(piece))
    }

    /// Works on so many bytes at once, without a copy where the buffer has them all.
    pub(super) fn with<T>(&mut self, length: u64, work: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let here = self.available()?;
        if let Some(bytes) = usize::try_from(length).ok().and_then(|length| here.get(..length)) {
            let (done, taken) = (work(bytes), bytes.len());
            self.at += taken;
            return Ok(done);
        }
        let mut packed = std::mem::take(&mut self.packed);
        packed.clear();
        self.append(length, &mut packed)?;
        let done = work(&packed);
        self.packed = packed;
        Ok(done)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    /// The next few bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        if let Some(bytes) = self.buffer[self.at..self.end].first_chunk::<N>() {
            let bytes = *bytes;
            self.at += N;
            return Ok(bytes);
        }
        let mut bytes = [0; N];
        let mut filled = 0;
        self.pieces(N as u64, |piece| {
            bytes[filled..filled + piece.len()].copy_from_slice(piece);
            filled += piece.len();
        })?;
        Ok(bytes)
    }
}
