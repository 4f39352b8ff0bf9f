//! A recorded MONITOR log as an origin: what `redis-cli MONITOR` wrote, plain or compressed, of any size.
//!
//! In: an open input, and the CLIENT LIST that belongs to it. Out: calls, line by line; memory does not grow with the
//! input. Lines that are none of MONITOR's are counted, and an error only if there are no others.

use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;

use anyhow::{Context, Result, bail};

use super::clients::ClientTable;
use super::connections::Connections;
use super::lines::{Lines, Read as ReadLine};
use crate::observe::input::Input;
use crate::observe::traffic::Event;

/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;

/// What a log held, as far as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogSummary {
    /// Lines, all kinds.
    pub lines: u64,
    /// Lines that were calls.
    pub calls: u64,
    /// Lines that were neither calls nor empty.
    pub skipped: u64,
    /// The number of the first of these, and why: it may be the half line at the start of a rotated file.
    pub first_skipped: Option<(u64, String)>,
    /// When the first and the last call were made, in microseconds since 1970.
    pub period_us: Option<(u64, u64)>,
}

impl LogSummary {
    fn skip(&mut self, number: u64, fault: &str) {
        self.skipped += 1;
        self.first_skipped.get_or_insert_with(|| (number, fault.to_owned()));
    }

    fn call(&mut self, at_us: u64) {
        self.calls += 1;
        self.period_us = Some((self.period_us.map_or(at_us, |(first, _)| first), at_us));
    }
}

/// Reads a log to its end, or until `out` breaks off.
///
/// # Errors
/// When the input cannot be read on, or was read to its end and no line of it is MONITOR's. What went out until then
/// stands.
pub fn read_log(
    mut input: Input,
    clients: ClientTable,
    out: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<LogSummary> {
    let mut connections = Connections::recorded(clients);
    let mut summary = LogSummary::default();
    let mut lines = Lines::new();
    let mut each = |number: u64, read: ReadLine<'_>| match read {
        Ok(None) => ControlFlow::Continue(()),
        Ok(Some(line)) => {
            summary.call(line.at_us);
            out(Event::Call(connections.call(line)))
        }
        Err(fault) => {
            summary.skip(number, fault);
            ControlFlow::Continue(())
        }
    };
    let mut buffer = vec![0; CHUNK];
    let end = loop {
        let count = match input.reader.read(&mut buffer) {
            Ok(0) => break lines.finish(&mut each),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read the log on after line {}", lines.count));
            }
        };
        if lines.feed(&buffer[..count], &mut each).is_break() {
            break ControlFlow::Break(());
        }
    };
    summary.lines = lines.count;
    if summary.calls == 0 && end.is_continue() {
        match &summary.first_skipped {
            Some((line, fault)) => bail!(
                "line {line}: {fault}; no other line is one of MONITOR's either: this is no MONITOR log. Write one with \
                 `redis-cli MONITOR > FILE`"
            ),
            None => bail!("there is no call in it: this is no MONITOR log. Write one with `redis-cli MONITOR > FILE`"),
        }
    }
    Ok(summary)
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
