//! What becomes of a key while it is read: its header, its contents in portions, and what only all of them tell.
//!
//! In: parts, positions and counts as they stand in the file. Out: observations. It does not know how values are
//! written.

use super::super::look::{LARGEST, SAMPLE_ELEMENTS};
use super::super::portion::{self, Portion};
use super::super::{Depth, Extent, Group, Header, Look, Measures, Part, Seen};
use super::packed::Packed;

/// Parts and bytes that wait for the end of their key. Keys with fewer have all there is to say in their header.
const PARTS: usize = 500;
const PART_BYTES: usize = 256 << 10;

/// Where observations go.
pub(super) struct Out<'s> {
    portion: Portion,
    send: &'s mut dyn FnMut(Vec<Seen>) -> bool,
    closed: bool,
}

impl<'s> Out<'s> {
    pub(super) fn new(send: &'s mut dyn FnMut(Vec<Seen>) -> bool) -> Self {
        Self { portion: Portion::new(), send, closed: false }
    }

    pub(super) fn push(&mut self, seen: Seen) {
        if let Some(portion) = self.portion.add(seen) {
            self.closed |= !(self.send)(portion);
        }
    }

    pub(super) fn flush(&mut self) {
        self.closed |= !(self.send)(self.portion.take());
    }

    /// Has the other side gone?
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }
}

/// A key whose value is being read.
pub(super) struct Reading<'o, 's> {
    out: &'o mut Out<'s>,
    /// Until it went out.
    header: Option<(usize, Header)>,
    contents: bool,
    wants_ends: bool,
    wants_groups: bool,
    /// The moment by which fields have expired or not, in milliseconds since 1970.
    pub(super) now_ms: i64,
    room: u64,
    parts: Vec<Part>,
    bytes: usize,
    size: Option<u64>,
    ends: Option<(f64, f64)>,
    groups: Option<Vec<Group>>,
    cut: bool,
}

impl<'o, 's> Reading<'o, 's> {
    /// Begins with a key of the declared type, claimed by the pattern `at`.
    pub(super) fn new(
        out: &'o mut Out<'s>,
        (at, header): (usize, Header),
        look: &Look<'_>,
        contents: bool,
        now_ms: i64,
    ) -> Self {
        let room = if look.depth == Depth::Sample { SAMPLE_ELEMENTS } else { u64::MAX };
        Self {
            out,
            header: Some((at, header)),
            contents,
            wants_ends: look.wants[at].ends,
            wants_groups: look.wants[at].groups,
            now_ms,
            room: if contents { room } else { 0 },
            parts: Vec::new(),
            bytes: 0,
            size: Some(0),
            ends: None,
            groups: None,
            cut: false,
        }
    }

    /// One more element.
    pub(super) fn count(&mut self) {
        self.size = self.size.map(|size| size + 1);
    }

    /// The number of elements, where the file says it, or where it cannot be told.
    pub(super) fn set_size(&mut self, size: Option<u64>) {
        self.size = size;
    }

    /// The consumer groups of a stream.
    pub(super) fn set_groups(&mut self, groups: Vec<Group>) {
        self.groups = Some(groups).filter(|_| self.wants_groups);
    }

    /// Is one more part wanted? If not, what is seen is not the whole.
    pub(super) fn wants_part(&mut self) -> bool {
        self.cut |= self.room == 0;
        self.room > 0
    }

    /// Is a field with this time gone already?
    pub(super) fn is_expired(&self, at_ms: i64) -> bool {
        at_ms < self.now_ms
    }

    /// The position of an element.
    pub(super) fn position(&mut self, position: f64) {
        let (first, last) = self.ends.unwrap_or((position, position));
        self.ends = Some((first.min(position), last.max(position)));
    }

    /// A part that [`Reading::wants_part`] asked for.
    pub(super) fn part(&mut self, part: Part) {
        let bytes = portion::size(&part);
        if bytes as u64 > LARGEST {
            self.too_large(bytes as u64);
            return;
        }
        self.room -= 1;
        self.bytes += bytes;
        self.parts.push(part);
        if self.parts.len() >= PARTS || self.bytes >= PART_BYTES {
            self.open();
            self.out.push(Seen::Parts(std::mem::take(&mut self.parts)));
            self.bytes = 0;
        }
    }

    /// A field of a hash that has not expired.
    pub(super) fn field(&mut self, name: Packed<'_>, value: Packed<'_>) {
        self.count();
        if self.wants_part() {
            self.part(Part::Field(name.to_vec(), value.to_vec()));
        }
    }

    /// Something of this many bytes is too large to be held, and was passed over.
    pub(super) fn too_large(&mut self, bytes: u64) {
        self.cut = true;
        if self.contents {
            self.open();
            self.out.push(Seen::TooLarge(bytes));
        }
    }

    /// Sends the header without what is not known yet.
    fn open(&mut self) {
        if let Some((at, header)) = self.header.take() {
            self.out.push(Seen::Key(at, header));
        }
    }

    /// The value is read to its end.
    pub(super) fn finish(mut self) {
        let (size, ends, groups) = (self.size, self.ends.filter(|_| self.wants_ends), self.groups.take());
        let mut measured = None;
        match self.header.take() {
            // All its fields had expired, and it with them.
            Some((_, header)) if header.redis_type == "hash" && self.size == Some(0) => {
                return self.out.push(Seen::Gone);
            }
            Some((at, header)) => self.out.push(Seen::Key(at, Header { size, ends, groups, ..header })),
            None => measured = Some(Seen::Measured(Measures { size, ends, groups })),
        }
        if !self.parts.is_empty() {
            self.out.push(Seen::Parts(self.parts));
        }
        if let Some(measured) = measured {
            self.out.push(measured);
        }
        self.out.push(Seen::End(match (self.contents, self.cut) {
            (false, _) => Extent::Unread,
            (true, true) => Extent::Cut,
            (true, false) => Extent::Whole,
        }));
    }
}
