//! Requests: arrays of bulk strings, or inline commands, read as they arrive.
//!
//! In: bytes of a client, in any pieces. Out: the words of each complete request, cut at the limits of a call, so that a
//! value of any size passes in constant memory.

use super::super::{CALL_LIMIT, WORD_LIMIT};
use super::{Broken, inline, integer, line};

/// Words of one request that have a place. Of a request with more, [`Request::cut`] ends with this number.
pub const WORDS_LIMIT: usize = 1 << 20;
/// The longest inline command that servers take, and more than any other line.
const LINE_LIMIT: usize = 64 << 10;
/// What a word costs beside its bytes.
const WORD_COST: usize = size_of::<Vec<u8>>();

/// One request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The command's name and its arguments; never empty.
    pub words: Vec<Vec<u8>>,
    /// Indexes of words that are not here in full, in order.
    pub cut: Vec<usize>,
    /// Bytes of memory that it holds, roughly.
    pub weight: usize,
}

/// Reads requests.
#[derive(Debug, Default)]
pub struct RequestReader {
    state: State,
    held: Vec<u8>,
    request: Request,
    kept: usize,
    /// How many words of the request there will be, and how many are complete.
    count: usize,
    done: usize,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    /// Before or in the first line of a request.
    #[default]
    First,
    /// Before or in the line with a word's length.
    Length,
    /// In a word: so many bytes are to come, and so many of them to be kept, and then two of a line's end.
    Word { left: u64, keep: usize },
}

impl RequestReader {
    /// Reads on from `bytes[*at..]` to the end of the next request, or to the end of the bytes.
    ///
    /// # Errors
    /// When they are no request; a server would say so and close the connection.
    pub fn next(&mut self, bytes: &[u8], at: &mut usize) -> Result<Option<Request>, Broken> {
        while *at < bytes.len() {
            let is_complete = match self.state {
                State::First => self.first(bytes, at)?,
                State::Length => self.length(bytes, at)?,
                State::Word { left, keep } => self.word(bytes, at, left, keep),
            };
            if is_complete {
                self.state = State::First;
                (self.kept, self.done) = (0, 0);
                return Ok(Some(std::mem::take(&mut self.request)));
            }
        }
        Ok(None)
    }

    /// Whether no request is under way.
    #[must_use]
    pub fn is_between(&self) -> bool {
        matches!(self.state, State::First) && self.held.is_empty()
    }

    /// The request under way as far as it is known: words that are still to come are empty, and marked as cut. `None`
    /// before the command's name is here.
    #[must_use]
    pub fn partial(&self) -> Option<Request> {
        if self.done == 0 {
            return None;
        }
        let mut partial = self.request.clone();
        let places = self.count.min(WORDS_LIMIT);
        partial.cut.extend((self.done..places).filter(|index| self.request.cut.binary_search(index).is_err()));
        partial.cut.sort_unstable();
        partial.words.resize(places, Vec::new());
        Some(partial)
    }

    fn first(&mut self, bytes: &[u8], at: &mut usize) -> Result<bool, Broken> {
        let Some(text) = line(&mut self.held, bytes, at, LINE_LIMIT)? else { return Ok(false) };
        if text.first() == Some(&b'*') {
            let count = text.strip_suffix(b"\r").and_then(|text| integer(&text[1..]));
            self.held.clear();
            // Servers pass over empty requests without a reply.
            self.count = usize::try_from(count.ok_or(Broken("a bad number of words"))?).unwrap_or(0);
            if self.count > 0 {
                self.state = State::Length;
            }
            return Ok(false);
        }
        let words = inline::split(text.strip_suffix(b"\r").unwrap_or(text));
        self.held.clear();
        self.request.words = words?;
        self.request.weight = self.request.words.iter().map(|word| word.len() + WORD_COST).sum();
        Ok(!self.request.words.is_empty())
    }

    fn length(&mut self, bytes: &[u8], at: &mut usize) -> Result<bool, Broken> {
        let Some(text) = line(&mut self.held, bytes, at, LINE_LIMIT)? else { return Ok(false) };
        let length = text.strip_prefix(b"$").and_then(|text| text.strip_suffix(b"\r")).and_then(integer);
        self.held.clear();
        let left = length.and_then(|length| u64::try_from(length).ok()).ok_or(Broken("a bad length of a word"))?;
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(WORD_LIMIT);
        let has_place = self.done < WORDS_LIMIT;
        let keep = if has_place && self.kept + wanted <= CALL_LIMIT { wanted } else { 0 };
        if has_place {
            self.request.words.push(Vec::with_capacity(keep));
            self.request.weight += keep + WORD_COST;
        }
        if (has_place && (keep as u64) < left) || self.done == WORDS_LIMIT {
            self.request.cut.push(self.done);
            self.request.weight += size_of::<usize>();
        }
        self.kept += keep;
        self.state = State::Word { left: left.saturating_add(2), keep };
        Ok(false)
    }

    fn word(&mut self, bytes: &[u8], at: &mut usize, left: u64, keep: usize) -> bool {
        let rest = &bytes[*at..];
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        let kept = keep.min(here);
        if let Some(word) = self.request.words.last_mut().filter(|_| kept > 0) {
            word.extend_from_slice(&rest[..kept]);
        }
        *at += here;
        let left = left - here as u64;
        self.state = State::Word { left, keep: keep - kept };
        if left > 0 {
            return false;
        }
        self.done += 1;
        self.state = State::Length;
        self.done == self.count
    }
}
