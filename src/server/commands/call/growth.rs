//! How much a call can add to the keys it writes. In: a call's arguments. Out: a number of elements.
//!
//! By the call alone: how many of them were there before, only the server knows.

use super::Invocation;
use crate::server::commands::effects::Size;
use crate::server::commands::model::Group;

/// Arguments that stand for one element each; the first that a call has counts.
const ELEMENTS: &[&str] = &["field", "member", "element", "item", "value"];

impl Invocation<'_> {
    /// Elements, fields, members or entries that the call may add to the keys it writes, at most: 3 for SADD with three
    /// members, 1 for XADD. 0 for what gives a key a whole new value (SET, SUNIONSTORE), and where there is nothing to
    /// count: bytes of strings, HyperLogLogs.
    #[must_use]
    pub fn grown_by(&self) -> u64 {
        let grows = |size| matches!(size, Size::Grows | Size::GrowsTrimmed(_));
        if !self.keys.iter().any(|key| key.effect.is_some_and(|effect| grows(effect.size))) {
            return 0;
        }
        match self.command.group {
            Group::String | Group::Bitmap | Group::HyperLogLog => return 0,
            // One entry, however many fields it has.
            Group::Stream => return 1,
            Group::SortedSet | Group::Geo if self.has_token("XX") => return 0,
            Group::Hash if self.has_token("FXX") => return 0,
            _ => {}
        }
        let counts = ELEMENTS.iter().map(|name| self.values(name).count()).find(|count| *count > 0);
        // What moves from key to key is named by no argument.
        counts.map_or(1, |count| u64::try_from(count).unwrap_or(u64::MAX))
    }
}
