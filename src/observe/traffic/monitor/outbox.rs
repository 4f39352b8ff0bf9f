//! Events on their way to whoever judges them: held until it is known who made the calls, and dropped and counted when
//! they are not taken, because MONITOR itself must never wait.
//!
//! In: calls and gaps, in order. Out: portions of events, and how many calls are missing where. Memory is bounded.

use std::mem;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::clients::OWN_NAME;
use super::connections::Settled;
use crate::observe::traffic::{Call, Event, Gap};

/// Bytes of calls that wait, at most, besides those in the channel.
const WEIGHT_LIMIT: usize = 32 << 20;
/// Gaps that wait, at most.
const GAP_LIMIT: usize = 100;

/// What waits, and where it is to go.
#[derive(Debug)]
pub(super) struct Outbox {
    out: mpsc::Sender<Vec<Event>>,
    waiting: Vec<Event>,
    weight: usize,
    /// Calls that came since there was no room, and when the first of them did.
    missed: Option<Gap>,
    /// What else was not overheard meanwhile.
    gaps: Vec<Gap>,
    /// Calls that may still go out.
    left: u64,
    /// Calls that went out.
    pub calls: u64,
    /// Calls that did not, since there was no room.
    pub dropped: u64,
    /// Nobody takes events any more.
    pub is_closed: bool,
}

impl Outbox {
    /// For so many calls.
    pub fn new(out: mpsc::Sender<Vec<Event>>, limit: Option<u64>) -> Self {
        let left = limit.unwrap_or(u64::MAX);
        Self {
            out,
            waiting: Vec::new(),
            weight: 0,
            missed: None,
            gaps: Vec::new(),
            left,
            calls: 0,
            dropped: 0,
            is_closed: false,
        }
    }

    /// Takes a call, or counts it as missing.
    pub fn call(&mut self, call: Call) {
        if is_own(&call) {
            return;
        }
        if self.missed.is_none() && self.weight < WEIGHT_LIMIT {
            self.weight += weight(&call);
            self.waiting.push(Event::Call(call));
            return;
        }
        self.dropped += 1;
        let gap = self.missed.get_or_insert_with(|| Gap { at_us: call.at_us, calls: Some(0), why: String::new() });
        gap.calls = gap.calls.map(|calls| calls + 1);
    }

    /// Takes a gap.
    pub fn gap(&mut self, gap: Gap) {
        if self.missed.is_none() && self.waiting.len() < GAP_LIMIT {
            self.waiting.push(Event::Gap(gap));
        } else if self.gaps.len() < GAP_LIMIT {
            self.gaps.push(gap);
        }
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Does so much wait that it must go, whoever made the calls?
    pub fn is_heavy(&self) -> bool {
        self.missed.is_some() || self.weight > WEIGHT_LIMIT / 2
    }

    /// Have all calls gone out that were wanted?
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Waits for room.
    pub async fn room(&self) {
        // What is reserved is given back at once: nobody else sends. A closed channel shows when something is sent.
        let _ = self.out.reserve().await;
    }

    /// Sends the first so many of the events that wait, if there is room for them. `false`: there was none.
    pub fn send(&mut self, count: usize) -> bool {
        if self.waiting.is_empty() && self.missed.is_none() {
            return true;
        }
        let sender = self.out.clone();
        let permit = match sender.try_reserve() {
            Ok(permit) => permit,
            Err(TrySendError::Full(())) => return false,
            Err(TrySendError::Closed(())) => {
                self.is_closed = true;
                return false;
            }
        };
        let portion = self.portion(count);
        if !portion.is_empty() {
            permit.send(portion);
        }
        true
    }

    /// Sends all that waits, and what comes last; waits for room as long as it takes.
    pub async fn finish(&mut self, last: Option<Event>) {
        let mut portion = self.portion(usize::MAX);
        portion.extend(last);
        if !portion.is_empty() {
            self.is_closed |= self.out.send(portion).await.is_err();
        }
    }

    /// Adds to calls that wait what has come to be known of who made them; keywire's own go.
    pub fn complete(&mut self, settled: &Settled) {
        self.waiting.retain_mut(|event| {
            let Event::Call(call) = event else { return true };
            settled.complete(call);
            !is_own(call)
        });
    }

    /// Takes the first so many of the events that wait; if these are all, then also what was missed after them.
    fn portion(&mut self, count: usize) -> Vec<Event> {
        let rest = self.waiting.split_off(count.min(self.waiting.len()));
        let mut portion = mem::replace(&mut self.waiting, rest);
        let mut calls = 0;
        portion.retain(|event| {
            let is_call = matches!(event, Event::Call(_));
            let stays = !is_call || calls < self.left;
            calls += u64::from(is_call && stays);
            stays
        });
        self.calls += calls;
        self.left = self.left.saturating_sub(calls);
        self.weight =
            self.waiting.iter().map(|event| if let Event::Call(call) = event { weight(call) } else { 0 }).sum();
        if self.waiting.is_empty() {
            portion.extend(self.missed.take().map(|gap| Event::Gap(explained(gap))));
            portion.extend(self.gaps.drain(..).map(Event::Gap));
        }
        portion
    }
}

fn explained(gap: Gap) -> Gap {
    let why = match gap.calls {
        Some(1) => "1 call was not judged: keywire was slower than the traffic".to_owned(),
        calls => format!("{} calls were not judged: keywire was slower than the traffic", calls.unwrap_or(0)),
    };
    Gap { why, ..gap }
}

fn is_own(call: &Call) -> bool {
    call.client.name.as_deref() == Some(OWN_NAME)
}

/// Bytes that a call takes, roughly.
fn weight(call: &Call) -> usize {
    let words: usize = call.words.iter().map(|word| word.len() + 40).sum();
    200 + words + call.cut.len() * 8
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
