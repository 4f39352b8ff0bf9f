//! The bound that a trimming call leaves. In: a call's arguments. Out: how many may be left, or below what all is gone.
//!
//! By the call alone, whatever the key holds.

use super::Invocation;
use crate::server::commands::effects::{Bound, Size};

/// What a trimming call leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trim<'w> {
    /// At most so many elements or entries.
    Entries {
        /// So many are left at most.
        at_most: u64,
        /// The server may leave somewhat more (`~`).
        approximate: bool,
    },
    /// None below a score or an id.
    Below {
        /// The score or id, as it was written but for the parenthesis.
        threshold: &'w [u8],
        /// Whether what stands at the threshold itself goes too.
        inclusive: bool,
        /// The server may leave somewhat more (`~`).
        approximate: bool,
    },
    /// As much as before: LTRIM 0 -1.
    Nothing,
    /// Less than before, but by no bound that the call alone tells: LTRIM 1 -1.
    Other,
}

impl<'w> Invocation<'w> {
    /// The bound that the call leaves; `None` if it does not trim.
    #[must_use]
    pub fn trim(&self) -> Option<Trim<'w>> {
        let bound = self.keys.iter().find_map(|key| match key.effect?.size {
            Size::Trims(bound) | Size::GrowsTrimmed(bound) => Some(bound),
            _ => None,
        })?;
        let known = match self.command.name.as_str() {
            "LTRIM" => self.range().map(|(start, stop)| of_kept_range(start, stop)),
            "ZREMRANGEBYRANK" => self.range().map(|(start, stop)| of_removed_range(start, stop)),
            "ZREMRANGEBYSCORE" => self.of_scores(),
            "XADD" | "XTRIM" => self.of_stream(bound),
            _ => None,
        };
        Some(known.unwrap_or(Trim::Other))
    }

    fn range(&self) -> Option<(i64, i64)> {
        Some((self.number("start")?, self.number("stop")?))
    }

    fn of_stream(&self, bound: Bound) -> Option<Trim<'w>> {
        let threshold = self.values("threshold").next()?.word;
        let approximate = self.has_token("~");
        if bound == Bound::Age {
            return Some(Trim::Below { threshold, inclusive: false, approximate });
        }
        let at_most = std::str::from_utf8(threshold).ok()?.parse().ok()?;
        Some(Trim::Entries { at_most, approximate })
    }

    fn of_scores(&self) -> Option<Trim<'w>> {
        let (min, max) = (self.values("min").next()?.word, self.values("max").next()?.word);
        let infinite = |word: &[u8], sign: f64| {
            std::str::from_utf8(word).is_ok_and(|text| text.parse::<f64>().is_ok_and(|score| score == sign))
        };
        if !infinite(min, f64::NEG_INFINITY) {
            return None;
        }
        if infinite(max, f64::INFINITY) {
            return Some(exactly(0));
        }
        let open = max.strip_prefix(b"(");
        Some(Trim::Below { threshold: open.unwrap_or(max), inclusive: open.is_none(), approximate: false })
    }
}

const fn exactly(at_most: u64) -> Trim<'static> {
    Trim::Entries { at_most, approximate: false }
}

/// What LTRIM leaves: the elements from `start` to `stop`, of which negative ones count from the end.
fn of_kept_range(start: i64, stop: i64) -> Trim<'static> {
    let length = |first: i64, last: i64| u64::try_from(i128::from(last) - i128::from(first) + 1).unwrap_or(0);
    match (start < 0, stop < 0) {
        (false, true) if (start, stop) == (0, -1) => Trim::Nothing,
        (false, true) => Trim::Other,
        (true, false) => exactly(start.unsigned_abs().min(length(0, stop))),
        (false, false) | (true, true) => exactly(length(start, stop)),
    }
}

/// What ZREMRANGEBYRANK leaves: those before `start` and those after `stop`.
fn of_removed_range(start: i64, stop: i64) -> Trim<'static> {
    match (start < 0, stop < 0) {
        (false, true) => exactly(start.unsigned_abs().saturating_add(stop.unsigned_abs() - 1)),
        (false, false) | (true, true) if start > stop => Trim::Nothing,
        _ => Trim::Other,
    }
}
