//! Origins: what is seen of keys, wherever it comes from. An origin gives [`Seen`] key by key; it does not judge.
//!
//! Rules must not know the origin: all they get is what stands here.

pub mod ahead;
pub mod input;
pub mod live;
mod look;
mod portion;
pub mod rdb;
pub mod traffic;

use std::borrow::Cow;
use std::time::Duration;

pub use look::{ANY_TYPE, Look};

/// Time to live as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TtlSeen {
    /// The key never expires.
    None,
    /// It expires after this long.
    Left(Duration),
}

/// What is seen of a key as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Its name.
    pub name: Vec<u8>,
    /// What TYPE answers.
    pub redis_type: Cow<'static, str>,
    /// Its time to live.
    pub ttl: TtlSeen,
    /// Bytes of a string, elements of a container; `None` when not asked or not of the declared type.
    pub size: Option<u64>,
    /// The lowest and the highest position of an ordered container, where they were asked for: scores of a zset,
    /// milliseconds of the entry ids of a stream.
    pub ends: Option<(f64, f64)>,
    /// The consumer groups of a stream, where they were asked for and the server would say.
    pub groups: Option<Vec<Group>>,
}

/// A consumer group of a stream, as XINFO GROUPS tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Vec<u8>,
    /// Consumers that it knows.
    pub consumers: u64,
    /// Entries that were delivered and are not acknowledged.
    pub pending: u64,
    /// Entries that were not delivered yet; `None` where the server does not know.
    pub lag: Option<u64>,
}

/// A piece of a key's contents.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// The value of a string.
    Value(Vec<u8>),
    /// A field of a hash.
    Field(Vec<u8>, Vec<u8>),
    /// An element of a list.
    Element(Vec<u8>),
    /// A member of a set.
    Member(Vec<u8>),
    /// A member of a zset.
    Scored(Vec<u8>, f64),
    /// An entry of a stream: its id and fields.
    Entry(Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>),
}

impl Part {
    /// What it holds; of an entry, nothing alone.
    #[must_use]
    pub fn value(&self) -> Option<&[u8]> {
        match self {
            Self::Value(value) | Self::Element(value) | Self::Member(value) => Some(value),
            Self::Field(_, value) | Self::Scored(value, _) => Some(value),
            Self::Entry(..) => None,
        }
    }
}

/// One observation. Contents of one key follow its header, in as many portions as they need.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A key, claimed by the pattern with this index of the caller's.
    Key(usize, Header),
    /// A string with its whole value: by far the most frequent, and complete in itself.
    Text(usize, Header, Vec<u8>),
    /// Contents of the last key.
    Parts(Vec<Part>),
    /// What only the whole of the last key's contents told, where its header could not.
    Measured(Measures),
    /// The last key is done.
    End(Extent),
    /// A name that no pattern claims.
    Unclaimed(Vec<u8>),
    /// A claimed key that was gone when it was read.
    Gone,
    /// A value of this many bytes that is too large to be read.
    TooLarge(u64),
}

/// What is measured of a key: see the fields of the same names in [`Header`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measures {
    /// Elements.
    pub size: Option<u64>,
    /// The lowest and the highest position.
    pub ends: Option<(f64, f64)>,
    /// Consumer groups.
    pub groups: Option<Vec<Group>>,
}

/// How much of a key's contents was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Whole,
    /// Some: a sample, or what could be read.
    Cut,
    /// None: they were not wanted, or the key is not of the declared type.
    Unread,
}

/// How much of the data is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Names, types, TTLs and sizes.
    Keys,
    /// Values as well, but of each pattern and of each container only some.
    Sample,
    /// Everything.
    Full,
}

impl Depth {
    /// The word for it in options and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Sample => "sample",
            Self::Full => "full",
        }
    }
}

/// What an origin must fetch for a pattern.
#[derive(Debug, Clone)]
pub struct Want {
    /// The TYPE that is expected, by which it is read; [`ANY_TYPE`] where none is. `None`: only what it is.
    pub redis_type: Option<&'static str>,
    /// Are the contents judged at all?
    pub contents: bool,
    /// Are the ends of an ordered container needed?
    pub ends: bool,
    /// Are the consumer groups of a stream needed?
    pub groups: bool,
}
