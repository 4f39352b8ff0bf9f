//! What a call's numbers say: which TTL it sets, which bound it leaves, how much it adds.

use std::time::Duration;

use super::arguments::Given;
use super::call::Invocation;
use super::effects::{Expiry, Size};
use super::model::Group;

/// The time to live that a call gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryGiven {
    /// From now on.
    After(Duration),
    /// Until then, counted from 1970.
    At(Duration),
    /// None left: the key is removed at once.
    Gone,
}

/// What a call leaves of what a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trim {
    /// At most so many elements.
    Entries {
        /// How many.
        at_most: u64,
        /// May the server leave somewhat more (`~`)?
        approximate: bool,
    },
    /// Nothing below a score or an entry's id.
    Below,
    /// All there is: `LTRIM key 0 -1`.
    Nothing,
    /// What cannot be said in advance.
    Other,
}

impl Invocation<'_> {
    /// The TTL that it gives to the keys it writes, from its arguments. Those of a hash's fields are another matter.
    #[must_use]
    pub fn expiry(&self) -> Option<ExpiryGiven> {
        let sets = |expiry| matches!(expiry, Expiry::Sets | Expiry::Carries);
        self.keys.iter().filter_map(|key| key.effect).find(|effect| sets(effect.expiry))?;
        let given = |name| self.values(name).find_map(whole);
        if &*self.command.name == "RESTORE" {
            let ttl = given("ttl").filter(|ttl| *ttl != 0)?;
            return Some(if self.has_token("ABSTTL") { at(ttl, 1) } else { after(ttl, 1) });
        }
        let moment = given("unix-time-seconds").map(|number| at(number, 1000));
        let moment = moment.or_else(|| given("unix-time-milliseconds").map(|number| at(number, 1)));
        let time = || given("seconds").map(|number| after(number, 1000));
        moment.or_else(time).or_else(|| given("milliseconds").map(|number| after(number, 1)))
    }

    /// The bound that it leaves.
    #[must_use]
    pub fn trim(&self) -> Option<Trim> {
        let trims = |size| matches!(size, Size::Trims(_) | Size::GrowsTrimmed(_));
        self.keys.iter().filter_map(|key| key.effect).find(|effect| trims(effect.size))?;
        let given = |name| self.values(name).find_map(whole);
        let entries = |at_most: i64, approximate| Trim::Entries { at_most: at_most.unsigned_abs(), approximate };
        let range = || given("start").zip(given("stop"));
        Some(match &*self.command.name {
            "XADD" | "XTRIM" if self.has_token("MAXLEN") => {
                given("threshold").map_or(Trim::Other, |threshold| entries(threshold, self.has_token("~")))
            }
            "XADD" | "XTRIM" | "ZREMRANGEBYSCORE" => Trim::Below,
            "LTRIM" => match range() {
                Some((0, -1)) => Trim::Nothing,
                Some((0, stop @ 0..)) => entries(stop.saturating_add(1), false),
                Some((start @ ..0, -1)) => entries(start, false),
                Some(_) | None => Trim::Other,
            },
            // What is removed is named, what is left is the rest: the highest, or the lowest.
            "ZREMRANGEBYRANK" => match range() {
                Some((0, stop @ ..-1)) => entries(stop.saturating_add(1), false),
                Some((start @ 0.., -1)) => entries(start, false),
                Some(_) | None => Trim::Other,
            },
            _ => Trim::Other,
        })
    }

    /// Elements, fields, members or entries that it may add to the keys it writes.
    #[must_use]
    pub fn grown_by(&self) -> u64 {
        let grows = |size| matches!(size, Size::Grows | Size::GrowsTrimmed(_));
        if !self.keys.iter().filter_map(|key| key.effect).any(|effect| grows(effect.size)) {
            return 0;
        }
        let count = |name| self.values(name).count() as u64;
        match self.command.group {
            Group::Stream => 1,
            Group::List => count("element").max(1),
            Group::Hash => count("field"),
            Group::Set | Group::SortedSet | Group::Geo => count("member").max(1),
            _ => 0,
        }
    }
}

fn whole(given: &Given<'_>) -> Option<i64> {
    std::str::from_utf8(given.word).ok()?.parse().ok()
}

fn after(number: i64, ms: u64) -> ExpiryGiven {
    let positive = u64::try_from(number).ok().filter(|number| *number > 0);
    positive.map_or(ExpiryGiven::Gone, |number| ExpiryGiven::After(Duration::from_millis(number.saturating_mul(ms))))
}

fn at(number: i64, ms: u64) -> ExpiryGiven {
    let positive = u64::try_from(number).ok().filter(|number| *number > 0);
    positive.map_or(ExpiryGiven::Gone, |number| ExpiryGiven::At(Duration::from_millis(number.saturating_mul(ms))))
}

#[cfg(test)]
mod tests {
    use super::super::invocation;
    use super::*;

    fn read(call: &str) -> (Option<ExpiryGiven>, Option<Trim>, u64) {
        let words: Vec<&str> = call.split(' ').collect();
        let invocation = invocation(&words).unwrap();
        assert!(invocation.is_well_formed(), "{call}: {:?}", invocation.arguments());
        (invocation.expiry(), invocation.trim(), invocation.grown_by())
    }

    #[test]
    fn times_to_live() {
        let after = |seconds| Some(ExpiryGiven::After(Duration::from_secs(seconds)));
        let at = |seconds| Some(ExpiryGiven::At(Duration::from_secs(seconds)));
        for (call, expected) in [
            ("SET k v EX 30", after(30)),
            ("SET k v GET PX 30000 NX", after(30)),
            ("SET k v EXAT 1767225600", at(1_767_225_600)),
            ("SET k v KEEPTTL", None),
            ("SET k EX", None),
            ("SETEX k 30 v", after(30)),
            ("PSETEX k 30000 v", after(30)),
            ("EXPIRE k 30 NX", after(30)),
            ("PEXPIREAT k 1767225600000", at(1_767_225_600)),
            ("EXPIRE k -1", Some(ExpiryGiven::Gone)),
            ("GETEX k EX 30", after(30)),
            ("GETEX k PERSIST", None),
            ("RESTORE k 30000 x", after(30)),
            ("RESTORE k 0 x REPLACE", None),
            ("RESTORE k 1767225600000 x ABSTTL", at(1_767_225_600)),
            ("HEXPIRE k 30 FIELDS 1 f", None),
            ("HSET k seconds 30", None),
        ] {
            assert_eq!(read(call).0, expected, "{call}");
        }
    }

    #[test]
    fn bounds_that_trims_leave() {
        let entries = |at_most, approximate| Some(Trim::Entries { at_most, approximate });
        for (call, expected) in [
            ("XADD k MAXLEN ~ 300 * a 1", entries(300, true)),
            ("XADD k NOMKSTREAM MAXLEN = 300 5-1 a 1", entries(300, false)),
            ("XADD k * MAXLEN 300", None),
            ("XADD k MINID ~ 5 LIMIT 10 * a 1", Some(Trim::Below)),
            ("XTRIM k MAXLEN 300", entries(300, false)),
            ("LTRIM k 0 299", entries(300, false)),
            ("LTRIM k -300 -1", entries(300, false)),
            ("LTRIM k 0 -1", Some(Trim::Nothing)),
            ("LTRIM k 5 -1", Some(Trim::Other)),
            ("ZREMRANGEBYRANK k 0 -301", entries(300, false)),
            ("ZREMRANGEBYRANK k 300 -1", entries(300, false)),
            ("ZREMRANGEBYSCORE k -inf (5", Some(Trim::Below)),
            ("ZADD k 1 a", None),
        ] {
            assert_eq!(read(call).1, expected, "{call}");
        }
    }

    #[test]
    fn elements_that_are_added() {
        for (call, expected) in [
            ("SADD k a b c", 3),
            ("HSET k a 1 b 2", 2),
            ("HINCRBY k a 1", 1),
            ("XADD k * a 1 b 2", 1),
            ("LPUSH k a b", 2),
            ("RPOPLPUSH a b", 1),
            ("ZADD k NX CH 1 a 2 b", 2),
            ("GEOADD k 1 2 a 3 4 b", 2),
            ("PFADD k a b", 0),
            ("SET k v", 0),
            ("SREM k a", 0),
        ] {
            assert_eq!(read(call).2, expected, "{call}");
        }
    }
}
