//! Listens to one session: reads what MONITOR tells as fast as it comes, makes events of it, and sends them on.
//!
//! In: a session. Out: events, until the end has come or the server is lost.

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::time::sleep_until;

use super::clients::ClientTable;
use super::connections::Connections;
use super::lines::{Lines, Read};
use super::live::Ended;
use super::outbox::Outbox;
use super::refresh::Refresh;
use super::session::{Listing, Session};
use crate::observe::traffic::Gap;
use crate::server::connect;

/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;

/// How long the mark of the end may take to come.
const MARK_LIMIT: Duration = Duration::from_secs(5);
/// How long the last lines may be on their way, where their end cannot be marked.
const LAST_MOMENT: Duration = Duration::from_millis(100);

/// Why a session is over.
pub(super) enum Over {
    Ended(Ended),
    Lost,
}

/// What is kept from one session to the next.
pub(super) struct Listener {
    pub outbox: Outbox,
    pub connections: Connections,
    /// Lines of the server that were not understood.
    pub skipped: u64,
    lines: Lines,
    /// Calls of keywire's own that are still to come: on a Unix socket nothing but their words tells them from others.
    own: Vec<[String; 2]>,
}

impl Listener {
    pub fn new(outbox: Outbox) -> Self {
        Self { outbox, connections: Connections::default(), skipped: 0, lines: Lines::new(), own: Vec::new() }
    }

    /// Leaves out the next call that is this one: it is keywire's.
    pub fn expect(&mut self, own: [&str; 2]) {
        self.own.push(own.map(str::to_owned));
    }

    /// The connection was lost, and what was under way on it.
    pub fn forget(&mut self) {
        self.connections.forget();
        self.lines = Lines::new();
        self.own.clear();
    }

    /// Listens until the end has come or the server is lost.
    pub async fn listen(&mut self, session: &mut Session, mut ended: Pin<&mut impl Future<Output = Ended>>) -> Over {
        let mut refresh = Refresh::new(session.may_list);
        self.know(std::mem::take(&mut session.clients), self.connections.moment());
        let mut buffer = vec![0; CHUNK];
        let mut has_room = true;
        loop {
            let (next, may_ask) = (refresh.next(&self.connections), refresh.may_ask());
            tokio::select! {
                ended = ended.as_mut() => return Over::Ended(ended),
                read = session.monitor.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => return Over::Lost,
                    Ok(count) => self.hear(&buffer[..count]),
                },
                answered = refresh.answer(), if refresh.is_asked() => match answered {
                    Err(_) => return Over::Lost,
                    Ok(listing) => self.refreshed(&mut refresh, listing),
                },
                () = sleep_until(next.into()), if may_ask => {
                    refresh.ask(session, &self.connections, self.outbox.len());
                }
                () = self.outbox.room(), if !has_room => {}
            }
            if !self.connections.has_strangers() || !refresh.is_allowed || self.outbox.is_heavy() || refresh.is_slow() {
                has_room = self.outbox.send(usize::MAX);
            }
            if self.outbox.is_closed {
                return Over::Ended(Ended::Unwanted);
            }
            if self.outbox.is_done() {
                return Over::Ended(Ended::Enough);
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        let Self { lines, connections, outbox, skipped, own } = self;
        let mut each = |_: u64, read: Read<'_>| {
            match read {
                Ok(Some(line)) => {
                    let call = connections.call(line);
                    let is = |own: &[String; 2]| call.words.iter().eq(own.iter().map(String::as_bytes));
                    if let Some(index) = own.iter().position(is) {
                        own.remove(index);
                    } else {
                        outbox.call(call);
                    }
                }
                Ok(None) => {}
                Err(_) => *skipped += 1,
            }
            ControlFlow::Continue(())
        };
        // It never breaks off.
        let _ = lines.feed(bytes, &mut each);
    }

    /// Hears what was said until now. A call of keywire's own is the mark of its end, since MONITOR tells in order; where
    /// the user may not make it, what is on its way gets a moment.
    pub async fn hear_out(&mut self, session: &mut Session) {
        let at_us = now_us();
        let mark = ["INFO".to_owned(), format!("keywire-{at_us}")];
        let mut command = redis::cmd(&mark[0]);
        command.arg(&mark[1]);
        self.own.push(mark.clone());
        let mut can_mark = session.before.is_some();
        let mut limit = Instant::now() + if can_mark { MARK_LIMIT } else { LAST_MOMENT };
        let mut control = session.control.clone();
        let asked = connect::answer(&mut control, &command);
        tokio::pin!(asked);
        let mut is_asked = !can_mark;
        let mut buffer = vec![0; CHUNK];
        while self.own.contains(&mark) {
            let why = tokio::select! {
                read = session.monitor.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => "the connection was lost at the end",
                    Ok(count) => {
                        self.hear(&buffer[..count]);
                        if self.outbox.is_heavy() {
                            self.outbox.send(usize::MAX);
                        }
                        continue;
                    }
                },
                answered = asked.as_mut(), if !is_asked => {
                    is_asked = true;
                    if !matches!(answered, Ok(Some(_))) {
                        (can_mark, limit) = (false, Instant::now() + LAST_MOMENT);
                    }
                    continue;
                }
                () = sleep_until(limit.into()) => match can_mark {
                    true => "the server had more to tell at the end than was waited for",
                    false => return,
                },
            };
            self.outbox.gap(Gap { at_us, calls: None, why: why.to_owned() });
            return;
        }
    }

    /// Takes a list that was asked for at a moment.
    pub fn know(&mut self, table: ClientTable, asked: u64) {
        let settled = self.connections.refresh(table, asked);
        self.outbox.complete(&settled);
    }

    /// An answer has come: what waited for it may go.
    fn refreshed(&mut self, refresh: &mut Refresh, listing: Listing) {
        refresh.answered(listing != Listing::Denied);
        if let Listing::Clients(table) = listing {
            self.know(table, refresh.moment);
            self.outbox.send(refresh.waiting);
        }
    }
}

/// Now, in microseconds since 1970.
pub(super) fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
