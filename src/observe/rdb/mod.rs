//! RDB files: what servers save, as an origin. Redis 5 to 8 and Valkey 7 to 9, read as a stream in bounded memory.
//!
//! In: the bytes of a file. Out: what [`super::live`] would have seen of the same keys at the moment of saving. A file that
//! ends too soon, is damaged, or has what is not known here is an error with its place.

mod containers;
mod crc64;
mod form;
mod intset;
mod listpack;
mod lzf;
mod module;
mod packed;
mod preface;
mod reading;
mod source;
mod stream;
mod string;
mod ziplist;
mod zipmap;

use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::look::{LARGEST, Sampled};
use super::{Extent, Header, Look, Seen, TtlSeen};
use form::{Form, skip_each, skip_strings};
pub use preface::Dump;
use reading::{Out, Reading};
use string::Held;

/// What a look has covered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Keys that the database held when it was saved, as the file says.
    pub in_database: Option<u64>,
    /// Keys of the database that were met, and had not expired.
    pub scanned: u64,
    /// Keys of other databases that were met.
    pub elsewhere: u64,
    /// Was the file read to its end, and found undamaged?
    pub complete: bool,
}

impl Dump<'_> {
    /// Looks at all keys of one database; observations go out in portions, in order. Ends early when `send` says that
    /// nobody takes them any more. `coverage` has what was reached also after an error.
    ///
    /// # Errors
    /// When the file ends too soon, is damaged, or has what is not known here. What was sent until then stands.
    pub fn look(
        mut self,
        look: &Look<'_>,
        database: u64,
        send: &mut dyn FnMut(Vec<Seen>) -> bool,
        coverage: &mut Coverage,
    ) -> Result<()> {
        let mut out = Out::new(send);
        let mut sampled = Sampled::new(look);
        let mut packed = Vec::new();
        let mut place = Place { database: 0, expires: None };
        let mut code = self.next;
        while code != END {
            match Form::of(code, self.valkey) {
                Some(form) => {
                    let at = self.source.offset() - 1;
                    let key = Key { form, expires: place.expires.take(), is_here: place.database == database };
                    let read = self.key(key, look, (&mut out, &mut sampled), (&mut packed, coverage));
                    read.with_context(|| format!("the key at byte {at} cannot be read"))?;
                }
                None => self.mark(code, &mut place, |here, keys| {
                    if here == database {
                        coverage.in_database = Some(coverage.in_database.unwrap_or(0).saturating_add(keys));
                    }
                })?,
            }
            if out.is_closed() {
                return Ok(());
            }
            code = self.source.byte()?;
        }
        out.flush();
        self.ending()?;
        coverage.complete = true;
        Ok(())
    }

    /// One key and its value.
    fn key(
        &mut self,
        key: Key,
        look: &Look<'_>,
        (out, sampled): (&mut Out<'_>, &mut Sampled),
        (packed, coverage): (&mut Vec<u8>, &mut Coverage),
    ) -> Result<()> {
        let Key { form, expires, is_here } = key;
        if !is_here {
            coverage.elsewhere += 1;
            self.source.skip_string()?;
            return form::skip(&mut self.source, form);
        }
        let now_ms = self.moment_ms();
        let left = expires.map(|at_ms| at_ms.saturating_sub(now_ms));
        if left.is_some_and(|left| left < 0) {
            // It had expired, and only still lay there: a client would not have seen it.
            self.source.skip_string()?;
            return form::skip(&mut self.source, form);
        }
        coverage.scanned += 1;
        let name = match self.source.string(LARGEST)? {
            Held::Bytes(name) => name,
            Held::TooLarge(length) => bail!("its name has {length} bytes, more than keywire holds"),
        };
        let Some(at) = (look.claim)(&name) else {
            if (look.unclaimed)(&name) {
                out.push(Seen::Unclaimed(name));
            }
            return form::skip(&mut self.source, form);
        };
        let contents = sampled.wants_contents(at, look);
        // Not below zero, so that it fits.
        let ttl = left.map_or(TtlSeen::None, |left| TtlSeen::Left(Duration::from_millis(left.unsigned_abs())));
        let mut header = Header { name, redis_type: "".into(), ttl, size: None, ends: None };
        header.redis_type = match form.redis_type() {
            Some(redis_type) => redis_type.into(),
            None => {
                let name = module::name(self.source.length()?).into();
                module::skip_value(&mut self.source)?;
                out.push(Seen::Key(at, Header { redis_type: name, ..header }));
                out.push(Seen::End(Extent::Unread));
                return Ok(());
            }
        };
        if look.wants[at].redis_type != form.redis_type() {
            out.push(Seen::Key(at, header));
            out.push(Seen::End(Extent::Unread));
            return form::skip(&mut self.source, form);
        }
        if form == Form::Text {
            return self.text((at, header), contents, out);
        }
        let mut reading = Reading::new(out, (at, header), look, contents, now_ms);
        containers::read(&mut self.source, form, &mut reading, packed)?;
        reading.finish();
        Ok(())
    }

    /// The value of a string.
    fn text(&mut self, (at, mut header): (usize, Header), contents: bool, out: &mut Out<'_>) -> Result<()> {
        let (length, extent) = match if contents { Some(self.source.string(LARGEST)?) } else { None } {
            Some(Held::Bytes(value)) => {
                header.size = Some(value.len() as u64);
                out.push(Seen::Text(at, header, value));
                return Ok(());
            }
            Some(Held::TooLarge(length)) => (length, Extent::Cut),
            None => (self.source.skip_string()?, Extent::Unread),
        };
        header.size = Some(length);
        out.push(Seen::Key(at, header));
        if extent == Extent::Cut {
            out.push(Seen::TooLarge(length));
        }
        out.push(Seen::End(extent));
        Ok(())
    }

    /// A mark between keys.
    fn mark(&mut self, code: u8, place: &mut Place, mut size: impl FnMut(u64, u64)) -> Result<()> {
        let source = &mut self.source;
        match code {
            SELECT_DATABASE => place.database = source.length()?,
            SIZE => {
                size(place.database, source.length()?);
                source.length()?;
            }
            EXPIRES_S => place.expires = Some(i64::from(i32::from_le_bytes(source.array()?)) * 1000),
            EXPIRES_MS => place.expires = Some(i64::from_le_bytes(source.array()?)),
            IDLE => drop(source.length()?),
            FREQUENCY => source.skip(1)?,
            FIELD => skip_strings(source, 2)?,
            FUNCTION => skip_strings(source, 1)?,
            EARLY_FUNCTION => {
                skip_strings(source, 2)?;
                let about = source.length()?;
                skip_strings(source, about.min(1) + 1)?;
            }
            OF_MODULE => {
                (0..3).try_for_each(|_| source.length().map(drop))?;
                module::skip_value(source)?;
            }
            SLOT => (0..3).try_for_each(|_| source.length().map(drop))?,
            IMPORT_OR_MODULES if self.valkey => {
                // Slots that are on their way to this node.
                skip_strings(source, 1)?;
                skip_each(source, |source| (0..2).try_for_each(|_| source.length().map(drop)))?;
            }
            // What modules attached to the next key.
            IMPORT_OR_MODULES => skip_each(source, |source| {
                source.skip(4)?;
                module::skip_value(source)
            })?,
            6 => bail!("at byte {} is a value of a module in a form that cannot be passed over", source.offset() - 1),
            _ => bail!(
                "the type {code} at byte {} is not known to keywire; the file is of {}, and either damaged or from a newer \
                 server",
                source.offset() - 1,
                self.server
            ),
        }
        Ok(())
    }
}

/// A key, as far as what stands before it says.
struct Key {
    form: Form,
    expires: Option<i64>,
    is_here: bool,
}

/// What the marks before a key said.
struct Place {
    database: u64,
    expires: Option<i64>,
}

const END: u8 = 255;
const SELECT_DATABASE: u8 = 254;
const EXPIRES_S: u8 = 253;
const EXPIRES_MS: u8 = 252;
const SIZE: u8 = 251;
const FIELD: u8 = 250;
const FREQUENCY: u8 = 249;
const IDLE: u8 = 248;
const OF_MODULE: u8 = 247;
const EARLY_FUNCTION: u8 = 246;
const FUNCTION: u8 = 245;
const SLOT: u8 = 244;
const IMPORT_OR_MODULES: u8 = 243;

#[cfg(test)]
mod tests;
