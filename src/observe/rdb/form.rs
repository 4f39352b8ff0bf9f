//! The forms in which values stand in a file, by their numbers, and how a value of each is passed over.
//!
//! In: a number. Out: a [`Form`]. Redis and Valkey number them alike up to 21, and differently beyond.

use anyhow::{Result, bail};

use super::packed::Packing;
use super::source::Source;
use super::{groups, module, stream};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// Elements one by one.
    List,
    Set,
    Hash,
    /// Members with scores: as text, or in binary.
    ZsetText,
    ZsetBinary,
    /// All elements in one string.
    Packed(&'static str, Packing),
    /// A list in several packed strings.
    Quicklist,
    /// The same, where a large element may stand alone.
    MixedQuicklist,
    Stream(stream::Version),
    /// Fields with times at which they expire, which follow them (Valkey).
    ExpiringAfter,
    /// Fields with times that precede them, and count from the earliest or from 1970 (Redis).
    ExpiringBefore {
        relative: bool,
    },
    /// Fields, values and times in one listpack, which the earliest time may precede (Redis).
    ExpiringPacked {
        earliest: bool,
    },
    /// Of a type that a module brought.
    Module,
}

impl Form {
    /// The form of this number in a file of Valkey or of Redis; `None` when there is none.
    pub(super) fn of(number: u8, valkey: bool) -> Option<Self> {
        Some(match number {
            0 => Self::Text,
            1 => Self::List,
            2 => Self::Set,
            3 => Self::ZsetText,
            4 => Self::Hash,
            5 => Self::ZsetBinary,
            7 => Self::Module,
            9 => Self::Packed("hash", Packing::Zipmap),
            10 => Self::Packed("list", Packing::Ziplist),
            11 => Self::Packed("set", Packing::Intset),
            12 => Self::Packed("zset", Packing::Ziplist),
            13 => Self::Packed("hash", Packing::Ziplist),
            14 => Self::Quicklist,
            15 => Self::Stream(1),
            16 => Self::Packed("hash", Packing::Listpack),
            17 => Self::Packed("zset", Packing::Listpack),
            18 => Self::MixedQuicklist,
            19 => Self::Stream(2),
            20 => Self::Packed("set", Packing::Listpack),
            21 => Self::Stream(3),
            22 if valkey => Self::ExpiringAfter,
            _ if valkey => return None,
            22 => Self::ExpiringBefore { relative: false },
            23 => Self::ExpiringPacked { earliest: false },
            24 => Self::ExpiringBefore { relative: true },
            25 => Self::ExpiringPacked { earliest: true },
            26 => Self::Stream(4),
            27 => Self::Stream(5),
            _ => return None,
        })
    }

    /// What TYPE answers; `None` where the value itself says.
    pub(super) fn redis_type(self) -> Option<&'static str> {
        Some(match self {
            Self::Text => "string",
            Self::List | Self::Quicklist | Self::MixedQuicklist => "list",
            Self::Set => "set",
            Self::ZsetText | Self::ZsetBinary => "zset",
            Self::Hash | Self::ExpiringAfter | Self::ExpiringBefore { .. } | Self::ExpiringPacked { .. } => "hash",
            Self::Packed(redis_type, _) => redis_type,
            Self::Stream(_) => "stream",
            Self::Module => return None,
        })
    }
}

/// Passes over a value.
pub(super) fn skip(source: &mut Source<'_>, form: Form) -> Result<()> {
    match form {
        Form::Text | Form::Packed(..) => drop(source.skip_string()?),
        Form::List | Form::Set | Form::Quicklist => skip_each(source, |source| source.skip_string().map(drop))?,
        Form::Hash => skip_each(source, |source| skip_strings(source, 2))?,
        Form::ZsetText => skip_each(source, |source| {
            source.skip_string()?;
            score_text(source).map(drop)
        })?,
        Form::ZsetBinary => skip_each(source, |source| {
            source.skip_string()?;
            source.skip(8)
        })?,
        Form::MixedQuicklist => skip_each(source, |source| {
            source.length()?;
            source.skip_string().map(drop)
        })?,
        Form::Stream(version) => {
            skip_each(source, |source| skip_strings(source, 2))?;
            let length = source.length()?;
            groups::rest(source, version, length)?;
        }
        Form::ExpiringAfter => skip_each(source, |source| {
            skip_strings(source, 2)?;
            source.skip(8)
        })?,
        Form::ExpiringBefore { relative } => {
            source.skip(if relative { 8 } else { 0 })?;
            skip_each(source, |source| {
                source.length()?;
                skip_strings(source, 2)
            })?;
        }
        Form::ExpiringPacked { earliest } => {
            source.skip(if earliest { 8 } else { 0 })?;
            source.skip_string()?;
        }
        Form::Module => {
            source.length()?;
            module::skip_value(source)?;
        }
    }
    Ok(())
}

/// Passes over as many as a length says.
pub(super) fn skip_each<'r>(source: &mut Source<'r>, each: impl Fn(&mut Source<'r>) -> Result<()>) -> Result<()> {
    (0..source.length()?).try_for_each(|_| each(source))
}

pub(super) fn skip_strings(source: &mut Source<'_>, count: u64) -> Result<()> {
    (0..count).try_for_each(|_| source.skip_string().map(drop))
}

/// A score as text, with its length before it.
pub(super) fn score_text(source: &mut Source<'_>) -> Result<f64> {
    let at = source.offset();
    match source.byte()? {
        253 => bail!("a score at byte {at} is not a number"),
        254 => Ok(f64::INFINITY),
        255 => Ok(f64::NEG_INFINITY),
        length => source.with(length.into(), super::packed::score)?,
    }
}
