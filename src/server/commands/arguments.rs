//! The words of a call matched to the arguments that the server's documentation gives its command. Words in, named
//! arguments out.
//!
//! Keys stand where the key specifications say, which settles how often a repeated argument comes; adjacent options may
//! come in any order, as for the server. What is left over, or missing, is told by the position where matching ended.

use super::model::{Argument, ArgumentKind, Command};

/// One word of a call, and the argument that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'w> {
    /// The argument, as COMMAND DOCS describes it.
    pub argument: &'static Argument,
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// The word. Of a token without a value, the token itself.
    pub word: &'w [u8],
}

/// Matches the words after a command's name; `keys` are the positions of its keys, in order, with their specification.
/// Gives what was matched, and whether that was all.
pub(super) fn match_words<'w, W: AsRef<[u8]>>(
    command: &'static Command,
    words: &'w [W],
    keys: &[(usize, usize)],
) -> (Vec<Given<'w>>, bool) {
    let first = command.name.split(' ').count();
    let mut matching = Matching { words, keys, at: first, given: Vec::with_capacity(words.len().min(1 << 16)) };
    let complete = matching.sequence(&command.arguments, &[]);
    let all = complete && matching.at == words.len();
    (matching.given, all)
}

struct Matching<'w, 'k, W> {
    words: &'w [W],
    keys: &'k [(usize, usize)],
    at: usize,
    given: Vec<Given<'w>>,
}

impl<'w, W: AsRef<[u8]>> Matching<'w, '_, W> {
    fn word(&self) -> Option<&'w [u8]> {
        self.words.get(self.at).map(AsRef::as_ref)
    }

    fn is(&self, token: &str) -> bool {
        self.word().is_some_and(|word| word.eq_ignore_ascii_case(token.as_bytes()))
    }

    fn take(&mut self, argument: &'static Argument) {
        if let Some(word) = self.word() {
            self.given.push(Given { argument, position: self.at, word });
            self.at += 1;
        }
    }

    /// Arguments in order. `after` are those that may follow the sequence, whose tokens end a repetition before them.
    fn sequence(&mut self, arguments: &'static [Argument], after: &[&'static [Argument]]) -> bool {
        let mut rest = arguments;
        while let Some((argument, others)) = rest.split_first() {
            if argument.optional {
                let options = rest.iter().take_while(|argument| argument.optional).count();
                let (options, others) = rest.split_at(options);
                self.options(options, others, after);
                rest = others;
                continue;
            }
            let mut follow = vec![others];
            follow.extend_from_slice(after);
            if !self.argument(argument, &follow) {
                return false;
            }
            rest = others;
        }
        true
    }

    /// Adjacent options, each at most once unless repeated, in any order. Those without a token take what is left.
    fn options(&mut self, options: &'static [Argument], others: &'static [Argument], after: &[&'static [Argument]]) {
        let mut open: Vec<&'static Argument> = options.iter().collect();
        let mut follow = vec![options, others];
        follow.extend_from_slice(after);
        loop {
            let next = open.iter().position(|option| self.begins(option));
            let bare = || {
                let needed: usize = others.iter().filter(|argument| !argument.optional).map(least_words).sum();
                let left = self.words.len().saturating_sub(self.at);
                open.iter().position(|option| first_tokens(option).is_empty() && left > needed && self.fits(option))
            };
            let Some(found) = next.or_else(bare) else { return };
            let option = open.remove(found);
            let (at, given) = (self.at, self.given.len());
            if !self.argument(option, &follow) || self.at == at {
                self.at = at;
                self.given.truncate(given);
                return;
            }
        }
    }

    /// One argument, as often as it may come.
    fn argument(&mut self, argument: &'static Argument, follow: &[&'static [Argument]]) -> bool {
        let mut limit = if argument.multiple { usize::MAX } else { 1 };
        if let Some(keys) = self.key_count(argument).filter(|_| argument.multiple) {
            limit = keys;
        }
        let mut count = 0;
        while count < limit && self.at < self.words.len() {
            let once_more = count > 0;
            if once_more && (self.ends(argument, follow) || self.is_tail(argument, follow)) {
                break;
            }
            let (at, given) = (self.at, self.given.len());
            if !self.once(argument, follow, count) {
                self.at = at;
                self.given.truncate(given);
                break;
            }
            count += 1;
        }
        count > 0 || limit == 0
    }

    /// How many keys stand at this argument, if it is of keys: all from here on that its specification found.
    fn key_count(&self, argument: &Argument) -> Option<usize> {
        let spec = argument.key_spec.filter(|_| argument.kind == ArgumentKind::Key);
        let spec = spec.or_else(|| {
            let inner = argument.arguments.iter().find(|inner| inner.kind == ArgumentKind::Key)?;
            inner.key_spec.filter(|_| argument.kind == ArgumentKind::Block)
        })?;
        Some(self.keys.iter().filter(|(position, of)| *of == spec && *position >= self.at).count())
    }

    /// Does a repetition end here, because what may follow begins with this very word?
    fn ends(&self, argument: &'static Argument, follow: &[&'static [Argument]]) -> bool {
        if argument.token.is_some() && argument.multiple_token {
            return !self.begins(argument);
        }
        let own = first_tokens(argument);
        let tokens = follow.iter().flat_map(|arguments| arguments.iter()).flat_map(first_tokens);
        tokens.into_iter().any(|token| self.is(token) && !own.contains(&token))
    }

    /// Must the words that are left be kept for what has to follow?
    fn is_tail(&self, argument: &Argument, follow: &[&'static [Argument]]) -> bool {
        let required = follow.iter().flat_map(|arguments| arguments.iter()).filter(|argument| !argument.optional);
        let needed: usize = required.map(least_words).sum();
        self.words.len() - self.at < needed + least_words(argument)
    }

    fn once(&mut self, argument: &'static Argument, follow: &[&'static [Argument]], count: usize) -> bool {
        let has_token = argument.token.as_ref().filter(|_| count == 0 || argument.multiple_token);
        if argument.kind == ArgumentKind::PureToken {
            let is_it = argument.token.as_ref().is_some_and(|token| self.is(token));
            if is_it {
                self.take(argument);
            }
            return is_it;
        }
        if let Some(token) = has_token.filter(|token| !token.is_empty()) {
            if !self.is(token) {
                return false;
            }
            self.at += 1;
        }
        match argument.kind {
            ArgumentKind::Block => self.sequence(&argument.arguments, follow),
            ArgumentKind::OneOf => argument.arguments.iter().any(|one| {
                let (at, given) = (self.at, self.given.len());
                let matched = self.argument(one, follow);
                if !matched {
                    self.at = at;
                    self.given.truncate(given);
                }
                matched
            }),
            _ => {
                let fits = self.fits(argument);
                if fits {
                    self.take(argument);
                }
                fits
            }
        }
    }

    /// Can the next word be this argument's value?
    fn fits(&self, argument: &'static Argument) -> bool {
        let Some(word) = self.word() else { return false };
        let number = || std::str::from_utf8(word).is_ok_and(|text| text.parse::<f64>().is_ok());
        match argument.kind {
            ArgumentKind::Integer | ArgumentKind::UnixTime => number(),
            ArgumentKind::Double => number() || word.starts_with(b"("),
            ArgumentKind::Key => self.keys.iter().any(|(position, _)| *position == self.at),
            ArgumentKind::OneOf => argument.arguments.iter().any(|one| self.begins(one) || self.fits(one)),
            ArgumentKind::Block => argument.arguments.first().is_some_and(|first| self.begins(first) || self.fits(first)),
            ArgumentKind::PureToken => argument.token.as_ref().is_some_and(|token| self.is(token)),
            ArgumentKind::String | ArgumentKind::Pattern => true,
        }
    }

    /// Is the next word a token with which this argument begins?
    fn begins(&self, argument: &'static Argument) -> bool {
        first_tokens(argument).iter().any(|token| self.is(token))
    }
}

/// The tokens with which an argument may begin; empty if it may begin with a bare value.
fn first_tokens(argument: &'static Argument) -> Vec<&'static str> {
    if let Some(token) = argument.token.as_deref() {
        return vec![token];
    }
    match argument.kind {
        ArgumentKind::OneOf => argument.arguments.iter().flat_map(first_tokens).collect(),
        ArgumentKind::Block => argument.arguments.first().map(first_tokens).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// How few words an argument can be.
fn least_words(argument: &Argument) -> usize {
    let token = usize::from(argument.token.is_some());
    match argument.kind {
        ArgumentKind::PureToken => 1,
        ArgumentKind::OneOf => token + argument.arguments.iter().map(least_words).min().unwrap_or(0),
        ArgumentKind::Block => {
            token + argument.arguments.iter().filter(|inner| !inner.optional).map(least_words).sum::<usize>()
        }
        _ => token + 1,
    }
}
