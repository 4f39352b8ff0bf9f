//! RDB files: what servers save, as an origin. Redis 5 to 8 and Valkey 7 to 9, read as a stream in bounded memory.
//!
//! In: the bytes of a file. Out: what [`super::live`] would have seen of the same keys at the moment of saving. A file that
//! ends too soon, is damaged, or has what is not known here is an error with its place.

mod containers;
mod crc64;
mod form;
mod groups;
mod intset;
mod listpack;
mod lzf;
mod marks;
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
use form::Form;
use marks::{END, Mark};
pub use preface::Dump;
use reading::{Out, Reading};
use source::Source;
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
        let now_ms = self.moment_ms();
        let (out, sampled) = (Out::new(send), Sampled::new(look));
        let mut eye = Eye { look, out, sampled, now_ms, packed: Vec::new(), coverage };
        let (mut here, mut expires) = (true, None);
        let mut code = self.next;
        while code != END {
            if let Some(form) = Form::of(code, self.valkey) {
                let at = self.source.offset() - 1;
                let expires = expires.take();
                let read =
                    if here { eye.key(&mut self.source, form, expires) } else { eye.other(&mut self.source, form) };
                read.with_context(|| format!("the key at byte {at} cannot be read"))?;
            } else {
                match self.mark(code)? {
                    Mark::Database(number) => here = number == database,
                    Mark::Size(keys) if here => {
                        let before = eye.coverage.in_database.unwrap_or(0);
                        eye.coverage.in_database = Some(before.saturating_add(keys));
                    }
                    Mark::Expires(at_ms) => expires = Some(at_ms),
                    Mark::Size(_) | Mark::Other => {}
                }
            }
            if eye.out.is_closed() {
                return Ok(());
            }
            code = self.source.byte()?;
        }
        eye.out.flush();
        self.ending()?;
        coverage.complete = true;
        Ok(())
    }
}

/// What looks at keys.
struct Eye<'a, 's> {
    look: &'a Look<'a>,
    out: Out<'s>,
    sampled: Sampled,
    now_ms: i64,
    /// Room for packed strings.
    packed: Vec<u8>,
    coverage: &'a mut Coverage,
}

impl Eye<'_, '_> {
    /// A key of another database.
    fn other(&mut self, source: &mut Source<'_>, form: Form) -> Result<()> {
        self.coverage.elsewhere += 1;
        source.skip_string()?;
        form::skip(source, form)
    }

    /// A key and its value. It expires at this moment, in milliseconds since 1970.
    fn key(&mut self, source: &mut Source<'_>, form: Form, expires: Option<i64>) -> Result<()> {
        let left = expires.map(|at_ms| at_ms.saturating_sub(self.now_ms));
        if left.is_some_and(|left| left < 0) {
            // It had expired, and only still lay there: a client would not have seen it.
            source.skip_string()?;
            return form::skip(source, form);
        }
        self.coverage.scanned += 1;
        let name = match source.string(LARGEST)? {
            Held::Bytes(name) => name,
            Held::TooLarge(length) => bail!("its name has {length} bytes, more than keywire holds"),
        };
        let Some(at) = (self.look.claim)(&name) else {
            if (self.look.unclaimed)(&name) {
                self.out.push(Seen::Unclaimed(name));
            }
            return form::skip(source, form);
        };
        // Not below zero, so that nothing is lost.
        let ttl = left.map_or(TtlSeen::None, |left| TtlSeen::Left(Duration::from_millis(left.unsigned_abs())));
        let redis_type = match form.redis_type() {
            Some(name) => name.into(),
            None => module::name(source.length()?).into(),
        };
        self.value(source, form, (at, Header { name, redis_type, ttl, size: None, ends: None, groups: None }))
    }

    /// The value of a key that a pattern claims.
    fn value(&mut self, source: &mut Source<'_>, form: Form, (at, header): (usize, Header)) -> Result<()> {
        let contents = self.sampled.wants_contents(at, self.look);
        let read = form.redis_type().is_some_and(|name| self.look.wants[at].reads(name));
        if form == Form::Module || !read {
            self.out.push(Seen::Key(at, header));
            self.out.push(Seen::End(Extent::Unread));
            return if form == Form::Module { module::skip_value(source) } else { form::skip(source, form) };
        }
        if form == Form::Text {
            return self.text(source, (at, header), contents);
        }
        let mut reading = Reading::new(&mut self.out, (at, header), self.look, contents, self.now_ms);
        containers::read(source, form, &mut reading, &mut self.packed)?;
        reading.finish();
        Ok(())
    }

    /// The value of a string.
    fn text(&mut self, source: &mut Source<'_>, (at, mut header): (usize, Header), contents: bool) -> Result<()> {
        let (length, extent) = match if contents { Some(source.string(LARGEST)?) } else { None } {
            Some(Held::Bytes(value)) => {
                header.size = Some(value.len() as u64);
                self.out.push(Seen::Text(at, header, value));
                return Ok(());
            }
            Some(Held::TooLarge(length)) => (length, Extent::Cut),
            None => (source.skip_string()?, Extent::Unread),
        };
        header.size = Some(length);
        self.out.push(Seen::Key(at, header));
        if extent == Extent::Cut {
            self.out.push(Seen::TooLarge(length));
        }
        self.out.push(Seen::End(extent));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
