//! What follows the entries of a stream: its ids and counts, then its consumer groups.
//!
//! In: a [`Source`] behind the number of entries. Out: the groups, as XINFO GROUPS would tell of them.

use anyhow::Result;

use super::super::Group;
use super::form::skip_each;
use super::source::Source;
use super::stream::{Id, Version};
use super::string::Held;

/// Groups of one stream that are told of; further ones are passed over.
const MOST_GROUPS: usize = 1000;
/// Bytes of a name that are held.
const LONGEST_NAME: u64 = 64 << 10;
/// How a group says that it does not know how many entries it has read.
const UNKNOWN: u64 = u64::MAX;

/// What a stream knows of itself.
#[derive(Debug, Default)]
struct Counts {
    length: u64,
    last: Id,
    first: Id,
    /// The highest id that was deleted.
    deleted: Id,
    /// Entries that were ever added; `None` in files of servers before 7.0, which do not count them.
    added: Option<u64>,
}

/// Reads what follows the number of entries, which is `length`.
pub(super) fn rest(source: &mut Source<'_>, version: Version, length: u64) -> Result<Vec<Group>> {
    let mut counts = Counts { length, last: id(source)?, ..Counts::default() };
    if version >= 2 {
        (counts.first, counts.deleted) = (id(source)?, id(source)?);
        counts.added = Some(source.length()?);
    }
    let mut groups = Vec::new();
    for _ in 0..source.length()? {
        let group = group(source, version, &counts)?;
        groups.extend(group.filter(|_| groups.len() < MOST_GROUPS));
    }
    if version >= 4 {
        // What is remembered of producers, so that an entry is not added twice.
        skip_lengths(source, 2)?;
        skip_each(source, |source| {
            source.skip_string()?;
            skip_each(source, |source| {
                source.skip_string()?;
                skip_lengths(source, 2)
            })
        })?;
        skip_lengths(source, 2)?;
    }
    Ok(groups)
}

fn id(source: &mut Source<'_>) -> Result<Id> {
    Ok((source.length()?, source.length()?))
}

fn skip_lengths(source: &mut Source<'_>, count: u32) -> Result<()> {
    (0..count).try_for_each(|_| source.length().map(drop))
}

/// One group; `None` when its name is too long to be held.
fn group(source: &mut Source<'_>, version: Version, counts: &Counts) -> Result<Option<Group>> {
    let name = source.string(LONGEST_NAME)?;
    let last = id(source)?;
    let read = if version >= 2 { source.length()? } else { UNKNOWN };
    // Entries that were delivered and not acknowledged: id, time, and how often.
    let pending = source.length()?;
    for _ in 0..pending {
        source.skip(24)?;
        source.length()?;
    }
    let consumers = source.length()?;
    for _ in 0..consumers {
        source.skip_string()?;
        source.skip(if version >= 3 { 16 } else { 8 })?;
        skip_each(source, |source| source.skip(16))?;
    }
    if version >= 5 {
        // Those that were given back.
        skip_each(source, |source| source.skip(16))?;
    }
    let Held::Bytes(name) = name else { return Ok(None) };
    Ok(Some(Group { name, consumers, pending, lag: counts.lag(last, read) }))
}

impl Counts {
    /// How many entries a group has not been given that was last given the entry `last`, as its `read`th. Deleted entries
    /// make that uncertain, unless they all lie before what is still there; then a server says that it does not know.
    fn lag(&self, last: Id, read: u64) -> Option<u64> {
        let added = self.added?;
        if added == 0 {
            return Some(0);
        }
        let unsettled = self.length > 0 && self.deleted != (0, 0) && last <= self.deleted;
        if read != UNKNOWN && !unsettled {
            return Some(added.saturating_sub(read));
        }
        self.position(last).map(|position| added.saturating_sub(position))
    }

    /// How many entries were ever added up to this id, where that can be told.
    fn position(&self, id: Id) -> Option<u64> {
        let added = self.added?;
        if id == self.last || (self.length == 0 && id < self.last) {
            return Some(added);
        }
        if id > self.last || (self.deleted != (0, 0) && self.deleted >= self.first) {
            return None;
        }
        if id < self.first {
            return added.checked_sub(self.length);
        }
        if id == self.first { added.checked_sub(self.length).map(|before| before + 1) } else { None }
    }
}
