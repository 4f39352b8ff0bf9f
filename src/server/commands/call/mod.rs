//! One concrete call, understood by its command's own specification: keys, channels, arguments and what it does to keys.
//!
//! In: the words of a call, as they were sent. Out: an [`Invocation`]. It asks no server, keeps no state from call to
//! call, and knows nothing of registries or of where the call was overheard.

mod agenda;
mod expiry;
mod growth;
mod parse;
mod trim;
mod uses;
mod words;

pub use expiry::ExpiryGiven;
pub use trim::Trim;

use super::effects::Effect;
use super::model::{Argument, ArgumentKind, Command};

/// What one concrete call does, by the command's own specification.
#[derive(Debug, Clone)]
pub struct Invocation<'w> {
    /// The command, or the subcommand.
    pub command: &'static Command,
    /// The keys, in order of position.
    pub keys: Vec<KeyUse>,
    /// The channels, in order of position.
    pub channels: Vec<ChannelUse>,
    /// Whether `keys` are all keys that the call touches. Not so for the patterns of SORT's BY and GET, and where a
    /// malformed call leaves its keys untold. Of a script, these are the keys it was given, whatever it touches.
    pub complete: bool,
    well_formed: bool,
    arguments: Vec<Given<'w>>,
}

/// One key of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// Index of the key specification that found it.
    pub key_spec: usize,
    /// Whether it is read or written.
    pub access: Access,
    /// What happens to it, by this call's options: nothing is `Optional` any more. `None` if it is only read, and for
    /// scripts, of which nobody knows.
    pub effect: Option<Effect>,
}

/// Whether a call reads a key, writes it, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Reads what the key holds, or only what it is: TTL, EXISTS, TYPE and OBJECT count.
    Read,
    /// Writes, and hands out nothing of what the key held.
    Write,
    /// Writes, and hands out what the key held: GETSET, LPOP, SET with GET.
    ReadWrite,
}

/// One channel of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelUse {
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// Whether the word is a pattern of channels (PSUBSCRIBE, PUNSUBSCRIBE).
    pub pattern: bool,
    /// What is done with it.
    pub kind: ChannelKind,
}

/// What a call does with a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChannelKind {
    /// Sends a message: PUBLISH, SPUBLISH.
    Publish,
    /// Begins to listen: SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE.
    Subscribe,
    /// Listens no longer: UNSUBSCRIBE, PUNSUBSCRIBE, SUNSUBSCRIBE.
    Unsubscribe,
}

/// One word of a call, and the argument it was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'w> {
    /// The argument of the specification.
    pub argument: &'static Argument,
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// The word: of a pure token itself, of an argument behind a token the value. A group of arguments behind a token
    /// (`LIMIT offset count`) gives the token first, then its parts.
    pub word: &'w [u8],
}

/// What a call does; `words` starts with the command's name.
///
/// `None` if the first word, or the first two, name no command of the table. Of a call that the server would refuse
/// (wrong number of words, unknown option), what can be found: its keys, if the specification tells them all the same,
/// and the arguments up to the first word that does not fit.
#[must_use]
pub fn invocation<W: AsRef<[u8]>>(words: &[W]) -> Option<Invocation<'_>> {
    let command = super::lookup(words)?;
    let found = command.keys_of(words);
    let mut positions: Vec<usize> = found.keys.iter().map(|key| key.position).collect();
    positions.sort_unstable();
    let start = 1 + usize::from(command.name.contains(' '));
    let parsed = parse::parse(&command.arguments, words, start, &positions);
    // Nobody knows the keys of a subcommand that nobody knows.
    let told = found.complete && !super::has_subcommands(command);
    let right_length = command.accepts_words(words.len());
    let patterns = parsed.given.iter().any(|given| {
        given.argument.kind == ArgumentKind::Pattern && given.argument.key_spec.is_some() && given.word.contains(&b'*')
    });
    Some(Invocation {
        command,
        keys: uses::keys(command, &found.keys, &parsed.given),
        channels: uses::channels(command, words.len()),
        complete: right_length && (told || parsed.whole) && !patterns,
        well_formed: right_length && parsed.whole,
        arguments: parsed.given,
    })
}

impl<'w> Invocation<'w> {
    /// All arguments, flat, in the order of the words.
    #[must_use]
    pub fn arguments(&self) -> &[Given<'w>] {
        &self.arguments
    }

    /// The values of the arguments of that name, which is the specification's own: `field`, `member`, `seconds`.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Given<'w>> {
        let group = |given: &Given<'_>| matches!(given.argument.kind, ArgumentKind::Block | ArgumentKind::OneOf);
        self.arguments.iter().filter(move |given| given.argument.name == name && !group(given))
    }

    /// Whether the call has that option's token: `KEEPTTL`, `NX`, `MAXLEN`, `~`, in any case.
    #[must_use]
    pub fn has_token(&self, token: &str) -> bool {
        uses::has_token(&self.arguments, token)
    }

    /// Whether all words fit the specification's arguments. Numbers are looked at, but not whether they are in range.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.well_formed
    }
}

#[cfg(test)]
mod tests;
