//! Which reply belongs to which request: what the server owes a connection, in order.
//!
//! In: requests as they are forwarded, replies as they come. Out: calls with their outcomes, and what keywire itself has
//! to answer. It moves no bytes. What waits is bounded: beyond a limit words are forgotten, and only counted.

use std::collections::VecDeque;

use super::role::{Replies, Role};
use super::session::Session;
use crate::observe::traffic::resp::Reply;
use crate::observe::traffic::{Call, Event, Outcome, Within};

/// Bytes of words that wait for their replies on one connection; beyond, calls are counted and not kept.
const WEIGHT_LIMIT: usize = 32 << 20;
/// Entries that wait; beyond, the client is not read until some are answered. Forgotten calls in a row are one entry.
const ENTRIES_LIMIT: usize = 1 << 17;
/// What an entry weighs beside its words.
const ENTRY_COST: usize = size_of::<Owed>();

/// What a request will be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// What the server says.
    Servers,
    /// This error line of keywire's own: the server has not seen the request.
    Own(String),
    /// This error line instead of what the server says.
    Instead(String),
}

/// A call that waits for its reply.
#[derive(Debug)]
pub(super) struct Entry {
    call: Call,
    weight: usize,
    role: Role,
    answer: Answer,
    /// No reply will come (CLIENT REPLY OFF).
    is_silent: bool,
}

#[derive(Debug)]
enum Owed {
    Call(Entry),
    /// So many replies to calls without a role.
    Forgotten(u64),
}

/// What one connection waits for.
#[derive(Debug)]
pub(super) struct Ledger {
    pub session: Session,
    owed: VecDeque<Owed>,
    weight: usize,
    /// Calls that wait for EXEC.
    queued: Option<Vec<Owed>>,
    replies: Replies,
    /// MULTI was sent, and nothing that ends it.
    in_multi: bool,
    /// Calls that are complete, and how many were forgotten.
    pub events: Vec<Event>,
    pub forgotten: u64,
    /// Requests that were seen, and those among them that keywire refused.
    pub calls: u64,
    pub refused: u64,
}

/// The ledger cannot tell replies apart from here on; why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost(pub &'static str);

impl Ledger {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            owed: VecDeque::new(),
            weight: 0,
            queued: None,
            replies: Replies::On,
            in_multi: false,
            events: Vec::new(),
            forgotten: 0,
            calls: 0,
            refused: 0,
        }
    }

    /// Whether the server and keywire have answered all.
    pub fn is_settled(&self) -> bool {
        self.owed.is_empty() && self.queued.is_none()
    }

    /// Whether all was answered, be it in the middle of a transaction.
    pub fn is_empty(&self) -> bool {
        self.owed.is_empty()
    }

    /// Whether no further request should be read before some are answered.
    pub fn is_full(&self) -> bool {
        self.owed.len() >= ENTRIES_LIMIT
    }

    /// Notes a request that goes to the server, or that keywire answers.
    ///
    /// # Errors
    /// When the replies to it and to what follows cannot be told apart.
    pub fn expect(&mut self, mut call: Call, weight: usize, mut role: Role, answer: Answer) -> Result<(), Lost> {
        self.calls += 1;
        self.refused += u64::from(matches!(answer, Answer::Own(_)));
        match role {
            Role::Multi => self.in_multi = true,
            Role::Exec | Role::Discard | Role::Reset => self.in_multi = false,
            // When it takes effect depends on what only the server knows.
            Role::Replies(_) if self.in_multi => return Err(Lost("CLIENT REPLY inside of MULTI")),
            Role::Replies(_) => match self.will_be_subscriber() {
                None => return Err(Lost("CLIENT REPLY close behind a subscription")),
                // Refused, and so it is answered.
                Some(true) => role = Role::Plain,
                Some(false) => {}
            },
            _ => {}
        }
        let is_silent = self.is_silent(&role);
        let is_kept = self.weight == 0 || self.weight + weight <= WEIGHT_LIMIT;
        if !is_kept && role == Role::Plain && answer == Answer::Servers && !is_silent {
            self.forgotten += 1;
            match self.owed.back_mut() {
                Some(Owed::Forgotten(count)) => *count += 1,
                _ => self.owed.push_back(Owed::Forgotten(1)),
            }
            return Ok(());
        }
        if !is_kept {
            call.words.truncate(1);
            call.cut = vec![1];
        }
        let weight = ENTRY_COST + if is_kept { weight } else { 0 };
        self.weight += weight;
        self.owed.push_back(Owed::Call(Entry { call, weight, role, answer, is_silent }));
        self.pass_silent();
        Ok(())
    }

    /// Whether the connection will take nothing but commands about subscriptions, once all that waits is answered.
    /// `None` if it cannot be told.
    fn will_be_subscriber(&self) -> Option<bool> {
        for owed in self.owed.iter().rev() {
            match owed {
                Owed::Call(Entry { role: Role::Reset, .. }) => return Some(false),
                Owed::Call(Entry { role: Role::Subscribe { .. }, .. }) => return None,
                _ => {}
            }
        }
        Some(self.session.is_subscriber())
    }

    /// Whether a request gets no reply. CLIENT REPLY counts from the request on, since its own reply may be the first that
    /// is left out.
    fn is_silent(&mut self, role: &Role) -> bool {
        let before = self.replies;
        match (role, before) {
            (Role::Replies(Replies::On) | Role::Reset, _) => self.replies = Replies::On,
            (Role::Replies(replies), Replies::On | Replies::Skip) => self.replies = *replies,
            (_, Replies::Skip) => self.replies = Replies::On,
            _ => {}
        }
        match role {
            Role::Replies(Replies::On) => false,
            // It ends OFF before it answers, but a SKIP is for it.
            Role::Reset => before == Replies::Skip,
            Role::Replies(_) | Role::Unanswered => true,
            _ => before != Replies::On,
        }
    }

    /// Calls that get no reply are done when all before them are.
    fn pass_silent(&mut self) {
        while let Some(Owed::Call(Entry { is_silent: true, .. })) = self.owed.front() {
            if let Some(Owed::Call(entry)) = self.pop() {
                self.settle(entry, Outcome::Unknown, Within::Nothing);
            }
        }
    }

    /// Takes the error lines that are due before the server's next reply.
    pub fn due(&mut self) -> Option<String> {
        let Some(Owed::Call(Entry { answer: Answer::Own(_), .. })) = self.owed.front() else { return None };
        let Some(Owed::Call(entry)) = self.pop() else { return None };
        let Answer::Own(line) = entry.answer.clone() else { return None };
        let kind = line.trim_start_matches('-').split(' ').next().unwrap_or_default().to_owned();
        self.settle(entry, Outcome::Failed(kind), Within::Nothing);
        self.pass_silent();
        Some(line)
    }

    /// Whether the next reply of the server is not for the client.
    pub fn is_withheld(&self) -> bool {
        matches!(self.owed.front(), Some(Owed::Call(Entry { answer: Answer::Instead(_), .. })))
    }

    /// Matches a reply with what waits for it.
    ///
    /// # Errors
    /// When what follows cannot be told apart.
    pub fn take(&mut self, reply: &Reply) -> Result<(), Lost> {
        if let Some(Owed::Call(entry)) = self.owed.front()
            && let Role::Subscribe { confirms, channels } = entry.role
            && self.session.is_confirmation(reply, confirms)
        {
            let wanted = channels.unwrap_or_else(|| self.session.subscribed(confirms));
            self.session.confirmed(reply);
            return self.confirm(confirms, wanted);
        }
        if self.session.is_unasked(reply) {
            self.session.confirmed(reply);
            return Ok(());
        }
        match self.pop() {
            // What nobody asked for precedes the end of a connection: too many clients, or a bad request.
            None => Ok(()),
            Some(Owed::Forgotten(_)) => {
                if let Some(queued) = self.queued.as_mut().filter(|_| is_queued(reply)) {
                    match queued.last_mut() {
                        Some(Owed::Forgotten(count)) => *count += 1,
                        _ => queued.push(Owed::Forgotten(1)),
                    }
                }
                self.pass_silent();
                Ok(())
            }
            Some(Owed::Call(entry)) => self.answered(entry, reply),
        }
    }

    /// One of the confirmations that the first entry waits for has come, of as many as `wanted`.
    fn confirm(&mut self, confirms: &'static [u8], wanted: u64) -> Result<(), Lost> {
        if wanted > 1 {
            if let Some(Owed::Call(entry)) = self.owed.front_mut() {
                entry.role = Role::Subscribe { confirms, channels: Some(wanted - 1) };
            }
        } else if let Some(Owed::Call(entry)) = self.pop() {
            self.settle(entry, Outcome::Done, Within::Nothing);
            self.pass_silent();
        }
        Ok(())
    }

    fn answered(&mut self, mut entry: Entry, reply: &Reply) -> Result<(), Lost> {
        if let Answer::Instead(line) = entry.answer {
            self.drop_queued();
            entry.answer = Answer::Own(line);
            self.weight += entry.weight;
            self.owed.push_front(Owed::Call(entry));
            return Ok(());
        }
        if self.queued.is_some() && is_queued(reply) {
            self.weight += entry.weight;
            self.queued.get_or_insert_default().push(Owed::Call(entry));
            self.pass_silent();
            return Ok(());
        }
        let outcome = reply.error().map_or(Outcome::Done, Outcome::Failed);
        let is_done = outcome == Outcome::Done;
        match entry.role {
            Role::Multi if is_done => self.queued = Some(Vec::new()),
            Role::Discard | Role::Reset if is_done => drop(self.drop_queued()),
            Role::Exec => self.execute(reply)?,
            _ => {}
        }
        self.settle(entry, outcome, Within::Nothing);
        self.pass_silent();
        Ok(())
    }

    /// The queued calls will never run: they are no calls.
    fn drop_queued(&mut self) -> Vec<Owed> {
        let queued = self.queued.take().unwrap_or_default();
        for owed in &queued {
            if let Owed::Call(entry) = owed {
                self.weight -= entry.weight;
            }
        }
        queued
    }

    /// EXEC was answered: its elements are the replies of the queued calls.
    fn execute(&mut self, reply: &Reply) -> Result<(), Lost> {
        let queued = self.drop_queued();
        if reply.kind != b'*' || reply.is_null {
            return Ok(());
        }
        let mut failures = reply.failures.iter().peekable();
        let mut index = 0;
        let mut lost = Ok(());
        for owed in queued {
            let entry = match owed {
                Owed::Call(entry) => entry,
                Owed::Forgotten(count) => {
                    index += usize::try_from(count).unwrap_or(usize::MAX);
                    continue;
                }
            };
            if let Role::Subscribe { .. } | Role::Replies(_) | Role::Monitor = entry.role {
                lost = Err(Lost("SUBSCRIBE, MONITOR or CLIENT REPLY inside of MULTI"));
            }
            while failures.next_if(|(at, _)| *at < index).is_some() {}
            let outcome = match failures.peek() {
                Some((at, kind)) if *at == index => Outcome::Failed(kind.clone()),
                _ if reply.known_until.is_some_and(|until| index >= until) => Outcome::Unknown,
                _ => Outcome::Done,
            };
            self.settle(entry, outcome, Within::Transaction);
            index += 1;
        }
        lost
    }

    /// Hands out a call whose outcome is known, or never will be.
    fn settle(&mut self, entry: Entry, outcome: Outcome, within: Within) {
        let Entry { mut call, role, .. } = entry;
        call.client = self.session.client.clone();
        call.database = self.session.database;
        // Of what is never answered the best guess is that it succeeded.
        if !matches!(outcome, Outcome::Failed(_)) {
            self.session.apply(role);
        }
        call.within = within;
        call.outcome = outcome;
        self.events.push(Event::Call(call));
    }

    /// Nothing more can be told of replies: what waits has an unknown outcome.
    pub fn give_up(&mut self) {
        while let Some(owed) = self.pop() {
            if let Owed::Call(entry) = owed {
                let call = Call { outcome: Outcome::Unknown, ..entry.call };
                self.events.push(Event::Call(call));
            }
        }
        self.drop_queued();
    }

    fn pop(&mut self) -> Option<Owed> {
        if let Some(Owed::Forgotten(count)) = self.owed.front_mut()
            && *count > 1
        {
            *count -= 1;
            return Some(Owed::Forgotten(1));
        }
        let owed = self.owed.pop_front();
        if let Some(Owed::Call(entry)) = &owed {
            self.weight -= entry.weight;
        }
        owed
    }
}

fn is_queued(reply: &Reply) -> bool {
    reply.kind == b'+' && reply.word == b"QUEUED"
}
