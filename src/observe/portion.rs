//! Observations that go out together, so that neither side waits for single ones.
//!
//! In: observations one by one. Out: portions bounded in number and bytes. It does not know where they go.

use super::{Part, Seen};

/// Observations that go out together.
const PORTION: usize = 1000;
/// Bytes of names and contents that go out together.
const PORTION_BYTES: usize = 1 << 20;

/// Observations that wait for more.
pub(super) struct Portion {
    waiting: Vec<Seen>,
    bytes: usize,
}

impl Portion {
    pub(super) fn new() -> Self {
        Self { waiting: Vec::with_capacity(PORTION), bytes: 0 }
    }

    /// Adds one; gives all that wait when it is enough.
    pub(super) fn add(&mut self, seen: Seen) -> Option<Vec<Seen>> {
        self.bytes += match &seen {
            Seen::Parts(parts) => parts.iter().map(size).sum(),
            Seen::Text(_, header, value) => header.name.len() + value.len(),
            Seen::Key(_, header) => header.name.len(),
            Seen::Unclaimed(name) => name.len(),
            Seen::Measured(_) | Seen::End(_) | Seen::Gone | Seen::TooLarge(_) => 0,
        };
        self.waiting.push(seen);
        (self.waiting.len() >= PORTION || self.bytes >= PORTION_BYTES).then(|| self.take())
    }

    /// All that wait.
    pub(super) fn take(&mut self) -> Vec<Seen> {
        self.bytes = 0;
        std::mem::replace(&mut self.waiting, Vec::with_capacity(PORTION))
    }
}

/// Bytes of a part's contents.
pub(super) fn size(part: &Part) -> usize {
    match part {
        Part::Value(value) | Part::Element(value) | Part::Member(value) | Part::Scored(value, _) => value.len(),
        Part::Field(name, value) => name.len() + value.len(),
        Part::Entry(_, fields) => fields.iter().map(|(name, value)| name.len() + value.len()).sum(),
    }
}
