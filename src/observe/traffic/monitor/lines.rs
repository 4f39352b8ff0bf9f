//! A stream of bytes as numbered lines of MONITOR.
//!
//! In: pieces of any size. Out: each line as it ends, understood or not. Nothing of a line is held but what the parser
//! keeps of it.

use std::ops::ControlFlow;

use memchr::memchr;

use super::line::{Fault, Line, Parser};

/// What a line turned out to be; `None` for an empty one.
pub(super) type Read<'a> = Result<Option<Line<'a>>, Fault>;

/// Splits, parses and counts.
#[derive(Debug)]
pub(super) struct Lines {
    parser: Parser,
    /// Lines that have ended.
    pub count: u64,
    /// Bytes of the next one have come.
    is_open: bool,
}

impl Lines {
    pub fn new() -> Self {
        Self { parser: Parser::new(), count: 0, is_open: false }
    }

    /// Takes the next piece; `each` gets every line that ends in it, with its number from 1.
    pub fn feed(
        &mut self,
        mut bytes: &[u8],
        each: &mut dyn FnMut(u64, Read<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        while let Some(end) = memchr(b'\n', bytes) {
            self.parser.feed(&bytes[..end]);
            bytes = &bytes[end + 1..];
            self.end(each)?;
        }
        self.is_open |= !bytes.is_empty();
        self.parser.feed(bytes);
        ControlFlow::Continue(())
    }

    /// Nothing more comes: what is there of a last line without an end is one.
    pub fn finish(&mut self, each: &mut dyn FnMut(u64, Read<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.is_open { self.end(each) } else { ControlFlow::Continue(()) }
    }

    fn end(&mut self, each: &mut dyn FnMut(u64, Read<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        self.count += 1;
        self.is_open = false;
        each(self.count, self.parser.end())
    }
}
