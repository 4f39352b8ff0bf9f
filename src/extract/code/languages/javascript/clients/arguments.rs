//! What of a call's arguments are words: callbacks and options of the library are none.

use super::super::super::{Word, Words};
use crate::extract::code::program::{Argument, Expression, Form};

/// Ends of names of functions that are called with the reply.
const CALLBACKS: &[&str] =
    &["cb", "callback", "handler", "listener", "done", "next", "print", "fn", "resolve", "reject"];

/// Beginnings of names of functions that are called with a message.
const HANDLERS: &[&str] = &["handle", "on", "process", "receive", "dispatch", "notify", "emit", "consume"];

/// The arguments without what is for the library alone.
pub fn plain(arguments: &[Argument]) -> Vec<&Argument> {
    let mut found: Vec<&Argument> = arguments.iter().collect();
    if found.first().is_some_and(|first| is_command_options(&first.value)) {
        found.remove(0);
    }
    let is_listener = |at: usize, argument: &Argument| {
        matches!(argument.value.form, Form::Closure(_)) || (at > 0 && is_callback(&argument.value))
    };
    let mut at = 0;
    found.retain(|argument| {
        at += 1;
        !is_listener(at - 1, argument)
    });
    found
}

/// `commandOptions({ isolated: true })` of node-redis.
fn is_command_options(expression: &Expression) -> bool {
    match &expression.form {
        Form::Call(callee, _) => {
            matches!(&callee.form, Form::Name(name) | Form::Attribute(_, name) if name == "commandOptions")
        }
        _ => false,
    }
}

/// Is it a function by its name?
pub fn is_callback(expression: &Expression) -> bool {
    let (Form::Name(name) | Form::Attribute(_, name)) = &expression.form else { return false };
    let lower = name.to_lowercase();
    if CALLBACKS.iter().any(|end| lower == *end) {
        return true;
    }
    let ends = ["Cb", "Callback", "Handler", "Listener", "Fn"].iter().any(|end| name.ends_with(end));
    let begins = HANDLERS.iter().any(|begin| {
        name.strip_prefix(begin).is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
    });
    ends || begins
}

/// A word for an argument.
pub fn word(argument: &Argument) -> Word {
    let value = argument.value.clone();
    if argument.spread { Word::Spread(value) } else { Word::Value(value) }
}

/// Words for all arguments; lists that are written out are flattened.
pub fn all(arguments: &[&Argument]) -> Words {
    let mut found = vec![];
    for argument in arguments {
        match (&argument.value.form, argument.spread) {
            (Form::List(_), false) => flat(&argument.value, &mut found, 0),
            (Form::Map(_), false) => found.extend(super::options::words(&argument.value)),
            _ => found.push(word(argument)),
        }
    }
    found
}

/// The elements of a list, and of lists in it.
pub fn flat(expression: &Expression, found: &mut Words, depth: usize) {
    match &expression.form {
        Form::List(elements) if depth < 4 => {
            for element in elements {
                flat(element, found, depth + 1);
            }
        }
        // A spread.
        Form::Opaque(inside) if inside.len() == 1 => {
            found.extend(inside.iter().map(|inside| Word::Spread(inside.clone())));
        }
        Form::Text(text) => found.push(Word::Literal(text.clone())),
        _ => found.push(Word::Value(expression.clone())),
    }
}
