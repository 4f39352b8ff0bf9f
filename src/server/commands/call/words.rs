//! Single words against single arguments: does a word begin an argument, is it a number?
//!
//! In: an argument and a word. Out: yes or no. It knows no positions and no order.

use crate::server::commands::model::{Argument, ArgumentKind};

/// Whether the word is the argument's own token, in any case.
pub(super) fn is_token(argument: &Argument, word: &[u8]) -> bool {
    argument.token.as_ref().is_some_and(|token| token.as_bytes().eq_ignore_ascii_case(word))
}

/// Whether the argument, if it is there, always begins with a token.
pub(super) fn begins_with_token(argument: &Argument) -> bool {
    argument.token.is_some()
        || match argument.kind {
            ArgumentKind::OneOf => argument.arguments.iter().all(begins_with_token),
            ArgumentKind::Block => heads(argument).all(begins_with_token),
            _ => false,
        }
}

/// Whether the word is a token that the argument can begin with.
pub(super) fn takes_token(argument: &Argument, word: &[u8]) -> bool {
    if argument.token.is_some() {
        return is_token(argument, word);
    }
    match argument.kind {
        ArgumentKind::OneOf => argument.arguments.iter().any(|inner| takes_token(inner, word)),
        ArgumentKind::Block => heads(argument).any(|head| takes_token(head, word)),
        _ => false,
    }
}

/// Whether the argument is a key, or a group that begins with one.
pub(super) fn begins_with_key(argument: &Argument) -> bool {
    match argument.kind {
        ArgumentKind::Key => true,
        ArgumentKind::Block => argument.arguments.first().is_some_and(begins_with_key),
        _ => false,
    }
}

/// The parts that a block can begin with: up to the first that must be there.
fn heads(block: &Argument) -> impl Iterator<Item = &Argument> {
    let optional = block.arguments.iter().take_while(|part| part.optional).count();
    block.arguments.iter().take(optional + 1)
}

/// Whether a number says how often the next argument is repeated: `numkeys key [key ...]`.
pub(super) fn counts_the_next(list: &[Argument]) -> bool {
    let [number, next, ..] = list else { return false };
    number.kind == ArgumentKind::Integer && next.multiple && next.token.is_none() && number.name.starts_with("num")
}

/// Whether a value can stand for an argument of that kind. Servers take other numbers than the documentation says
/// (weights that are no integers, limits such as `(5` and `-inf`), so that any number will do for any.
pub(super) fn fits(kind: ArgumentKind, word: &[u8]) -> bool {
    match kind {
        ArgumentKind::Integer | ArgumentKind::Double | ArgumentKind::UnixTime => is_number(word),
        _ => true,
    }
}

fn is_number(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
        return true;
    }
    let open = word.strip_prefix(b"(").unwrap_or(word);
    std::str::from_utf8(open).is_ok_and(|text| text.parse::<f64>().is_ok())
}
