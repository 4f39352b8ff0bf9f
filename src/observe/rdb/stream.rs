//! Streams: entries in listpacks that share an id and field names, then what `groups` reads.
//!
//! In: a [`Source`] at the beginning of a stream. Out: its entries to a [`Reading`]; deleted ones are left out.

use anyhow::{Context, Result, bail};

use super::super::Part;
use super::containers::LARGEST_PACKED;
use super::groups::rest;
use super::packed::{Packed, Packing, Walk};
use super::reading::Reading;
use super::source::Source;

/// How a stream is written, counted from 1: later versions add to what follows the entries.
pub(super) type Version = u8;

/// Fields of an entry at most: no command that adds one can have more words.
const MOST_FIELDS: i64 = 1 << 20;

const DELETED: i64 = 1;
const SAME_FIELDS: i64 = 2;

/// An entry's id: milliseconds, and a number within them.
pub(super) type Id = (u64, u64);

pub(super) fn read(
    source: &mut Source<'_>,
    version: Version,
    reading: &mut Reading<'_, '_>,
    packed: &mut Vec<u8>,
) -> Result<()> {
    for _ in 0..source.length()? {
        let at = source.offset();
        if source.string_into(16, packed)?.is_some() || packed.len() != 16 {
            bail!("the id at byte {at} has not 16 bytes; the file is damaged");
        }
        let half = |half: &[u8]| half.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let id = (half(&packed[..8]), half(&packed[8..]));
        let at = source.offset();
        if let Some(length) = source.string_into(LARGEST_PACKED, packed)? {
            reading.too_large(length);
            continue;
        }
        entries(packed, id, reading).with_context(|| format!("the entries packed at byte {at} are damaged"))?;
    }
    let length = source.length()?;
    reading.set_size(Some(length));
    let groups = rest(source, version, length)?;
    reading.set_groups(groups);
    Ok(())
}

/// The entries of one listpack: counts and names of the first one's fields, then each entry with what differs.
fn entries(bytes: &[u8], (millis, number): Id, reading: &mut Reading<'_, '_>) -> Result<()> {
    let mut walk = Walk::new(Packing::Listpack, bytes)?;
    let valid = walk.need()?.whole()?;
    let deleted = walk.need()?.whole()?;
    let names: Vec<Packed<'_>> = (0..field_count(&mut walk)?).map(|_| walk.need()).collect::<Result<_>>()?;
    walk.need()?;
    for _ in 0..valid.saturating_add(deleted) {
        let flags = walk.need()?.whole()?;
        // Differences, which may go below zero as on the server.
        let id = (millis.wrapping_add_signed(walk.need()?.whole()?), number.wrapping_add_signed(walk.need()?.whole()?));
        let is_kept = flags & DELETED == 0 && is_wanted(id, reading);
        let mut fields = Vec::new();
        let count = if flags & SAME_FIELDS == 0 { field_count(&mut walk)? } else { i64::try_from(names.len())? };
        for at in 0..count {
            let name = match names.get(usize::try_from(at)?) {
                Some(name) if flags & SAME_FIELDS != 0 => *name,
                _ => walk.need()?,
            };
            let value = walk.need()?;
            if is_kept {
                fields.push((name.to_vec(), value.to_vec()));
            }
        }
        walk.need()?;
        if is_kept {
            reading.part(Part::Entry(format!("{}-{}", id.0, id.1).into_bytes(), fields));
        }
    }
    Ok(())
}

/// Takes an entry into account. Is it wanted as a part, too?
fn is_wanted((millis, _): Id, reading: &mut Reading<'_, '_>) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    reading.position(millis as f64);
    reading.wants_part()
}

/// How many fields follow.
fn field_count(walk: &mut Walk<'_>) -> Result<i64> {
    match walk.need()?.whole()? {
        count if count > MOST_FIELDS => bail!("an entry cannot have {count} fields"),
        count => Ok(count),
    }
}
