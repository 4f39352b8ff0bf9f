//! Observations on their way to who judges them: in portions, so that neither side waits for single ones, and bounded, so
//! that a slow judge slows the reading down instead of filling memory.

use tokio::sync::mpsc;

use super::super::{Part, Seen};

/// Observations that go out together.
const PORTION: usize = 1000;
/// Bytes of contents that go out together.
const PORTION_BYTES: usize = 1 << 20;

/// Where observations go.
pub(super) struct Portions {
    out: mpsc::Sender<Vec<Seen>>,
    waiting: Vec<Seen>,
    bytes: usize,
}

impl Portions {
    pub(super) fn new(out: mpsc::Sender<Vec<Seen>>) -> Self {
        Self { out, waiting: Vec::with_capacity(PORTION), bytes: 0 }
    }

    /// Adds one; sends what waits when it is enough.
    pub(super) async fn push(&mut self, seen: Seen) {
        self.bytes += match &seen {
            Seen::Parts(parts) => parts.iter().map(size).sum(),
            Seen::Text(_, _, value) => value.len(),
            Seen::Key(..) | Seen::End(_) | Seen::Unclaimed(_) | Seen::Gone | Seen::TooLarge(_) => 0,
        };
        self.waiting.push(seen);
        if self.waiting.len() >= PORTION || self.bytes >= PORTION_BYTES {
            self.flush().await;
        }
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self) {
        self.bytes = 0;
        // Nobody listens any more only after an interruption, which ends the reading by itself.
        let _ = self.out.send(std::mem::replace(&mut self.waiting, Vec::with_capacity(PORTION))).await;
    }

    /// Has the other side gone?
    pub(super) fn is_closed(&self) -> bool {
        self.out.is_closed()
    }
}

fn size(part: &Part) -> usize {
    match part {
        Part::Value(value) | Part::Element(value) | Part::Member(value) | Part::Scored(value, _) => value.len(),
        Part::Field(name, value) => name.len() + value.len(),
        Part::Entry(_, fields) => fields.iter().map(|(name, value)| name.len() + value.len()).sum(),
    }
}
