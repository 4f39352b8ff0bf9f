//! Two origins of one server's traffic, put into the order of time: what a proxy tells when the answer has come, and what
//! MONITOR tells at once. Portions in, portions out; what is held back is bounded in time and number.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::observe::traffic::Event;

/// How long an event may wait for earlier ones: longer than a proxy gathers what it tells.
const HELD_US: u64 = 250_000;
/// Events that are held back at most.
const HELD: usize = 100_000;
/// How often it is looked what has waited long enough.
const TICK: Duration = Duration::from_millis(50);

/// An event in its place.
struct Placed {
    at_us: u64,
    number: u64,
    event: Event,
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at_us, self.number).cmp(&(other.at_us, other.number))
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Placed {}

/// Events that wait for earlier ones.
#[derive(Default)]
struct Waiting {
    heap: BinaryHeap<Reverse<Placed>>,
    number: u64,
    latest_us: u64,
}

impl Waiting {
    fn add(&mut self, events: Vec<Event>) {
        for event in events {
            // What has no time of its own comes after what came before it.
            let at_us = match &event {
                Event::Call(call) => call.at_us,
                Event::Gap(gap) => gap.at_us,
                Event::Failures(_) => self.latest_us,
            };
            self.latest_us = self.latest_us.max(at_us);
            self.number += 1;
            self.heap.push(Reverse(Placed { at_us, number: self.number, event }));
        }
    }

    /// All that is from before a moment, and the oldest of what is too many.
    fn take_until(&mut self, moment_us: u64) -> Vec<Event> {
        let mut taken = Vec::new();
        while let Some(Reverse(first)) = self.heap.peek() {
            if first.at_us > moment_us && self.heap.len() <= HELD {
                break;
            }
            taken.extend(self.heap.pop().map(|Reverse(placed)| placed.event));
        }
        taken
    }
}

/// Passes events on in the order of time, until both origins have ended.
pub(super) async fn in_order(
    mut first: mpsc::Receiver<Vec<Event>>,
    mut second: mpsc::Receiver<Vec<Event>>,
    out: mpsc::Sender<Vec<Event>>,
) {
    let mut waiting = Waiting::default();
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            Some(events) = first.recv() => waiting.add(events),
            Some(events) = second.recv() => waiting.add(events),
            _ = tick.tick(), if !(first.is_closed() && second.is_closed()) => {}
            else => break,
        }
        let ready = waiting.take_until(now_us().saturating_sub(HELD_US));
        if !ready.is_empty() && out.send(ready).await.is_err() {
            return;
        }
    }
    // Nobody listens any more only if the judge had to give up, which it tells itself.
    let _ = out.send(waiting.take_until(u64::MAX)).await;
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::traffic::Gap;

    fn event(at_us: u64) -> Event {
        Event::Gap(Gap { at_us, calls: None, why: String::new() })
    }

    fn times(events: &[Event]) -> Vec<u64> {
        let time = |event: &Event| if let Event::Gap(gap) = event { gap.at_us } else { 0 };
        events.iter().map(time).collect()
    }

    #[test]
    fn what_comes_late_takes_its_place() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let passed = runtime.block_on(async {
            let now = now_us();
            let (one, first) = mpsc::channel(8);
            let (other, second) = mpsc::channel(8);
            let (out, mut passed) = mpsc::channel(8);
            let merging = tokio::spawn(in_order(first, second, out));
            one.send(vec![event(now + 2), event(now + 4)]).await.unwrap();
            other.send(vec![event(now + 1), event(now + 3)]).await.unwrap();
            drop((one, other));
            let mut all = Vec::new();
            while let Some(portion) = passed.recv().await {
                all.extend(portion);
            }
            merging.await.unwrap();
            times(&all).into_iter().map(|time| time - now).collect::<Vec<_>>()
        });
        assert_eq!(passed, [1, 2, 3, 4]);
    }

    #[test]
    fn what_is_held_back_is_bounded() {
        let mut waiting = Waiting::default();
        waiting.add((0..HELD as u64 + 3).rev().map(event).collect());
        assert_eq!(times(&waiting.take_until(0)), [0, 1, 2]);
        assert_eq!(waiting.take_until(u64::MAX).len(), HELD);
    }
}
