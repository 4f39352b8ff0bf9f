//! Lists, sets, zsets and hashes in all forms in which a file may hold them, element by element.
//!
//! In: a [`Source`] at the beginning of a value. Out: its elements to a [`Reading`]. What is larger than its limit is passed
//! over, so that memory does not depend on the size of a key.

use anyhow::{Context, Result, bail};

use super::super::Part;
use super::super::look::LARGEST;
use super::form::{self, Form, skip_strings};
use super::packed::{Packing, Walk};
use super::reading::Reading;
use super::source::Source;
use super::stream;
use super::string::Held;

/// A packed string larger than this is passed over. Servers pack what is small; by default no more than 8 kB.
pub(super) const LARGEST_PACKED: u64 = 32 << 20;

/// Reads a value that is neither a string nor a module's. `packed` is room for packed strings.
pub(super) fn read(
    source: &mut Source<'_>,
    form: Form,
    reading: &mut Reading<'_, '_>,
    packed: &mut Vec<u8>,
) -> Result<()> {
    match form {
        Form::List => each(source, |source| single(source, reading, Part::Element)),
        Form::Set => each(source, |source| single(source, reading, Part::Member)),
        Form::Hash => each(source, |source| field(source, reading)),
        Form::ZsetText | Form::ZsetBinary => each(source, |source| scored(source, reading, form)),
        Form::Packed(redis_type, packing) => unpack(source, (redis_type, packing), reading, packed),
        Form::Quicklist => each(source, |source| unpack(source, ("list", Packing::Ziplist), reading, packed)),
        Form::MixedQuicklist => each(source, |source| match source.length()? {
            1 => single(source, reading, Part::Element),
            2 => unpack(source, ("list", Packing::Listpack), reading, packed),
            kind => bail!("a part of a list is of the unknown kind {kind}, before byte {}", source.offset()),
        }),
        Form::Stream(version) => stream::read(source, version, reading, packed),
        Form::ExpiringAfter => each(source, |source| expiring_after(source, reading)),
        Form::ExpiringBefore { relative } => {
            let base = if relative { i64::from_le_bytes(source.array()?) } else { 1 };
            each(source, |source| expiring_before(source, reading, base))
        }
        Form::ExpiringPacked { earliest } => {
            source.skip(if earliest { 8 } else { 0 })?;
            unpack(source, (EXPIRING, Packing::Listpack), reading, packed)
        }
        Form::Text | Form::Module => form::skip(source, form),
    }
}

/// Stands for a hash whose packed fields come with times.
const EXPIRING: &str = "expiring hash";

fn each<'r>(source: &mut Source<'r>, mut read: impl FnMut(&mut Source<'r>) -> Result<()>) -> Result<()> {
    (0..source.length()?).try_for_each(|_| read(source))
}

/// A string that stands for an element of its own.
fn single(source: &mut Source<'_>, reading: &mut Reading<'_, '_>, part: fn(Vec<u8>) -> Part) -> Result<()> {
    reading.count();
    if !reading.wants_part() {
        return source.skip_string().map(drop);
    }
    match source.string(LARGEST)? {
        Held::Bytes(bytes) => reading.part(part(bytes)),
        Held::TooLarge(length) => reading.too_large(length),
    }
    Ok(())
}

fn field(source: &mut Source<'_>, reading: &mut Reading<'_, '_>) -> Result<()> {
    reading.count();
    if !reading.wants_part() {
        return skip_strings(source, 2);
    }
    let both = (source.string(LARGEST)?, source.string(LARGEST)?);
    keep_field(both, reading);
    Ok(())
}

fn keep_field(both: (Held, Held), reading: &mut Reading<'_, '_>) {
    match both {
        (Held::Bytes(name), Held::Bytes(value)) => reading.part(Part::Field(name, value)),
        (Held::TooLarge(length), _) | (_, Held::TooLarge(length)) => reading.too_large(length),
    }
}

/// A field, its value, and when it expires: milliseconds since 1970, less than 0 for never.
fn expiring_after(source: &mut Source<'_>, reading: &mut Reading<'_, '_>) -> Result<()> {
    let both = (source.string(LARGEST)?, source.string(LARGEST)?);
    let expires = i64::from_le_bytes(source.array()?);
    if expires < 0 || !reading.is_expired(expires) {
        reading.count();
        if reading.wants_part() {
            keep_field(both, reading);
        }
    }
    Ok(())
}

/// When a field expires, 0 for never, else 1 and the milliseconds since `base`; then the field.
fn expiring_before(source: &mut Source<'_>, reading: &mut Reading<'_, '_>, base: i64) -> Result<()> {
    let expires = match source.length()? {
        0 => None,
        since => Some(base.saturating_add_unsigned(since).saturating_sub(1)),
    };
    if expires.is_some_and(|expires| reading.is_expired(expires)) {
        return skip_strings(source, 2);
    }
    field(source, reading)
}

fn scored(source: &mut Source<'_>, reading: &mut Reading<'_, '_>, form: Form) -> Result<()> {
    reading.count();
    let member = if reading.wants_part() {
        Some(source.string(LARGEST)?)
    } else {
        source.skip_string()?;
        None
    };
    let score = match form {
        Form::ZsetText => form::score_text(source)?,
        _ => f64::from_le_bytes(source.array()?),
    };
    reading.position(score);
    match member {
        Some(Held::Bytes(member)) => reading.part(Part::Scored(member, score)),
        Some(Held::TooLarge(length)) => reading.too_large(length),
        None => {}
    }
    Ok(())
}

/// The elements of a packed string.
fn unpack(
    source: &mut Source<'_>,
    (kind, packing): (&str, Packing),
    reading: &mut Reading<'_, '_>,
    packed: &mut Vec<u8>,
) -> Result<()> {
    let at = source.offset();
    if let Some(length) = source.string_into(LARGEST_PACKED, packed)? {
        reading.set_size(None);
        reading.too_large(length);
        return Ok(());
    }
    elements(kind, packing, packed, reading).with_context(|| format!("what is packed at byte {at} is damaged"))
}

fn elements(kind: &str, packing: Packing, bytes: &[u8], reading: &mut Reading<'_, '_>) -> Result<()> {
    let mut walk = Walk::new(packing, bytes)?;
    while let Some(first) = walk.next()? {
        match kind {
            "hash" => reading.field(first, walk.need()?),
            EXPIRING => {
                let (value, expires) = (walk.need()?, walk.need()?.whole()?);
                if expires == 0 || !reading.is_expired(expires) {
                    reading.field(first, value);
                }
            }
            "zset" => {
                let score = walk.need()?.score()?;
                reading.count();
                reading.position(score);
                if reading.wants_part() {
                    reading.part(Part::Scored(first.to_vec(), score));
                }
            }
            _ => {
                reading.count();
                if reading.wants_part() {
                    let element = first.to_vec();
                    reading.part(if kind == "set" { Part::Member(element) } else { Part::Element(element) });
                }
            }
        }
    }
    Ok(())
}
