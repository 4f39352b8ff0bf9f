//! Access: the least that each party of a registry needs of a bus, as users of Redis ACLs.
//!
//! Registry in, [`User`]s out ([`users`]); they are written as ACL rules (`text`), read back from a server's own (`rules`) and compared
//! (`compare`). What ACLs cannot express is part of what is said of a user.

mod account;
mod compare;
mod grants;
mod limits;
mod observer;
pub mod rules;
mod text;

pub use account::{Account, Allowed, account};
pub use compare::{AccessRule, Subject, compare};
pub use grants::users;
pub use limits::limits;
pub use observer::observers;
pub use text::{acl_file, setuser_line};

use std::collections::{BTreeMap, BTreeSet};

/// A user of one bus, and the least it needs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name on the server.
    pub name: String,
    /// The module or service that it stands for.
    pub party: String,
    /// Commands that touch no key and no channel.
    pub commands: BTreeSet<String>,
    /// What it may do to which keys and channels. A call is allowed if one selector allows all of it.
    pub selectors: Vec<Selector>,
}

/// Commands with what they may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// Commands as ACL rules name them: `set`, `xgroup|create`.
    pub commands: BTreeSet<String>,
    /// Patterns of keys as globs, with what may be done to them.
    pub keys: BTreeMap<String, Rights>,
    /// Patterns of channels as globs.
    pub channels: BTreeSet<String>,
}

/// What may be done to a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rights {
    /// Hand out what it holds.
    pub read: bool,
    /// Change it.
    pub write: bool,
}

impl Rights {
    /// Both of what two of them allow.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { read: self.read || other.read, write: self.write || other.write }
    }
}
