//! The flat form of a parsed document: one `Slot` per value and per member name, in document order.
//! A container's slot says how many slots its subtree takes, so a reader steps over it in one move.
//! Holds no text itself: slots point into `Texts`. Knows nothing of schemas.

/// What a slot holds. Containers come last, so that one comparison tells them from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    Null,
    False,
    True,
    /// An integer in `0..=u64::MAX`; `bits` is the value.
    Unsigned,
    /// An integer in `i64::MIN..0`; `bits` is the value.
    Negative,
    /// Any other finite number; `bits` is the nearest `f64`.
    Float,
    /// A number beyond the range of `f64`: only its text says what it is.
    Huge,
    /// A string written without escapes: a range of the source.
    Text,
    /// A string written with escapes: a range of the unescaped buffer.
    Unescaped,
    /// A member name without escapes; its value's slot follows.
    Name,
    /// A member name with escapes.
    UnescapedName,
    /// A member name that the same name further on replaces: readers skip it.
    Replaced,
    /// The same, of a name with escapes.
    ReplacedUnescaped,
    Array,
    Object,
}

/// One value or member name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Names: the first eight bytes (`prefix`). Numbers: the value. Otherwise 0.
    pub(super) bits: u64,
    /// Scalars and names: where the text starts. Containers: slots of the subtree, itself included.
    pub(super) start: u32,
    /// Scalars and names: bytes of text. Containers: number of elements or of distinct members.
    pub(super) len: u32,
    pub(super) tag: Tag,
}

impl Slot {
    pub(super) fn is_container(&self) -> bool {
        self.tag >= Tag::Array
    }

    pub(super) fn is_live_name(&self) -> bool {
        matches!(self.tag, Tag::Name | Tag::UnescapedName)
    }

    /// Marks a live name as replaced by a later one.
    pub(super) fn replace(&mut self) {
        self.tag = if self.tag == Tag::UnescapedName { Tag::ReplacedUnescaped } else { Tag::Replaced };
    }

    /// Slots from this one to the next value or name at the same level.
    pub(super) fn span(&self) -> usize {
        if self.is_container() { self.start as usize } else { 1 }
    }
}

/// The texts that slots point into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) source: &'a str,
    pub(super) unescaped: &'a str,
}

impl<'a> Texts<'a> {
    /// The text of a string, name or number.
    pub(super) fn of(&self, slot: &Slot) -> &'a str {
        let text = match slot.tag {
            Tag::Unescaped | Tag::UnescapedName | Tag::ReplacedUnescaped => self.unescaped,
            _ => self.source,
        };
        let start = slot.start as usize;
        // The parser only writes ranges on character boundaries; the fallback keeps reading total.
        text.get(start..start + slot.len as usize).unwrap_or_default()
    }
}

/// The first eight bytes of a name, zero-filled: with the length, enough to tell most names apart.
pub(super) fn prefix(name: &[u8]) -> u64 {
    if let Some(head) = name.first_chunk::<8>() {
        return u64::from_le_bytes(*head);
    }
    name.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// A member name prepared for look-ups.
#[derive(Debug, Clone)]
pub struct Name {
    bits: u64,
    text: Box<str>,
}

impl Name {
    pub(super) fn new(text: &str) -> Self {
        Self { bits: prefix(text.as_bytes()), text: text.into() }
    }

    /// Whether `slot` is a live name of this text. Names of up to eight bytes are told by the slot
    /// alone: a NUL byte in a name cannot pass for the filling, since the lengths differ.
    pub(super) fn matches(&self, slot: &Slot, texts: &Texts<'_>) -> bool {
        self.bits == slot.bits
            && self.text.len() == slot.len as usize
            && slot.is_live_name()
            && (self.text.len() <= 8 || *self.text == *texts.of(slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_hold_the_first_eight_bytes() {
        assert_eq!(prefix(b""), 0);
        assert_eq!(prefix(b"ab"), u64::from_le_bytes(*b"ab\0\0\0\0\0\0"));
        assert_eq!(prefix(b"abcdefgh"), u64::from_le_bytes(*b"abcdefgh"));
        assert_eq!(prefix(b"abcdefghij"), prefix(b"abcdefgh"));
    }

    #[test]
    fn a_slot_stays_small() {
        assert_eq!(size_of::<Slot>(), 24);
    }
}
