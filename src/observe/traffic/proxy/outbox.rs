//! Events on their way to whoever judges them: in portions, and never at the cost of traffic.
//!
//! In: events of all connections. Out: portions in a bounded channel. When that is full they are dropped and counted, and
//! a gap says so as soon as there is room.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use crate::observe::traffic::{Event, Gap};

/// Events of one portion.
const PORTION: usize = 1000;
/// Bytes of words of one portion, beyond which it goes early.
const PORTION_BYTES: usize = 1 << 20;

/// Why calls are missing.
pub(super) const BEHIND: &str = "checking fell behind the traffic";
/// Why calls are missing.
pub(super) const TOO_MANY: &str = "a client had too much under way at once";

/// Collects events, and sends them on.
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    sender: Sender<Vec<Event>>,
}

#[derive(Default)]
struct Waiting {
    events: Vec<Event>,
    bytes: usize,
    gaps: Vec<Gap>,
    missed: u64,
}

impl Outbox {
    pub fn new(sender: Sender<Vec<Event>>) -> Self {
        Self { waiting: Mutex::default(), sender }
    }

    /// Takes events, and passes on a portion when it is complete.
    pub fn put(&self, events: &mut Vec<Event>) {
        if events.is_empty() {
            return;
        }
        let mut waiting = self.lock();
        waiting.bytes += events.iter().map(bytes).sum::<usize>();
        waiting.events.append(events);
        if waiting.events.len() >= PORTION || waiting.bytes >= PORTION_BYTES {
            self.pass(&mut waiting);
        }
    }

    /// Notes that calls are missing.
    pub fn miss(&self, at_us: u64, calls: u64, why: &'static str) {
        self.lock().miss(at_us, calls, why);
    }

    /// Notes that nothing more is known of a connection.
    pub fn lose(&self, at_us: u64, why: String) {
        self.lock().events.push(Event::Gap(Gap { at_us, calls: None, why }));
    }

    /// Passes on what there is, if there is room.
    pub fn flush(&self) {
        self.pass(&mut self.lock());
    }

    /// Passes on what is left, and waits for room for so long. Gives the number of calls that were missed in all.
    pub async fn finish(&self, grace: Duration) -> u64 {
        let (portion, calls) = self.lock().portion();
        if !portion.is_empty() && self.sender.send_timeout(portion, grace).await.is_err() {
            self.lock().missed += calls;
        }
        self.lock().missed
    }

    fn pass(&self, waiting: &mut Waiting) {
        if waiting.events.is_empty() && waiting.gaps.is_empty() {
            return;
        }
        match self.sender.try_reserve() {
            Ok(place) => place.send(waiting.portion().0),
            Err(_) => waiting.drop_calls(),
        }
    }

    /// A panic elsewhere leaves the collection as usable as it was.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// All there is, gaps first, and how many calls are in it.
    fn portion(&mut self) -> (Vec<Event>, u64) {
        self.bytes = 0;
        let calls = self.events.iter().filter(|event| matches!(event, Event::Call(_))).count() as u64;
        let mut portion: Vec<Event> = self.gaps.drain(..).map(Event::Gap).collect();
        portion.append(&mut self.events);
        (portion, calls)
    }

    fn miss(&mut self, at_us: u64, calls: u64, why: &'static str) {
        self.missed += calls;
        match self.gaps.iter_mut().find(|gap| gap.why == why) {
            Some(gap) => gap.calls = gap.calls.map(|before| before + calls),
            None => self.gaps.push(Gap { at_us, calls: Some(calls), why: why.to_owned() }),
        }
    }

    /// Drops the calls; what else there is says that something is missing, and is kept.
    fn drop_calls(&mut self) {
        self.bytes = 0;
        for event in mem::take(&mut self.events) {
            match event {
                Event::Call(call) => self.miss(call.at_us, 1, BEHIND),
                Event::Gap(gap) => self.gaps.push(gap),
                Event::Failures(_) => {}
            }
        }
    }
}

fn bytes(event: &Event) -> usize {
    match event {
        Event::Call(call) => call.words.iter().map(|word| word.len() + size_of::<Vec<u8>>()).sum(),
        _ => 0,
    }
}
