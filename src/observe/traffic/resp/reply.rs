//! Replies of RESP2 and RESP3: their ends are found, and of their contents only what tells how a command fared is kept.
//!
//! In: bytes of a server, in any pieces. Out: a [`Reply`] for each complete one at the top, pushes among them. Values of
//! any size and depth pass in constant memory.

use super::{Broken, integer, line};

/// Bytes that are kept of a reply's first word, and of the kind of an error.
const WORD_BYTES: usize = 32;
/// More than any piece of a line that is read at once.
const LINE_LIMIT: usize = 1 << 20;
/// Errors inside of one reply that are told apart; of what comes after so many nothing is known.
const FAILURES_LIMIT: usize = 10_000;
/// Aggregates inside of aggregates.
const DEPTH_LIMIT: usize = 256;

/// What is known of one reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The byte that says its type: `+ - : $ * _ , # ! = ( % ~ >`.
    pub kind: u8,
    /// Whether it is null, in whichever form.
    pub is_null: bool,
    /// The start of a simple string or error, or of the first string of an aggregate.
    pub word: Vec<u8>,
    /// The last integer of an aggregate's own elements.
    pub last_integer: Option<i64>,
    /// Which elements of an aggregate are errors, and of what kind.
    pub failures: Vec<(usize, String)>,
    /// Elements from this one on may be errors that are not in `failures`.
    pub known_until: Option<usize>,
}

impl Reply {
    /// The kind of error it is: the first word of it, such as `WRONGTYPE`.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        matches!(self.kind, b'-' | b'!').then(|| kind_of(&self.word))
    }
}

fn kind_of(text: &[u8]) -> String {
    let first = text.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    String::from_utf8_lossy(first).into_owned()
}

/// Reads replies.
#[derive(Debug, Default)]
pub struct ReplyReader {
    held: Vec<u8>,
    /// The string that is under way; its start, as far as it is wanted, is in `held`.
    body: Option<Body>,
    levels: Vec<Level>,
    attributes: usize,
    reply: Reply,
}

/// A string of known length: bytes to come with its line's end, and those to be kept in `held`.
#[derive(Debug, Clone, Copy)]
struct Body {
    kind: u8,
    left: u64,
    keep: usize,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    /// Elements to come; `None` if an end mark says so.
    left: Option<u64>,
    /// Elements that came.
    index: usize,
    is: Is,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Aggregate,
    /// Stands before an element and is none.
    Attribute,
    /// A string in pieces.
    Pieces,
}

impl ReplyReader {
    /// Reads on from `bytes[*at..]` to the end of the next reply, or to the end of the bytes.
    ///
    /// # Errors
    /// When they are no reply.
    pub fn next(&mut self, bytes: &[u8], at: &mut usize) -> Result<Option<Reply>, Broken> {
        while *at < bytes.len() {
            let is_complete = match self.body {
                Some(body) => self.body(bytes, at, body),
                None => self.line(bytes, at)?,
            };
            if is_complete {
                return Ok(Some(std::mem::take(&mut self.reply)));
            }
        }
        Ok(None)
    }

    /// Whether no reply is under way.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.levels.is_empty() && self.held.is_empty() && self.body.is_none() && self.reply.kind == 0
    }

    /// Whether a push is under way.
    #[must_use]
    pub fn is_push(&self) -> bool {
        self.reply.kind == b'>' || (self.reply.kind == 0 && self.held.first() == Some(&b'>'))
    }

    fn line(&mut self, bytes: &[u8], at: &mut usize) -> Result<bool, Broken> {
        let Some(text) = line(&mut self.held, bytes, at, LINE_LIMIT)? else {
            self.shorten();
            return Ok(false);
        };
        let Some((&kind, rest)) = text.strip_suffix(b"\r").and_then(<[u8]>::split_first) else {
            return Err(Broken("a line of a reply does not end in CR LF"));
        };
        let number = integer(rest);
        let is_streamed = rest == b"?";
        let start: Vec<u8> = match kind {
            // Only what may be looked at is copied: that of a reply or of an element of its own.
            b'+' | b'-' if self.levels.len() <= 1 => rest[..rest.len().min(WORD_BYTES)].to_vec(),
            _ => Vec::new(),
        };
        self.held.clear();
        if self.levels.is_empty() && kind != b'|' {
            self.reply.kind = kind;
        }
        match kind {
            b'+' | b'-' | b':' | b',' | b'#' | b'(' | b'_' => Ok(self.scalar(kind, start, number)),
            b'$' | b'!' | b'=' | b';' => self.string(kind, number, is_streamed),
            b'*' | b'~' | b'>' | b'%' | b'|' => self.aggregate(kind, number, is_streamed),
            b'.' => match self.levels.last() {
                Some(Level { left: None, .. }) => Ok(self.end_level()),
                _ => Err(Broken("an end mark without a beginning")),
            },
            _ => Err(Broken("an unknown type of reply")),
        }
    }

    /// Scripts may say simple strings of any length: the middle of a long one is not kept.
    fn shorten(&mut self) {
        if self.held.len() > 2 * WORD_BYTES
            && let Some(last) = self.held.last().copied()
        {
            self.held.truncate(2 * WORD_BYTES);
            self.held.push(last);
        }
    }

    fn scalar(&mut self, kind: u8, start: Vec<u8>, number: Option<i64>) -> bool {
        match (self.depth(), kind) {
            (Some(0), b'_') => self.reply.is_null = true,
            (Some(0), b'+' | b'-') => self.reply.word = start,
            (Some(1), b'-') => self.failure(&start),
            (Some(1), b'+') => self.first_word(start),
            (Some(1), b':') => self.reply.last_integer = number,
            _ => {}
        }
        self.end_element()
    }

    fn string(&mut self, kind: u8, number: Option<i64>, is_streamed: bool) -> Result<bool, Broken> {
        if is_streamed && kind == b'$' {
            return self.push(Level { left: None, index: 0, is: Is::Pieces });
        }
        let in_pieces = matches!(self.levels.last(), Some(Level { is: Is::Pieces, .. }));
        if in_pieces != (kind == b';') {
            return Err(Broken("a piece of a string out of its place"));
        }
        match number {
            Some(-1) if kind != b';' => {
                self.reply.is_null |= self.depth() == Some(0);
                Ok(self.end_element())
            }
            Some(0) if kind == b';' => Ok(self.end_level()),
            Some(length @ 0..) => {
                let keep = match self.depth() {
                    _ if kind == b';' => 0,
                    Some(0) if kind == b'!' => WORD_BYTES,
                    Some(1) if kind == b'!' || self.is_first() => WORD_BYTES,
                    _ => 0,
                };
                let keep = keep.min(usize::try_from(length).unwrap_or(usize::MAX));
                self.body = Some(Body { kind, left: length.unsigned_abs() + 2, keep });
                Ok(false)
            }
            _ => Err(Broken("a bad length of a string")),
        }
    }

    fn aggregate(&mut self, kind: u8, number: Option<i64>, is_streamed: bool) -> Result<bool, Broken> {
        let is = if kind == b'|' { Is::Attribute } else { Is::Aggregate };
        let pairs = if matches!(kind, b'%' | b'|') { 2 } else { 1 };
        match number {
            None if is_streamed => self.push(Level { left: None, index: 0, is }),
            Some(-1) => {
                self.reply.is_null |= self.depth() == Some(0);
                Ok(self.end_element())
            }
            Some(0) if is == Is::Attribute => Ok(false),
            Some(0) => Ok(self.end_element()),
            Some(count @ 1..) => {
                self.push(Level { left: Some(count.unsigned_abs().saturating_mul(pairs)), index: 0, is })
            }
            _ => Err(Broken("a bad number of elements")),
        }
    }

    fn body(&mut self, bytes: &[u8], at: &mut usize, body: Body) -> bool {
        let rest = &bytes[*at..];
        let here = usize::try_from(body.left).unwrap_or(usize::MAX).min(rest.len());
        let kept = body.keep.min(here);
        self.held.extend_from_slice(&rest[..kept]);
        *at += here;
        let left = body.left - here as u64;
        self.body = Some(Body { left, keep: body.keep - kept, ..body });
        if left > 0 {
            return false;
        }
        self.body = None;
        if body.kind == b';' {
            return false;
        }
        let start = std::mem::take(&mut self.held);
        match (self.depth(), body.kind) {
            (Some(0), b'!') => self.reply.word = start,
            (Some(1), b'!') => self.failure(&start),
            (Some(1), _) => self.first_word(start),
            _ => {}
        }
        self.end_element()
    }

    /// How deep the element at hand is in the reply; `None` in attributes and pieces, which are no elements.
    fn depth(&self) -> Option<usize> {
        (self.attributes == 0).then_some(self.levels.len())
    }

    fn is_first(&self) -> bool {
        matches!(self.levels.last(), Some(Level { index: 0, .. }))
    }

    fn first_word(&mut self, word: Vec<u8>) {
        if self.is_first() {
            self.reply.word = word;
        }
    }

    fn failure(&mut self, text: &[u8]) {
        let index = self.levels.last().map_or(0, |level| level.index);
        if self.reply.failures.len() < FAILURES_LIMIT {
            self.reply.failures.push((index, kind_of(text)));
        } else if self.reply.known_until.is_none() {
            self.reply.known_until = Some(index);
        }
    }

    fn push(&mut self, level: Level) -> Result<bool, Broken> {
        if self.levels.len() == DEPTH_LIMIT {
            return Err(Broken("a reply is nested too deeply"));
        }
        self.attributes += usize::from(level.is == Is::Attribute);
        self.levels.push(level);
        Ok(false)
    }

    /// The innermost aggregate is complete. Says whether the reply is.
    fn end_level(&mut self) -> bool {
        match self.levels.pop() {
            Some(Level { is: Is::Attribute, .. }) => {
                self.attributes -= 1;
                false
            }
            _ => self.end_element(),
        }
    }

    /// An element is complete, and with it perhaps those around it. Says whether the reply is.
    fn end_element(&mut self) -> bool {
        loop {
            let Some(level) = self.levels.last_mut() else { return true };
            level.index += 1;
            let Some(left) = &mut level.left else { return false };
            *left -= 1;
            if *left > 0 {
                return false;
            }
            if level.is == Is::Attribute {
                self.attributes -= 1;
                self.levels.pop();
                return false;
            }
            self.levels.pop();
        }
    }
}
