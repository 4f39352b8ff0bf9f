//! What passes a connection, looked at: bytes of both sides in, and what of them is to be written on.
//!
//! In: pieces of bytes as they were read. Out: the bytes to forward, which without a gate are the same ones, and calls in
//! the ledger. When bytes cannot be understood it stops looking and lets all pass, or, with a gate, lets nothing pass.

use std::borrow::Cow;

use super::gate::{Keeper, Verdict};
use super::ledger::{Answer, Ledger, Lost};
use super::role::{self, Role};
use crate::observe::traffic::resp::{ReplyReader, Request, RequestReader};
use crate::observe::traffic::{CALL_LIMIT, Call, Outcome, Within};

/// Room for held bytes that an idle connection may keep.
const HELD_KEPT: usize = 4 << 10;
const DISCARD: &[u8] = b"*1\r\n$7\r\nDISCARD\r\n";

/// Both directions of one connection.
pub(super) struct Peek {
    pub ledger: Ledger,
    requests: RequestReader,
    replies: ReplyReader,
    keeper: Option<Keeper>,
    /// With a gate: bytes of a request that is not judged yet.
    held: Vec<u8>,
    /// With a gate: the verdict on a request of which more is to come.
    verdict: Option<Verdict>,
    connection: u64,
    /// The database, as the requests before suppose.
    database: u32,
    /// With a gate: what the client is told when the server has said all.
    pub last_words: Option<String>,
    /// Why it no longer looks.
    pub lost: Option<Lost>,
}

impl Peek {
    pub fn new(ledger: Ledger, keeper: Option<Keeper>, connection: u64) -> Self {
        Self {
            database: ledger.session.database,
            ledger,
            requests: RequestReader::default(),
            replies: ReplyReader::default(),
            keeper,
            held: Vec::new(),
            verdict: None,
            connection,
            last_words: None,
            lost: None,
        }
    }

    /// Whether nothing is under way in either direction.
    pub fn is_idle(&self) -> bool {
        self.ledger.is_settled() && self.requests.is_between() && self.replies.is_between()
    }

    /// Looks at bytes of the client; the result goes to the server. Once there are last words, nothing more may go.
    pub fn requests<'a>(&mut self, bytes: &'a [u8], at_us: u64) -> Cow<'a, [u8]> {
        if self.lost.is_some() {
            return Cow::Borrowed(bytes);
        }
        if self.keeper.is_some() {
            return Cow::Owned(self.gated(bytes, at_us));
        }
        let mut at = 0;
        loop {
            match self.requests.next(bytes, &mut at) {
                Ok(Some(request)) => {
                    let (call, weight, role) = self.call(request, at_us);
                    let is_replication = role == Role::Replication;
                    let noted = self.ledger.expect(call, weight, role, Answer::Servers);
                    let end = if is_replication { Err(Lost("replication")) } else { noted };
                    if let Err(lost) = end {
                        self.lose(lost);
                        break;
                    }
                }
                Ok(None) => break,
                Err(broken) => {
                    self.lose(Lost(broken.0));
                    break;
                }
            }
        }
        Cow::Borrowed(bytes)
    }

    /// Looks at bytes of the server; the result goes to the client.
    ///
    /// # Errors
    /// With a gate, when they cannot be matched with requests.
    pub fn replies<'a>(&mut self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, Lost> {
        if self.lost.is_some() {
            return Ok(Cow::Borrowed(bytes));
        }
        let (mut at, mut copied) = (0, 0);
        let mut edited = None;
        loop {
            if self.replies.is_between() {
                self.insert_due(bytes, &mut copied, at, &mut edited);
            }
            let start = at;
            let is_withheld = self.ledger.is_withheld();
            let reply = match self.replies.next(bytes, &mut at) {
                Ok(reply) => reply,
                Err(broken) => return self.lose_replies(Lost(broken.0), bytes),
            };
            let kind = reply.as_ref().map(|reply| reply.kind);
            if is_withheld && kind.map_or(!self.replies.is_push(), |kind| kind != b'>') {
                edited.get_or_insert_with(Vec::new).extend_from_slice(&bytes[copied..start]);
                copied = at;
            }
            let Some(reply) = reply else { break };
            if let Err(lost) = self.ledger.take(&reply) {
                return self.lose_replies(lost, bytes);
            }
        }
        Ok(match edited {
            None => Cow::Borrowed(bytes),
            Some(mut edited) => {
                edited.extend_from_slice(&bytes[copied..]);
                Cow::Owned(edited)
            }
        })
    }

    /// Error lines of keywire's own that are due while the server says nothing.
    pub fn due(&mut self) -> Vec<u8> {
        let mut edited = None;
        if self.lost.is_none() && self.replies.is_between() {
            self.insert_due(&[], &mut 0, 0, &mut edited);
        }
        edited.unwrap_or_default()
    }

    fn insert_due(&mut self, bytes: &[u8], copied: &mut usize, at: usize, edited: &mut Option<Vec<u8>>) {
        while let Some(line) = self.ledger.due() {
            let edited = edited.get_or_insert_with(Vec::new);
            edited.extend_from_slice(&bytes[*copied..at]);
            *copied = at;
            edited.extend_from_slice(line.as_bytes());
            edited.extend_from_slice(b"\r\n");
        }
    }

    /// Without a gate nothing was edited, so all of the bytes may pass.
    fn lose_replies<'a>(&mut self, lost: Lost, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, Lost> {
        self.lose(lost);
        if self.keeper.is_some() { Err(lost) } else { Ok(Cow::Borrowed(bytes)) }
    }

    /// Stops looking.
    fn lose(&mut self, lost: Lost) {
        self.lost = Some(lost);
        self.ledger.give_up();
    }

    fn call(&mut self, request: Request, at_us: u64) -> (Call, usize, Role) {
        let Request { mut words, cut, weight } = request;
        let role = Role::of(&words);
        role::redact(&mut words);
        let session = &self.ledger.session;
        if self.ledger.is_empty() {
            self.database = session.database;
        }
        let call = Call {
            at_us,
            client: session.client.clone(),
            connection: self.connection,
            database: self.database,
            words,
            cut,
            within: Within::Nothing,
            outcome: Outcome::Unknown,
        };
        if let Role::Select(database) = role {
            self.database = database;
        }
        (call, weight, role)
    }

    /// Holds bytes back until the request that they belong to was judged.
    fn gated(&mut self, bytes: &[u8], at_us: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while self.last_words.is_none() {
            let start = at;
            match self.requests.next(bytes, &mut at) {
                Ok(Some(request)) => self.admit(request, &bytes[start..at], &mut out, at_us),
                Ok(None) => {
                    self.hold(&bytes[start..at], &mut out, at_us);
                    break;
                }
                // What cannot be judged does not pass. Replies to what passed before are still awaited.
                Err(broken) => self.end_with(broken.0),
            }
        }
        out
    }

    /// Judges a complete request, of which `piece` is the end, unless it was judged before.
    fn admit(&mut self, request: Request, piece: &[u8], out: &mut Vec<u8>, at_us: u64) {
        let (call, weight, role) = self.call(request, at_us);
        let verdict = match (self.verdict.take(), &mut self.keeper) {
            (Some(verdict), _) => verdict,
            (None, Some(keeper)) => keeper.judge(&call, &role),
            (None, None) => Verdict::Pass,
        };
        let (answer, is_passed) = match verdict {
            Verdict::Pass => (Answer::Servers, true),
            Verdict::Refuse(line) => (Answer::Own(line), false),
            Verdict::Abort(line) => (Answer::Instead(line), false),
        };
        let is_aborted = matches!(answer, Answer::Instead(_));
        if let Err(lost) = self.ledger.expect(call, weight, role, answer) {
            return self.end_with(lost.0);
        }
        if is_passed {
            out.append(&mut self.held);
            out.extend_from_slice(piece);
        } else if is_aborted {
            out.extend_from_slice(DISCARD);
        }
        // Most requests are small: what a large one needed is given back.
        self.held.clear();
        self.held.shrink_to(HELD_KEPT);
    }

    /// Deals with the start of a request: kept until it is judged, and after that treated as the verdict says.
    fn hold(&mut self, piece: &[u8], out: &mut Vec<u8>, at_us: u64) {
        if self.verdict.is_none() {
            self.held.extend_from_slice(piece);
            if self.requests.is_between() {
                out.append(&mut self.held);
            } else if self.held.len() > CALL_LIMIT
                && let Some(partial) = self.requests.partial()
            {
                let (call, _, role) = self.call(partial, at_us);
                let verdict = self.keeper.as_mut().map(|keeper| keeper.judge(&call, &role));
                if verdict == Some(Verdict::Pass) {
                    out.append(&mut self.held);
                }
                self.held = Vec::new();
                self.verdict = verdict;
            }
        } else if self.verdict == Some(Verdict::Pass) {
            out.extend_from_slice(piece);
        }
    }

    fn end_with(&mut self, why: &str) {
        self.last_words = Some(format!("-ERR Protocol error: {why}\r\n"));
    }
}

#[cfg(test)]
#[path = "peek_tests.rs"]
mod tests;
