//! MONITOR of a live server: runs it, keeps up with it, and finds the server again when it is lost.
//!
//! In: an address, and where events go. Out: events, and what was covered. The server must not be harmed: what it tells is
//! read as fast as it comes, whatever becomes of it here, and the list of clients is asked for at a bounded rate.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::mpsc;

use super::counters::{Counters, Totals};
use super::listen::{Listener, Over, now_us};
use super::outbox::Outbox;
use super::session::{self, Listing, OWN_CALL, Session, Started};
use crate::observe::traffic::{Event, Gap};
use crate::server::connect::Endpoint;

/// Between attempts to find a lost server: from this, doubling, to that.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// How long, and how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WatchOptions {
    /// Ends after this time, counted from when MONITOR ran.
    pub until: Option<Duration>,
    /// Ends after so many calls.
    pub calls: Option<u64>,
}

/// Why it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The caller wanted it to.
    Stopped,
    /// The time was up.
    TimeUp,
    /// So many calls were wanted.
    Enough,
    /// Nobody took the events any more.
    Unwanted,
}

/// What was covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchSummary {
    /// Why it ended.
    pub ended: Ended,
    /// Calls that were given out.
    pub calls: u64,
    /// Calls that were not, because nobody took them fast enough.
    pub dropped: u64,
    /// Lines of the server that were not understood.
    pub skipped: u64,
    /// How often the server was lost.
    pub lost: u64,
    /// From when MONITOR ran.
    pub took: Duration,
    /// What could not be had from this server or by this user, for people.
    pub notes: Vec<String>,
}

/// Overhears one server until it is stopped, and gives what it hears out in portions. `ready` is told once, before the
/// first event, when MONITOR runs. A cluster has a watch for each of its primaries.
///
/// The channel should hold few portions: calls for which there is no room in it, and no more in 32 MB besides, are
/// dropped, counted, and told as a gap. At the end it waits until the last portion is taken, whose last event is what
/// has failed meanwhile. Its own calls, and those of other clients called `keywire`, are left out.
///
/// # Errors
/// When the server cannot be reached at the start, or does not let this user run MONITOR. Later it is looked for until
/// the end.
pub async fn watch(
    endpoint: &Endpoint,
    options: WatchOptions,
    ready: impl FnOnce(Started),
    out: mpsc::Sender<Vec<Event>>,
    stop: impl Future<Output = ()>,
) -> Result<WatchSummary> {
    tokio::pin!(stop);
    let begun = async {
        let mut session = Session::open(endpoint).await?;
        let is_empty = session.is_empty().await.map_err(|error| endpoint.explain(&error))?;
        anyhow::Ok((session, is_empty))
    };
    let mut watch = Watch::new(endpoint, Outbox::new(out, options.calls));
    let (session, is_empty) = tokio::select! {
        begun = begun => begun?,
        () = stop.as_mut() => return Ok(watch.summary),
    };
    watch.summary.notes = notes(&session);
    if is_empty.is_some() {
        watch.listener.expect(OWN_CALL);
    }
    ready(Started { from_empty: is_empty.unwrap_or(false), server: session.server.clone() });
    let since = Instant::now();
    let ended = async {
        match options.until {
            Some(time) => tokio::select! {
                () = stop => Ended::Stopped,
                () = tokio::time::sleep(time) => Ended::TimeUp,
            },
            None => {
                stop.await;
                Ended::Stopped
            }
        }
    };
    tokio::pin!(ended);
    let last = watch.run(session, ended).await;
    Ok(watch.finish(last, since).await)
}

/// What the user has to know of a server that does not tell all.
fn notes(session: &Session) -> Vec<String> {
    let mut notes = Vec::new();
    if !session.may_list {
        notes.push(
            "this user may not run CLIENT LIST (+client|list): clients have the names they are seen to take".into(),
        );
    }
    match &session.before {
        None => notes.push("this user may not run INFO (+info): calls that failed are not known".into()),
        Some(counters) if !counters.has_failures() => {
            notes.push("this server does not count calls that failed: versions before 6.2 do not".into());
        }
        Some(_) => {}
    }
    notes
}

struct Watch<'a> {
    endpoint: &'a Endpoint,
    listener: Listener,
    totals: Totals,
    summary: WatchSummary,
}

impl<'a> Watch<'a> {
    fn new(endpoint: &'a Endpoint, outbox: Outbox) -> Self {
        let summary = WatchSummary {
            ended: Ended::Stopped,
            calls: 0,
            dropped: 0,
            skipped: 0,
            lost: 0,
            took: Duration::ZERO,
            notes: Vec::new(),
        };
        Self { endpoint, listener: Listener::new(outbox), totals: Totals::default(), summary }
    }

    /// Listens until the end, to one session after the other; gives the last one, if the server is there.
    async fn run(&mut self, mut session: Session, mut ended: Pin<&mut impl Future<Output = Ended>>) -> Option<Session> {
        loop {
            if let Over::Ended(ended) = self.listener.listen(&mut session, ended.as_mut()).await {
                self.summary.ended = ended;
                return Some(session);
            }
            let before = session.before.take();
            drop(session);
            match self.find_again(before, ended.as_mut()).await {
                Ok(found) => session = found,
                Err(ended) => {
                    self.summary.ended = ended;
                    return None;
                }
            }
        }
    }

    /// Looks for a lost server until it is there or the end has come.
    async fn find_again(
        &mut self,
        before: Option<Counters>,
        mut ended: Pin<&mut impl Future<Output = Ended>>,
    ) -> Result<Session, Ended> {
        let (lost, at_us) = (Instant::now(), now_us());
        self.summary.lost += 1;
        self.listener.forget();
        let gap = |why| Gap { at_us, calls: None, why };
        let mut pause = PAUSES.0;
        loop {
            let attempt = async {
                tokio::time::sleep(pause).await;
                Session::open(self.endpoint).await
            };
            let error = tokio::select! {
                found = attempt => match found {
                    Ok(found) => {
                        let time = lost.elapsed().as_secs_f64();
                        self.listener.outbox.gap(gap(format!("the connection was lost for {time:.1} s")));
                        self.count(before.as_ref(), found.on_arrival.as_ref());
                        return Ok(found);
                    }
                    Err(error) => error,
                },
                ended = ended.as_mut() => {
                    let time = lost.elapsed().as_secs_f64();
                    self.listener.outbox.gap(gap(format!("the connection was lost, and not found again in {time:.1} s")));
                    return Err(ended);
                }
            };
            let note = format!("the server was lost: {error:#}");
            if self.summary.notes.last() != Some(&note) && self.summary.notes.len() < 20 {
                self.summary.notes.push(note);
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    fn count(&mut self, before: Option<&Counters>, after: Option<&Counters>) {
        if let (Some(before), Some(after)) = (before, after) {
            self.totals.add(before, after);
        }
    }

    /// Closes MONITOR, asks what has failed, and sends what is left.
    async fn finish(mut self, last: Option<Session>, since: Instant) -> WatchSummary {
        self.summary.took = since.elapsed();
        if let Some(mut session) = last {
            if matches!(self.summary.ended, Ended::Stopped | Ended::TimeUp) {
                self.listener.hear_out(&mut session).await;
            }
            drop(session.monitor);
            let listener = &mut self.listener;
            if listener.connections.has_strangers()
                && session.may_list
                && let Ok(Listing::Clients(table)) = session::client_list(&mut session.control).await
            {
                listener.know(table, listener.connections.moment());
            }
            if session.before.is_some() {
                let after = session::counters(&mut session.control).await.ok().flatten();
                if after.is_none() {
                    let note = "the server did not tell at the end what had failed: that is not all known";
                    self.summary.notes.push(note.to_owned());
                }
                self.count(session.before.as_ref(), after.as_ref());
            }
        }
        let failures = std::mem::take(&mut self.totals).into_failures();
        let failures = (!failures.is_empty()).then_some(Event::Failures(failures));
        let Listener { mut outbox, skipped, .. } = self.listener;
        outbox.finish(failures).await;
        self.summary.skipped = skipped;
        (self.summary.calls, self.summary.dropped) = (outbox.calls, outbox.dropped);
        self.summary
    }
}
