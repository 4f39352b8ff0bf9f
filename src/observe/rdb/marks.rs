//! What stands between keys: marks, most of which are passed over.
//!
//! In: a mark's number, and a [`Source`] behind it. Out: what it says of the keys that follow.

use anyhow::{Result, bail};

use super::form::{skip_each, skip_strings};
use super::module;
use super::preface::Dump;

pub(super) const END: u8 = 255;
const DATABASE: u8 = 254;
const EXPIRES_S: u8 = 253;
const EXPIRES_MS: u8 = 252;
const SIZES: u8 = 251;
pub(super) const FIELD: u8 = 250;
const FREQUENCY: u8 = 249;
const IDLE: u8 = 248;
const OF_MODULE: u8 = 247;
const EARLY_FUNCTION: u8 = 246;
const FUNCTION: u8 = 245;
const SLOT: u8 = 244;
/// Slots that are on their way to this node in a file of Valkey, what modules attached to the next key in one of Redis.
const IMPORT_OR_ATTACHED: u8 = 243;

/// The type of a module's value before modules framed them.
const UNFRAMED: u8 = 6;

/// What marks say that matters to keys.
pub(super) enum Mark {
    /// Keys of this database follow.
    Database(u64),
    /// The database has so many keys.
    Size(u64),
    /// The next key expires then, in milliseconds since 1970.
    Expires(i64),
    /// Nothing that matters.
    Other,
}

impl Dump<'_> {
    /// Reads a mark of this number.
    pub(super) fn mark(&mut self, code: u8) -> Result<Mark> {
        let source = &mut self.source;
        match code {
            DATABASE => return source.length().map(Mark::Database),
            SIZES => {
                let keys = source.length()?;
                // The other is the number of those that expire.
                source.length()?;
                return Ok(Mark::Size(keys));
            }
            EXPIRES_S => return Ok(Mark::Expires(i64::from(i32::from_le_bytes(source.array()?)) * 1000)),
            EXPIRES_MS => return Ok(Mark::Expires(i64::from_le_bytes(source.array()?))),
            IDLE => source.skip_lengths(1)?,
            FREQUENCY => source.skip(1)?,
            FIELD => skip_strings(source, 2)?,
            FUNCTION => skip_strings(source, 1)?,
            EARLY_FUNCTION => {
                skip_strings(source, 2)?;
                let has_description = source.length()? != 0;
                skip_strings(source, if has_description { 2 } else { 1 })?;
            }
            OF_MODULE => {
                source.skip_lengths(3)?;
                module::skip_value(source)?;
            }
            SLOT => source.skip_lengths(3)?,
            IMPORT_OR_ATTACHED if self.valkey => {
                skip_strings(source, 1)?;
                skip_each(source, |source| source.skip_lengths(2))?;
            }
            IMPORT_OR_ATTACHED => skip_each(source, |source| {
                source.skip(4)?;
                module::skip_value(source)
            })?,
            UNFRAMED => bail!(
                "the module's value at byte {} is in a form of Redis 4 that cannot be passed over",
                source.offset() - 1
            ),
            _ => bail!(
                "the type {code} at byte {} is not known to keywire; the file is of {}, and either damaged or from a newer \
                 server",
                source.offset() - 1,
                self.server
            ),
        }
        Ok(Mark::Other)
    }
}
