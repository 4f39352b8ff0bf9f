//! What one concrete call does: words in; keys with what happens to them, channels and named arguments out. All of it
//! follows from the server's own specifications, and from the one overlay on effects.

use super::arguments::{self, Given};
use super::effects::Effect;
use super::model::{ArgumentKind, Command};
use super::of_call;

/// A call, read by its command's specification.
#[derive(Debug, Clone)]
pub struct Invocation<'w> {
    /// The command, or subcommand.
    pub command: &'static Command,
    /// Its keys, in the order of their positions.
    pub keys: Vec<KeyUse>,
    /// Its channels.
    pub channels: Vec<ChannelUse>,
    /// Are these all of its keys? Not so if the server's description leaves some out (SORT's BY and GET patterns), or if
    /// the call is malformed.
    pub complete: bool,
    arguments: Vec<Given<'w>>,
    well_formed: bool,
}

/// A key in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// Index of the key specification that found it.
    pub key_spec: usize,
    /// Whether the call reads or writes it.
    pub access: Access,
    /// What the call does to its expiry and size, as its options have it; `None` if it only reads.
    pub effect: Option<Effect>,
}

/// Whether a call hands out what a key holds, changes it, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only reads, be it no more than whether the key is there.
    Read,
    /// Only writes.
    Write,
    /// Writes, and hands out what was or is there.
    ReadWrite,
}

/// A channel in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelUse {
    /// Index of the word.
    pub position: usize,
    /// Is it a glob for channels?
    pub pattern: bool,
}

/// Reads a call; `words` starts with the command's name. `None` if that is no known command.
///
/// A call that the server would refuse gives what can be found of it.
pub fn invocation<W: AsRef<[u8]>>(words: &[W]) -> Option<Invocation<'_>> {
    let command = of_call(words)?;
    let found = command.keys_of(words);
    let mut positions: Vec<(usize, usize)> = found.keys.iter().map(|key| (key.position, key.key_spec)).collect();
    positions.sort_unstable();
    let (arguments, matched) = arguments::match_words(command, words, &positions);
    let tokens: Vec<&str> = arguments.iter().filter_map(|given| given.argument.token.as_deref()).collect();
    let key = |(position, key_spec): (usize, usize)| {
        let effect = command.effect_on(key_spec).map(|effect| effect.with_options(&tokens));
        let spec = &command.key_specs[key_spec];
        let access = match (spec.writes(), spec.has("access")) {
            (false, _) => Access::Read,
            (true, false) => Access::Write,
            (true, true) => Access::ReadWrite,
        };
        KeyUse { position, key_spec, access, effect }
    };
    Some(Invocation {
        channels: channels(command, &arguments),
        keys: positions.into_iter().map(key).collect(),
        complete: found.complete,
        well_formed: matched && command.accepts_words(words.len()),
        command,
        arguments,
    })
}

fn channels(command: &Command, arguments: &[Given<'_>]) -> Vec<ChannelUse> {
    if !command.is_channel() {
        return Vec::new();
    }
    let is_channel = |given: &&Given<'_>| given.argument.name != "message";
    let channel = |given: &Given<'_>| ChannelUse {
        position: given.position,
        pattern: given.argument.kind == ArgumentKind::Pattern,
    };
    arguments.iter().filter(is_channel).map(channel).collect()
}

impl<'w> Invocation<'w> {
    /// Its arguments by name, in the order of the words.
    #[must_use]
    pub fn arguments(&self) -> &[Given<'w>] {
        &self.arguments
    }

    /// The arguments of a name: `field`, `value`, `member`, `score`, `element`, `message`, ... as COMMAND DOCS calls them.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Given<'w>> {
        self.arguments.iter().filter(move |given| given.argument.name == name)
    }

    /// Was this option given: `KEEPTTL`, `NX`, `MAXLEN`, `~`?
    #[must_use]
    pub fn has_token(&self, token: &str) -> bool {
        let is_it = |given: &Given<'_>| given.argument.token.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(token));
        self.arguments.iter().any(is_it)
    }

    /// Are all words accounted for by the specification?
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.well_formed
    }
}
