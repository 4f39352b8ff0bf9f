//! Words of commands from short patterns, for libraries whose methods differ from the wire: `SET $0 $1 EX $2`.
//!
//! `$n` is argument n, `$n..` all from n on, `%n` the pairs of a map, `@n` its pairs turned round, `#` how many words follow,
//! `EX:n` the option EX with argument n, `EX~n` the same with a duration; anything else is the word itself.

use super::super::program::{Argument, Expression, Form};
use super::{Word, Words};
use crate::server::commands;

/// The words that a pattern stands for.
pub(super) fn words(pattern: &str, arguments: &[Argument]) -> Words {
    let mut words = Vec::new();
    for part in pattern.split_ascii_whitespace() {
        word(part, arguments, &mut words);
    }
    words
}

fn word(part: &str, arguments: &[Argument], words: &mut Words) {
    let at = |number: &str| {
        number.parse().ok().and_then(|place: usize| arguments.get(place)).map(|argument| argument.value.clone())
    };
    if part == "#" {
        words.push(Word::Count);
    } else if let Some(from) = part.strip_prefix('$').and_then(|rest| rest.strip_suffix("..")) {
        let from = from.parse().unwrap_or(usize::MAX);
        words.extend(arguments.iter().skip(from).map(value));
    } else if let Some(number) = part.strip_prefix('$') {
        words.extend(number.parse().ok().and_then(|place: usize| arguments.get(place)).map(value));
    } else if let Some(number) = part.strip_prefix('%') {
        words.extend(at(number).map(Word::Pairs));
    } else if let Some(number) = part.strip_prefix('@') {
        words.extend(at(number).map(Word::Reversed));
    } else if let Some((token, number)) = part.split_once(':') {
        words.extend(at(number).map(|value| Word::Option(token_of(token), value)));
    } else if let Some((token, number)) = part.split_once('~').filter(|(token, _)| !token.is_empty()) {
        words.extend(at(number).map(|value| Word::Duration(token_of(token), value)));
    } else {
        words.push(Word::Literal(part.to_owned()));
    }
}

/// An argument as words: a list that is spread, or a value.
pub(super) fn value(argument: &Argument) -> Word {
    if argument.spread { Word::Spread(argument.value.clone()) } else { Word::Value(argument.value.clone()) }
}

/// Tokens that take a value.
const TOKENS: &[&str] = &[
    "EX", "PX", "EXAT", "PXAT", "MATCH", "COUNT", "TYPE", "MAXLEN", "MINID", "LIMIT", "BLOCK", "IDLE", "TIME", "GROUP",
];

/// The token itself, which lives as long as the program.
pub(super) fn token_of(token: &str) -> &'static str {
    TOKENS.iter().find(|known| **known == token).copied().unwrap_or_default()
}

/// The name of a command, if a text is one: in any case, with its subcommand after a space.
pub(super) fn command(name: &str) -> Option<String> {
    commands::get(name).map(|command| command.name.clone()).or_else(|| {
        let upper = name.to_ascii_uppercase();
        let prefix = format!("{upper} ");
        commands::names().any(|known| known.starts_with(&prefix)).then_some(upper)
    })
}

/// Is it the name of a command, written in capitals as for the wire?
pub(super) fn is_written_command(name: &str) -> bool {
    name.len() > 1 && name.chars().all(|char| char.is_ascii_uppercase() || char == '.') && command(name).is_some()
}

/// The words of a name: a subcommand is a word of its own.
pub(super) fn named(name: &str) -> Words {
    name.split(' ').map(|word| Word::Literal(word.to_owned())).collect()
}

/// The words of a call whose first argument is the command: `do(ctx, "SET", key, value)`.
pub(super) fn spelled(arguments: &[Argument]) -> Option<Words> {
    let (first, rest) = arguments.split_first()?;
    let Form::Text(text) = &first.value.form else { return None };
    let mut words = named(&command(text)?);
    words.extend(rest.iter().map(value));
    Some(words)
}

/// The last name of what is called, and its arguments.
pub(super) fn called(value: &Expression) -> Option<(&str, &[Argument])> {
    let Form::Call(callee, arguments) = &value.form else { return None };
    match &callee.form {
        Form::Name(name) | Form::Attribute(_, name) => Some((name, arguments)),
        _ => None,
    }
}

/// What a method is called on.
pub(super) fn receiver(value: &Expression) -> Option<&Expression> {
    match &value.form {
        Form::Call(callee, _) => match &callee.form {
            Form::Attribute(of, _) => Some(of),
            _ => None,
        },
        _ => None,
    }
}
