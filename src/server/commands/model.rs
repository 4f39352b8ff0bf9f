//! One command as its server describes it: flags, key specifications, arguments; and the questions that follow from
//! these alone. Filled by `text` (the embedded table) and `reply` (a running server); knows nothing of either.

use std::fmt;

/// A command or subcommand (`CONFIG GET`) of Redis or Valkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Upper-case name; a subcommand carries its container's name and one space: `XGROUP CREATE`.
    pub name: String,
    /// Letters of the [`Origin`](super::Origin)s that have the command; the details are the first one's.
    pub origins: String,
    /// What the documentation files it under.
    pub group: Group,
    /// First version that had it, in the numbering of the first origin.
    pub since: String,
    /// Number of words of a call, with the name's; if negative, at least so many.
    pub arity: i32,
    /// `write`, `readonly`, `denyoom`, `blocking`, `movablekeys`, ... sorted.
    pub flags: Vec<String>,
    /// ACL categories without the `@`, sorted.
    pub categories: Vec<String>,
    /// Where a call's keys are and what happens to them.
    pub key_specs: Vec<KeySpec>,
    /// The arguments after the name, as the documentation names them.
    pub arguments: Vec<Argument>,
}

/// What COMMAND DOCS files a command under; the spelling there is the name in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// `bitmap`: strings, bit by bit.
    Bitmap,
    /// `bloom`: Bloom filters (module).
    Bloom,
    /// `cluster`.
    Cluster,
    /// `connection`.
    Connection,
    /// `generic`: keys of any type.
    Generic,
    /// `geo`: sorted sets of places.
    Geo,
    /// `hash`.
    Hash,
    /// `hyperloglog`: strings that count.
    HyperLogLog,
    /// `json`: JSON documents (module, part of Redis since 8.0).
    Json,
    /// `list`.
    List,
    /// A module's command that its server files under nothing else.
    Module,
    /// `pubsub`.
    PubSub,
    /// `scripting`.
    Scripting,
    /// `sentinel`.
    Sentinel,
    /// `server`.
    Server,
    /// `set`.
    Set,
    /// `sorted-set`.
    SortedSet,
    /// `stream`.
    Stream,
    /// `string`.
    String,
    /// `timeseries` (module).
    TimeSeries,
    /// `transactions`.
    Transactions,
    /// `vector_set`.
    VectorSet,
}

const GROUPS: &[(&str, Group)] = &[
    ("bitmap", Group::Bitmap),
    ("bloom", Group::Bloom),
    ("cluster", Group::Cluster),
    ("connection", Group::Connection),
    ("generic", Group::Generic),
    ("geo", Group::Geo),
    ("hash", Group::Hash),
    ("hyperloglog", Group::HyperLogLog),
    ("json", Group::Json),
    ("list", Group::List),
    ("module", Group::Module),
    ("pubsub", Group::PubSub),
    ("scripting", Group::Scripting),
    ("sentinel", Group::Sentinel),
    ("server", Group::Server),
    ("set", Group::Set),
    ("sorted-set", Group::SortedSet),
    ("stream", Group::Stream),
    ("string", Group::String),
    ("timeseries", Group::TimeSeries),
    ("transactions", Group::Transactions),
    ("vector_set", Group::VectorSet),
];

impl Group {
    /// The group of that spelling in COMMAND DOCS.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        GROUPS.iter().find(|(spelling, _)| *spelling == name).map(|(_, group)| *group)
    }
}

impl Group {
    /// The spelling in COMMAND DOCS.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        GROUPS.iter().find(|(_, group)| *group == self).map_or("module", |(spelling, _)| spelling)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where keys stand in a call, and what the command does to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySpec {
    /// How to find the first word of interest.
    pub begin: Begin,
    /// How to find the keys from there.
    pub find: Find,
    /// `RO` `RW` `OW` `RM`; `access` `insert` `update` `delete`; `not_key` `incomplete` `variable_flags`.
    pub flags: Vec<String>,
}

/// Start of a key specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// The word of that index, the command's name being 0.
    Index(i32),
    /// The word after this keyword, searched from an index (backwards if negative, counted from the end).
    Keyword {
        /// The keyword, in upper case.
        word: String,
        /// Where the search starts.
        from: i32,
    },
    /// The server does not say.
    Unknown,
}

/// Rest of a key specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Find {
    /// Every `step`th word from the first to the last one.
    Range {
        /// Last key relative to the first, or to the end of the call if negative.
        last: i32,
        /// Words from one key to the next.
        step: i32,
        /// With `last` -1: keys are the first 1/limit of what is left (0 and 1: all of it).
        limit: i32,
    },
    /// A number says how many keys follow.
    Count {
        /// Place of the number, relative to the beginning.
        at: i32,
        /// First key, relative to the beginning.
        first: i32,
        /// Words from one key to the next.
        step: i32,
    },
    /// The server does not say.
    Unknown,
}

impl KeySpec {
    /// Whether the server gives it that flag.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    /// Whether these are keys, and not channels or other names that only go to a slot.
    #[must_use]
    pub fn is_key(&self) -> bool {
        !self.has("not_key")
    }

    /// Whether the value at the key may change (its consumer groups' state does not count).
    #[must_use]
    pub fn writes(&self) -> bool {
        ["RW", "OW", "RM"].iter().any(|flag| self.has(flag))
    }

    /// Whether one call may hold several keys of this specification.
    #[must_use]
    pub fn may_be_several(&self) -> bool {
        match self.find {
            Find::Range { last, .. } => last != 0,
            Find::Count { .. } | Find::Unknown => true,
        }
    }
}

/// An argument, or a group of arguments, of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name in the documentation.
    pub name: String,
    /// What stands there.
    pub kind: ArgumentKind,
    /// The literal word before it (or, for a pure token, the word itself).
    pub token: Option<String>,
    /// For keys and patterns: index of the key specification that finds it.
    pub key_spec: Option<usize>,
    /// May be left out.
    pub optional: bool,
    /// May be repeated.
    pub multiple: bool,
    /// If repeated, the token is repeated too.
    pub multiple_token: bool,
    /// Parts of a block, or alternatives of a choice.
    pub arguments: Vec<Argument>,
}

/// What stands at an argument's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArgumentKind {
    /// Any bytes.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Double,
    /// A key's name.
    Key,
    /// A glob pattern.
    Pattern,
    /// A point in time, in seconds or milliseconds as its name says.
    UnixTime,
    /// Nothing but the token.
    PureToken,
    /// One of the alternatives.
    OneOf,
    /// All parts, in order.
    Block,
}

const KINDS: &[(&str, ArgumentKind)] = &[
    ("string", ArgumentKind::String),
    ("integer", ArgumentKind::Integer),
    ("double", ArgumentKind::Double),
    ("key", ArgumentKind::Key),
    ("pattern", ArgumentKind::Pattern),
    ("unix-time", ArgumentKind::UnixTime),
    ("pure-token", ArgumentKind::PureToken),
    ("oneof", ArgumentKind::OneOf),
    ("block", ArgumentKind::Block),
];

impl ArgumentKind {
    /// The kind of that spelling in COMMAND DOCS.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|(spelling, _)| *spelling == name).map(|(_, kind)| *kind)
    }
}

impl fmt::Display for ArgumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KINDS.iter().find(|(_, kind)| kind == self).map_or("string", |(spelling, _)| spelling))
    }
}
