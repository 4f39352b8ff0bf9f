//! The parsed document and the memory it lives in.
//! Takes bytes, gives a `Document` with a root node. Knows nothing of schemas.

use super::node::Node;
use super::parse::{self, Frame};
use super::scan::{NotJson, refuse};
use super::slot::{Slot, Texts};

/// Slots kept for the next document: one of a huge document gives its memory back.
const KEPT_SLOTS: usize = 1 << 18;

/// Memory reused from document to document, so that a usual one allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) slots: Vec<Slot>,
    pub(super) unescaped: String,
    /// The containers open at a time of parsing.
    pub(super) frames: Vec<Frame>,
    /// The names of one large object.
    pub(super) names: Vec<u32>,
}

impl Scratch {
    fn clear(&mut self) {
        self.slots.clear();
        self.unescaped.clear();
        self.frames.clear();
        self.slots.shrink_to(KEPT_SLOTS);
        self.unescaped.shrink_to(KEPT_SLOTS * size_of::<Slot>());
        self.names.shrink_to(KEPT_SLOTS);
    }
}

/// A parsed document, borrowing the bytes and the scratch it was read into.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    texts: Texts<'a>,
    slots: &'a [Slot],
    duplicate: Option<usize>,
}

impl<'a> Document<'a> {
    /// Parses `bytes`. Of a repeated member name the last one counts.
    ///
    /// # Errors
    ///
    /// When `bytes` are not one JSON text in UTF-8, or nest deeper than [`MAX_NESTING`](super::MAX_NESTING).
    pub fn parse(bytes: &'a [u8], scratch: &'a mut Scratch) -> Result<Self, NotJson> {
        scratch.clear();
        if u32::try_from(bytes.len()).is_err() {
            return refuse(0, "longer than 4 GiB");
        }
        let source = match str::from_utf8(bytes) {
            Ok(source) => source,
            Err(error) => return refuse(error.valid_up_to(), "not UTF-8"),
        };
        let duplicate = parse::fill(source, scratch)?;
        let texts = Texts { source, unescaped: &scratch.unescaped };
        Ok(Self { texts, slots: &scratch.slots, duplicate })
    }

    /// A member name that its object holds more than once, if there is one.
    #[must_use]
    pub fn duplicate_name(&self) -> Option<&'a str> {
        self.slots.get(self.duplicate?).map(|slot| self.texts.of(slot))
    }

    /// The top-level value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::first(&self.texts, self.slots)
    }
}
