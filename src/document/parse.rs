//! From text to slots in one pass, strict to RFC 8259, without recursion.
//! Takes the text and a cleared `Scratch`, fills the scratch. Never quotes a value in an error.

use super::scan::{self, NotJson, refuse};
use super::slot::{Slot, Tag, Texts, prefix};
use super::tree::Scratch;

/// Nested containers allowed, as many as `serde_json` takes by default.
pub const MAX_NESTING: usize = 127;

/// Up to so many members, a repeated name is looked for as it is read; beyond, by sorting.
const FEW_MEMBERS: u32 = 32;

/// Reads `source` into `scratch`. Gives the slot of a member name that repeats an earlier one, if any.
pub(super) fn fill(source: &str, scratch: &mut Scratch) -> Result<Option<usize>, NotJson> {
    let mut parser = Parser { source, at: 0, scratch, duplicate: None };
    parser.run()?;
    Ok(parser.duplicate)
}

/// Offsets and counts are below the length of the text, which `Document::parse` keeps below 4 GiB.
fn narrow(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// A container being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    slot: u32,
    object: bool,
    count: u32,
    replaced: u32,
    /// One bit per name read, by its hash: a clear bit means a new name.
    seen: u64,
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    scratch: &'a mut Scratch,
    duplicate: Option<usize>,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), NotJson> {
        if self.source.starts_with('\u{feff}') {
            return refuse(0, "starts with a byte order mark");
        }
        self.skip_space();
        loop {
            // Here a value is due.
            if self.value()? && !self.open()? {
                continue;
            }
            // Here a value has ended; close what ends with it.
            loop {
                self.skip_space();
                let Some(object) = self.scratch.frames.last().map(|frame| frame.object) else {
                    return self.finish();
                };
                match (self.peek(), object) {
                    (Some(b','), true) => {
                        self.step();
                        self.name()?;
                        break;
                    }
                    (Some(b','), false) => {
                        self.step();
                        self.count_one();
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => self.close(),
                    (None, _) => return refuse(self.at, "the text ends inside an array or object"),
                    (_, true) => return refuse(self.at, "expected ',' or '}'"),
                    (_, false) => return refuse(self.at, "expected ',' or ']'"),
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Over one byte of punctuation and the space after it.
    fn step(&mut self) {
        self.at += 1;
        self.skip_space();
    }

    fn finish(&self) -> Result<(), NotJson> {
        if self.at == self.source.len() { Ok(()) } else { refuse(self.at, "more text after the value") }
    }

    fn push(&mut self, tag: Tag, bits: u64, range: (usize, usize)) {
        self.scratch.slots.push(Slot { bits, start: narrow(range.0), len: narrow(range.1 - range.0), tag });
    }

    /// Reads a scalar, or the opening of a container: then `true`.
    fn value(&mut self) -> Result<bool, NotJson> {
        match self.peek() {
            Some(b'"') => {
                let text = scan::string(self.source, self.at + 1, &mut self.scratch.unescaped)?;
                self.push(if text.unescaped { Tag::Unescaped } else { Tag::Text }, 0, (text.start, text.end));
                self.at = text.after;
            }
            Some(b'-' | b'0'..=b'9') => {
                let number = scan::number(self.source, self.at)?;
                self.push(number.tag, number.bits, (self.at, number.after));
                self.at = number.after;
            }
            Some(byte @ (b'{' | b'[')) => {
                self.container(byte == b'{')?;
                return Ok(true);
            }
            Some(b't') => self.word("true", Tag::True)?,
            Some(b'f') => self.word("false", Tag::False)?,
            Some(b'n') => self.word("null", Tag::Null)?,
            Some(_) => return refuse(self.at, "expected a value"),
            None => return refuse(self.at, "the text ends where a value is due"),
        }
        Ok(false)
    }

    fn word(&mut self, word: &'static str, tag: Tag) -> Result<(), NotJson> {
        let end = self.at + word.len();
        if self.source.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return refuse(self.at, "expected a value");
        }
        self.push(tag, 0, (self.at, end));
        self.at = end;
        Ok(())
    }

    fn container(&mut self, object: bool) -> Result<(), NotJson> {
        if self.scratch.frames.len() == MAX_NESTING {
            return refuse(self.at, "nested too deeply");
        }
        let slot = narrow(self.scratch.slots.len());
        let tag = if object { Tag::Object } else { Tag::Array };
        self.push(tag, 0, (0, 0));
        self.scratch.frames.push(Frame { slot, object, count: 0, replaced: 0, seen: 0 });
        Ok(())
    }

    /// After an opening bracket: closes an empty container (`true`) or reads up to the first value.
    fn open(&mut self) -> Result<bool, NotJson> {
        self.step();
        let object = self.scratch.frames.last().is_some_and(|frame| frame.object);
        match (self.peek(), object) {
            (Some(b'}'), true) | (Some(b']'), false) => {
                self.close();
                return Ok(true);
            }
            (_, true) => self.name()?,
            (_, false) => self.count_one(),
        }
        Ok(false)
    }

    fn count_one(&mut self) {
        if let Some(frame) = self.scratch.frames.last_mut() {
            frame.count += 1;
        }
    }

    /// Reads a member name and its colon.
    fn name(&mut self) -> Result<(), NotJson> {
        if self.peek() != Some(b'"') {
            return refuse(self.at, "expected a member name in quotes");
        }
        let text = scan::string(self.source, self.at + 1, &mut self.scratch.unescaped)?;
        let whole = if text.unescaped { self.scratch.unescaped.as_str() } else { self.source };
        let bits = prefix(whole.as_bytes().get(text.start..text.end).unwrap_or_default());
        self.repeated(bits, &text);
        self.push(if text.unescaped { Tag::UnescapedName } else { Tag::Name }, bits, (text.start, text.end));
        self.at = text.after;
        self.skip_space();
        if self.peek() != Some(b':') {
            return refuse(self.at, "expected ':'");
        }
        self.step();
        Ok(())
    }

    /// Counts the name about to be stored, and marks an earlier one of the same text as replaced.
    fn repeated(&mut self, bits: u64, text: &scan::Text) {
        let Scratch { slots, unescaped, frames, .. } = &mut *self.scratch;
        let Some(frame) = frames.last_mut() else { return };
        frame.count += 1;
        let bit = 1 << ((bits ^ (text.end - text.start) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58);
        let known = frame.seen & bit != 0;
        frame.seen |= bit;
        if !known || frame.count > FEW_MEMBERS {
            return;
        }
        let texts = Texts { source: self.source, unescaped: &*unescaped };
        let own = Slot {
            bits,
            start: narrow(text.start),
            len: narrow(text.end - text.start),
            tag: if text.unescaped { Tag::UnescapedName } else { Tag::Name },
        };
        let new = slots.len();
        let mut at = frame.slot as usize + 1;
        while let [name, value, ..] = slots.get_mut(at..).unwrap_or_default() {
            if name.bits == bits && name.len == own.len && name.is_live_name() && texts.of(name) == texts.of(&own) {
                name.replace();
                frame.replaced += 1;
                self.duplicate.get_or_insert(new);
                return;
            }
            at += 1 + value.span();
        }
    }

    fn close(&mut self) {
        self.at += 1;
        let Some(mut frame) = self.scratch.frames.pop() else { return };
        if frame.object && frame.count > FEW_MEMBERS {
            frame.replaced += self.replace_in_large(frame.slot as usize);
        }
        let end = self.scratch.slots.len();
        if let Some(slot) = self.scratch.slots.get_mut(frame.slot as usize) {
            slot.start = narrow(end - frame.slot as usize);
            slot.len = frame.count - frame.replaced;
        }
    }

    /// The repeated names of a large object, by sorting: a scan per name would take quadratic time.
    fn replace_in_large(&mut self, object: usize) -> u32 {
        let Scratch { slots, unescaped, names, .. } = &mut *self.scratch;
        let texts = Texts { source: self.source, unescaped: &*unescaped };
        names.clear();
        let mut at = object + 1;
        while let [name, value, ..] = slots.get(at..).unwrap_or_default() {
            if name.is_live_name() {
                names.push(narrow(at));
            }
            at += 1 + value.span();
        }
        let text = |at: u32| slots.get(at as usize).map(|slot| texts.of(slot)).unwrap_or_default();
        names.sort_unstable_by(|left, right| text(*left).cmp(text(*right)).then(left.cmp(right)));
        let mut replaced = 0;
        for index in 1..names.len() {
            let (Some(&earlier), Some(&later)) = (names.get(index - 1), names.get(index)) else { break };
            let same = match (slots.get(earlier as usize), slots.get(later as usize)) {
                (Some(earlier), Some(later)) => texts.of(earlier) == texts.of(later),
                _ => false,
            };
            if same && let Some(name) = slots.get_mut(earlier as usize) {
                name.replace();
                replaced += 1;
                self.duplicate.get_or_insert(later as usize);
            }
        }
        replaced
    }
}
