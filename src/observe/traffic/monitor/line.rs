//! One line of MONITOR, piece by piece: `1700000000.123456 [0 127.0.0.1:50312] "SET" "k" "v"` as a [`Line`].
//!
//! In: the bytes of a line in pieces of any size, without its end. Out: who asked what, words un-escaped exactly as
//! the server escapes them. It keeps what the limits allow, not the line, and knows nothing of other lines.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

use crate::observe::traffic::{CALL_LIMIT, WORD_LIMIT};

/// Words of one call that are kept. Those beyond are left out, and the last one that is kept counts as cut: servers take
/// as many as fit in memory, and even an empty word takes some.
pub const WORDS_LIMIT: usize = 1 << 20;

/// Bytes before the first word that are kept: noise, the time, and an address, which may be a path.
const HEAD_LIMIT: usize = 4 << 10;

/// Where MONITOR shows calls of scripts and functions to come from.
pub(super) const SCRIPT: &str = "lua";

/// A line that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Microseconds since 1970.
    pub at_us: u64,
    pub database: u32,
    /// `127.0.0.1:50312`, `[::1]:50312`, `unix:/path`, or [`SCRIPT`].
    pub address: Cow<'a, str>,
    pub words: Vec<Vec<u8>>,
    /// Indexes of words that are not here in full.
    pub cut: Vec<usize>,
}

/// Why a line is none of MONITOR's, in words that follow `line 7: `.
pub(super) type Fault = &'static str;

const NO_HEAD: Fault =
    "it does not begin with a time, a database and a client, as in `1700000000.123456 [0 127.0.0.1:50312]`";
const NO_TIME: Fault = "its time is cut off";
const NOT_CLOSED: Fault = "it ends within a word";
const NOT_SPACED: Fault = "after a word comes neither a space nor the end";
const NOT_ESCAPED: Fault = "a word has an escape that no server writes";

#[derive(Debug, Clone, Copy)]
enum State {
    Head,
    /// After a word; `true` once a space has come.
    Between(bool),
    Word,
    Escape,
    Hex,
    SecondHex(u8),
    Broken(Fault),
    /// The line has been given out.
    Ended,
}

/// Takes one line after the other.
#[derive(Debug)]
pub(super) struct Parser {
    state: State,
    head: Vec<u8>,
    words: Vec<Vec<u8>>,
    cut: Vec<usize>,
    kept: usize,
    /// Words beyond the limit have come.
    beyond: bool,
}

impl Parser {
    pub fn new() -> Self {
        Self { state: State::Head, head: Vec::new(), words: Vec::new(), cut: Vec::new(), kept: 0, beyond: false }
    }

    /// Takes the next piece of the line.
    pub fn feed(&mut self, mut piece: &[u8]) {
        if matches!(self.state, State::Ended) {
            self.begin();
        }
        while let Some((&byte, rest)) = piece.split_first() {
            piece = match self.state {
                State::Head => self.head(piece),
                State::Word => self.word(piece),
                State::Broken(_) | State::Ended => return,
                State::Between(_) | State::Escape | State::Hex | State::SecondHex(_) => {
                    self.step(byte);
                    rest
                }
            };
        }
    }

    /// The line has ended. `None` for what stands between lines of MONITOR by right: nothing, or the `OK` before them.
    pub fn end(&mut self) -> Result<Option<Line<'_>>, Fault> {
        if matches!(self.state, State::Ended) {
            self.begin();
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Head => match self.head.trim_ascii() {
                b"" | b"OK" | b"+OK" => Ok(None),
                _ => Err(NO_HEAD),
            },
            State::Between(_) => {
                let (at_us, database, address) = read_head(&self.head)?;
                let words = std::mem::take(&mut self.words);
                let cut = std::mem::take(&mut self.cut);
                Ok(Some(Line { at_us, database, address: String::from_utf8_lossy(address), words, cut }))
            }
            // A line that is none of MONITOR's may well have quotes.
            State::Broken(fault) => read_head(&self.head).and(Err(fault)),
            State::Word | State::Escape | State::Hex | State::SecondHex(_) | State::Ended => {
                read_head(&self.head).and(Err(NOT_CLOSED))
            }
        }
    }

    fn begin(&mut self) {
        self.state = State::Head;
        self.head.clear();
        self.words.clear();
        self.cut.clear();
        self.kept = 0;
        self.beyond = false;
    }

    fn head<'p>(&mut self, piece: &'p [u8]) -> &'p [u8] {
        let end = memchr(b'"', piece).unwrap_or(piece.len());
        let (head, rest) = piece.split_at(end);
        if self.head.len() + head.len() > HEAD_LIMIT {
            self.state = State::Broken(NO_HEAD);
            return rest;
        }
        self.head.extend_from_slice(head);
        match rest.split_first() {
            Some((_, rest)) => {
                self.open();
                rest
            }
            None => rest,
        }
    }

    fn word<'p>(&mut self, mut piece: &'p [u8]) -> &'p [u8] {
        loop {
            // Binary values are escapes all over: those that are whole are read here, the others byte by byte.
            if piece.first() != Some(&b'\\') {
                let end = memchr2(b'"', b'\\', piece).unwrap_or(piece.len());
                let (plain, rest) = piece.split_at(end);
                self.keep(plain);
                piece = rest;
            }
            piece = match piece {
                [b'\\', b'x', high, low, rest @ ..] if is_hex(*high) && is_hex(*low) => {
                    self.keep_byte(HEX[usize::from(*high)] << 4 | HEX[usize::from(*low)]);
                    rest
                }
                [b'\\', byte @ (b'"' | b'\\'), rest @ ..] => {
                    self.keep_byte(*byte);
                    rest
                }
                [b'"', rest @ ..] => {
                    self.state = State::Between(false);
                    return rest;
                }
                [b'\\', rest @ ..] => {
                    self.state = State::Escape;
                    return rest;
                }
                rest => return rest,
            };
        }
    }

    fn step(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Between(_), b' ' | b'\r' | b'\t') => State::Between(true),
            (State::Between(true), b'"') => return self.open(),
            (State::Between(_), _) => State::Broken(NOT_SPACED),
            (State::Escape, b'x') => State::Hex,
            (State::Escape, byte) => match unescape(byte) {
                Some(meant) => {
                    self.keep_byte(meant);
                    State::Word
                }
                None => State::Broken(NOT_ESCAPED),
            },
            (State::Hex | State::SecondHex(_), byte) if !is_hex(byte) => State::Broken(NOT_ESCAPED),
            (State::Hex, byte) => State::SecondHex(HEX[usize::from(byte)]),
            (State::SecondHex(high), byte) => {
                self.keep_byte(high << 4 | HEX[usize::from(byte)]);
                State::Word
            }
            (state, _) => state,
        };
    }

    fn open(&mut self) {
        self.state = State::Word;
        if self.words.len() < WORDS_LIMIT {
            self.words.push(Vec::new());
        } else if !self.beyond {
            self.beyond = true;
            self.mark_cut();
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let Some(word) = self.words.last_mut().filter(|_| !self.beyond) else { return };
        let room = WORD_LIMIT.saturating_sub(word.len()).min(CALL_LIMIT.saturating_sub(self.kept));
        let kept = bytes.get(..room).unwrap_or(bytes);
        word.extend_from_slice(kept);
        self.kept += kept.len();
        if kept.len() < bytes.len() {
            self.mark_cut();
        }
    }

    fn keep_byte(&mut self, byte: u8) {
        match self.words.last_mut() {
            Some(word) if !self.beyond && word.len() < WORD_LIMIT && self.kept < CALL_LIMIT => {
                word.push(byte);
                self.kept += 1;
            }
            _ => self.keep(&[byte]),
        }
    }

    fn mark_cut(&mut self) {
        let index = self.words.len().saturating_sub(1);
        if self.cut.last() != Some(&index) {
            self.cut.push(index);
        }
    }
}

/// What a byte after a backslash means; the server escapes no others.
fn unescape(byte: u8) -> Option<u8> {
    Some(match byte {
        b'\\' | b'"' => byte,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 0x07,
        b'b' => 0x08,
        _ => return None,
    })
}

/// What digits mean in hexadecimal; [`NO_DIGIT`] for what is none.
const HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit] as usize] = digit as u8;
        table[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    table
};
const NO_DIGIT: u8 = 0xff;

fn is_hex(byte: u8) -> bool {
    HEX[usize::from(byte)] != NO_DIGIT
}

/// Time, database and address, from what stands before the first word. Before the time there may be anything that other
/// programs put in front of lines they pass on.
fn read_head(head: &[u8]) -> Result<(u64, u32, &[u8]), Fault> {
    let inside = head.trim_ascii_end().strip_suffix(b"]").ok_or(NO_HEAD)?;
    let mut fault = NO_HEAD;
    for at in memmem::find_iter(inside, b" [") {
        let (before, after) = (&inside[..at], &inside[at + 2..]);
        let Some((database, address)) = split_once(after, b' ') else { continue };
        let Some(database) = number(database).and_then(|it| u32::try_from(it).ok()) else { continue };
        if address.is_empty() {
            continue;
        }
        match time(before) {
            Some(at_us) => return Ok((at_us, database, address)),
            None if before.last().is_some_and(u8::is_ascii_digit) => fault = NO_TIME,
            None => {}
        }
    }
    Err(fault)
}

/// Microseconds since 1970 of a text that ends in `1700000000.123456`. A time before 1973 is one whose start is missing.
fn time(text: &[u8]) -> Option<u64> {
    let from = text.iter().rposition(|byte| !byte.is_ascii_digit() && *byte != b'.').map_or(0, |at| at + 1);
    let (seconds, fraction) = split_once(&text[from..], b'.')?;
    if !(9..=12).contains(&seconds.len()) || !(1..=6).contains(&fraction.len()) {
        return None;
    }
    let scale = 10u64.pow(6 - u32::try_from(fraction.len()).ok()?);
    Some(number(seconds)? * 1_000_000 + number(fraction)? * scale)
}

/// A number of at most twelve digits.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > 12 {
        return None;
    }
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
}

fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(at, text)?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
#[path = "line_tests.rs"]
pub(super) mod tests;
