//! Recorded traffic: one thread reads the log, another judges.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, anyhow};
use tokio::sync::mpsc;

use super::{Outcome, Request, WAITING, judge};
use crate::observe::input::Input;
use crate::observe::traffic::Event;
use crate::observe::traffic::monitor::{ClientTable, LogSummary, read_log};
use crate::registry::Registry;

/// Calls that go to the judge together.
const PORTION: usize = 500;

/// Judges a recorded MONITOR log. Ends early, with what was read until then, when `stop` becomes true. `progress` hears of
/// each portion.
///
/// # Errors
/// When the log cannot be read or is none, or the registry cannot be checked.
pub fn judge_log(
    registry: &Registry,
    request: &Request,
    (input, clients): (Input, ClientTable),
    stop: &AtomicBool,
    progress: impl FnMut(u64) + Send,
) -> Result<Outcome> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let (read, judged) = std::thread::scope(|scope| {
        let judging = scope.spawn(move || judge(registry, request, receiver, progress));
        let read = read_in_portions(input, clients, sender, stop);
        (read, judging.join())
    });
    let judged = judged.map_err(|_| anyhow!("the judge stopped; this is a fault of keywire, please report it"))?;
    let summary = read?;
    let mut outcome = judged?;
    if let Some((line, why)) = &summary.first_skipped {
        let lines =
            if summary.skipped == 1 { "1 line is".to_owned() } else { format!("{} lines are", summary.skipped) };
        outcome.evidence.notes.push(format!("{lines} not MONITOR's and passed over; the first is line {line}: {why}"));
    }
    Ok(outcome)
}

fn read_in_portions(
    input: Input,
    clients: ClientTable,
    sender: mpsc::Sender<Vec<Event>>,
    stop: &AtomicBool,
) -> Result<LogSummary> {
    let mut portion = Vec::with_capacity(PORTION);
    let mut out = |event: Event| {
        portion.push(event);
        if portion.len() < PORTION {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(&mut portion, Vec::with_capacity(PORTION));
        // Nobody listens any more only if the judge had to give up, which it tells itself.
        if stop.load(Ordering::Relaxed) || sender.blocking_send(full).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let summary = read_log(input, clients, &mut out);
    let _ = sender.blocking_send(portion);
    summary
}
