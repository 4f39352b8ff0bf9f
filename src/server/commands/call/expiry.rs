//! The time to live that a call sets on the keys it writes. In: a call's arguments. Out: how long, or until when.
//!
//! Of keys only: what HEXPIRE and HSETEX do to fields is no expiry of the key. It knows no clock.

use std::time::Duration;

use super::Invocation;
use crate::server::commands::effects::Expiry;

/// A time to live that a call sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryGiven {
    /// So long after the call.
    After(Duration),
    /// At this time since 1970. It may be past, and the key then goes at once.
    At(Duration),
    /// Not in the future: EXPIRE with a number of seconds that is not positive deletes the key.
    Gone,
}

/// Argument, milliseconds in one of its units, and whether it counts from 1970.
const UNITS: &[(&str, u64, bool)] = &[
    ("seconds", 1000, false),
    ("milliseconds", 1, false),
    ("unix-time-seconds", 1000, true),
    ("unix-time-milliseconds", 1, true),
];

impl Invocation<'_> {
    /// The time to live that the call sets on the keys it writes, if its condition (NX, GT, ...) holds.
    ///
    /// `None` if it sets none, also for RESTORE with a TTL of 0, and if the server would refuse the number.
    #[must_use]
    pub fn expiry(&self) -> Option<ExpiryGiven> {
        let does = |expiry| self.keys.iter().any(|key| key.effect.is_some_and(|effect| effect.expiry == expiry));
        if does(Expiry::Carries) {
            let ttl = self.number("ttl").filter(|ttl| *ttl > 0)?;
            return Some(given(ttl, 1, self.has_token("ABSTTL")));
        }
        if !does(Expiry::Sets) {
            return None;
        }
        let found = |(name, unit, absolute): &(&str, u64, bool)| Some((self.number(name)?, *unit, *absolute));
        let (number, unit, absolute) = UNITS.iter().find_map(found)?;
        if number > 0 {
            return Some(given(number, unit, absolute));
        }
        // As an option of a write, only positive numbers are taken.
        self.command.name.contains("EXPIRE").then_some(ExpiryGiven::Gone)
    }

    /// The whole number given for the argument of that name.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        std::str::from_utf8(self.values(name).next()?.word).ok()?.parse().ok()
    }
}

fn given(number: i64, unit: u64, absolute: bool) -> ExpiryGiven {
    let after = Duration::from_millis(number.unsigned_abs().saturating_mul(unit));
    if absolute { ExpiryGiven::At(after) } else { ExpiryGiven::After(after) }
}
