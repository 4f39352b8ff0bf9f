//! What rules are asked about: a key as it stands, a fault of its contents, a call of a client, and what many calls came to.

use super::traffic::Caller;
use super::{Census, Fault, KeyPlan, Problem};
use crate::coverage::Coverage;
use crate::finding::Finding;
use crate::observe::Header;
use crate::observe::traffic::Within;
use crate::registry::{Channel, Consumer, Key, Module, Registry};
use crate::server::commands::{self, Command, Expiry, Group, Invocation, Size};

/// What a rule judges, and how.
#[derive(Debug)]
pub enum Judges {
    /// A key as a whole: type, TTL, size, ends. Such a finding may be a moment's, and is looked at twice.
    Key(fn(&Subject<'_>) -> Option<Problem>),
    /// One fault of the contents.
    Contents(fn(&Fault) -> Option<Problem>),
    /// A name that no pattern of its bus claims.
    Unclaimed(fn(&Unclaimed<'_>) -> Option<Problem>),
    /// All that was seen, at the end.
    Census(fn(&Census<'_>, &mut Vec<Finding>)),
    /// One key of one call.
    Use(fn(&KeyUse<'_>) -> Option<Problem>),
    /// One channel of one call.
    Channel(fn(&ChannelUse<'_>) -> Option<Problem>),
    /// What the calls on one key came to.
    History(fn(&History<'_>) -> Option<Problem>),
    /// Calls that were answered with an error.
    Failure(fn(&Failure<'_>) -> Option<Problem>),
    /// A call that comes again and again, or that goes over the whole keyspace.
    Repetition(fn(&Repetition<'_>) -> Option<Problem>),
    /// What whoever runs the check demands to be seen.
    Demand(fn(&Demand<'_>, &mut Vec<Finding>)),
    /// How a program under contract failed, in words.
    Program(fn(&str) -> Option<Problem>),
}

/// A key under judgement.
pub struct Subject<'a> {
    /// What is declared of it.
    pub plan: &'a KeyPlan<'a>,
    /// What is seen of it.
    pub seen: &'a Header,
    /// The newest time in its contents, in milliseconds since 1970, where the contents tell.
    pub newest_ms: Option<f64>,
    /// When it was seen, in milliseconds since 1970.
    pub now_ms: f64,
}

/// A name that no pattern of its bus claims.
pub struct Unclaimed<'a> {
    /// The bus on which a pattern claims it, if any does.
    pub elsewhere: Option<&'a str>,
    /// The pattern of its bus that begins most like it.
    pub nearest: Option<&'a str>,
    /// It was only read, and nobody was seen to write it.
    pub only_read: bool,
}

/// A declared key in a call.
pub struct KeyUse<'a> {
    /// What is declared of it.
    pub plan: &'a KeyPlan<'a>,
    /// The call.
    pub call: &'a Invocation<'a>,
    /// What the call does to the key.
    pub key: &'a commands::KeyUse,
    /// Who calls.
    pub caller: &'a Caller<'a>,
    /// The module that owns the key.
    pub owner: &'a Module,
    /// When, in microseconds since 1970.
    pub at_us: u64,
    /// What the call is a part of.
    pub within: Within,
}

impl<'a> KeyUse<'a> {
    /// Does the call change the key, or a consumer group's place in it?
    #[must_use]
    pub fn writes(&self) -> bool {
        self.call.command.is_write()
    }

    /// Does the call only ask about the key, or watch it for a transaction, without that it is handed out what it holds?
    #[must_use]
    pub fn only_asks(&self) -> bool {
        let container = self.call.command.name.split(' ').next().unwrap_or_default();
        ASKING.contains(&container)
    }

    /// Does the call change only a consumer group's place in a stream, and nothing of what it holds?
    #[must_use]
    pub fn keeps_place(&self) -> bool {
        self.call.command.group == Group::Stream && self.key.effect.is_some_and(|effect| effect.size == Size::Neutral)
    }

    /// Is the caller the module that owns the key?
    #[must_use]
    pub fn by_owner(&self) -> bool {
        self.caller.is_module(self.plan.key.module)
    }

    /// The rows in which the caller is named as a consumer.
    pub fn rows(&self) -> impl Iterator<Item = &'a Consumer> {
        let caller = self.caller;
        self.plan.key.consumers.iter().filter(move |row| caller.is(row.party))
    }

    /// Is it a command that keeps what is declared of the key's retention: that sets its TTL, or cuts what is beyond its
    /// bound? Who declares the one need not name the other among the operations; generated writers send them along.
    #[must_use]
    pub fn keeps_retention(&self) -> bool {
        let Some(effect) = self.key.effect else { return false };
        let expires = self.plan.ttl_set.is_some() && effect.expiry == Expiry::Sets && effect.size == Size::Neutral;
        let bounded = self.plan.max_entries.is_some() || self.plan.max_age.is_some();
        expires && self.call.command.group == Group::Generic || bounded && matches!(effect.size, Size::Trims(_))
    }

    /// Is it among the key's operations, or does it keep its retention?
    #[must_use]
    pub fn is_operation(&self) -> bool {
        let operations = &self.plan.key.operations;
        let by_script = || operations.iter().any(|operation| operation.command.is_some_and(Command::runs_code));
        operations.iter().any(|operation| names(&operation.name, self.call.command))
            || self.keeps_retention()
            || (self.within == Within::Script && by_script())
    }

    /// Is it among the reads of such rows? A row that names none allows all that read.
    #[must_use]
    pub fn is_read_of(&self, mut rows: impl Iterator<Item = &'a Consumer>) -> bool {
        rows.any(|row| allows(row, self.call.command))
    }

    /// Does the command work on the declared type at all?
    #[must_use]
    pub fn fits_type(&self) -> bool {
        self.plan.key.redis_type.is_none_or(|redis_type| self.call.command.applies_to(redis_type.reply))
    }
}

/// Commands that ask about a key: whether it is there, of which type, for how long, how large.
const ASKING: &[&str] =
    &["EXISTS", "EXPIRETIME", "MEMORY", "OBJECT", "PEXPIRETIME", "PTTL", "TOUCH", "TTL", "TYPE", "WATCH"];

/// A channel in a call.
pub struct ChannelUse<'a> {
    /// What is declared of it; `None` when nothing is.
    pub channel: Option<&'a Channel>,
    /// The bus on which it is declared, if it is not on this one.
    pub elsewhere: Option<&'a str>,
    /// The call.
    pub command: &'static Command,
    /// Who calls.
    pub caller: &'a Caller<'a>,
}

impl<'a> ChannelUse<'a> {
    /// The rows in which the caller is named as a consumer.
    pub fn rows(&self) -> impl Iterator<Item = &'a Consumer> {
        let caller = self.caller;
        self.channel.into_iter().flat_map(|channel| &channel.consumers).filter(move |row| caller.is(row.party))
    }

    /// Is it among the reads of such a row?
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.rows().any(|row| allows(row, self.command))
    }
}

/// Does a consumer's row allow this command?
fn allows(row: &Consumer, command: &Command) -> bool {
    let named = row.reads.iter().any(|read| names(&read.name, command));
    named || (row.reads.is_empty() && !command.is_write() && !command.publishes())
}

/// Does a registry's word name this command, or its container?
pub(super) fn names(word: &str, command: &Command) -> bool {
    command.name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// What the calls on one key came to.
pub struct History<'a> {
    /// What is declared of it.
    pub plan: &'a KeyPlan<'a>,
    /// Calls that may have added to it.
    pub grown: u64,
    /// Calls that cut what is beyond a number of elements.
    pub trimmed_by_number: u64,
    /// Calls that cut what is beyond an age.
    pub trimmed_by_age: u64,
    /// Calls that took something out, or replaced all of it.
    pub shrunk: u64,
    /// The command that took a TTL off which nobody set anew.
    pub dropped_by: Option<&'static str>,
    /// Was it written, more than a moment after its TTL was last set, or without that it was ever seen to be set?
    pub not_renewed: bool,
}

/// Calls that were answered with an error.
pub struct Failure<'a> {
    /// The command, or those that may have been it, where they are known.
    pub commands: &'a [&'a str],
    /// How often each of them failed, in words: `LPUSH 2, GET 1`.
    pub among: &'a str,
    /// The kind of error, where it is known.
    pub kind: Option<&'a str>,
    /// Does the server not know the command at all?
    pub unknown_command: bool,
}

/// A call that comes again and again, or that goes over the whole keyspace.
pub struct Repetition<'a> {
    /// The command.
    pub command: &'static Command,
    /// More than this many in a second; `None` for a call that is named however seldom it comes.
    pub limit: Option<u64>,
    /// Who calls.
    pub caller: &'a Caller<'a>,
    /// Names of this entry are searched for, which another entry would have told.
    pub searched: Option<&'a Key>,
}

/// What whoever runs the check demands to be seen.
pub struct Demand<'a> {
    /// The registry.
    pub registry: &'a Registry,
    /// What was seen.
    pub coverage: &'a Coverage,
    /// At least so many percent of what is declared.
    pub at_least: Option<f64>,
    /// Entries, by name or pattern.
    pub expected: &'a [String],
}
