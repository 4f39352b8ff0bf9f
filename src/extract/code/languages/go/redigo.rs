//! redigo: `conn.Do("SET", key, value, "EX", 60)`.

use super::super::super::program::{Argument, Form};
use super::super::worded::{self, called, receiver};
use super::super::{Word, Words};
use super::go_redis::without_context;

/// The words of a method of a connection.
pub(super) fn command(method: &str, arguments: &[Argument]) -> Option<Words> {
    let given = match method {
        "Do" | "Send" | "DoContext" | "DoWithTimeout" => without_context(arguments),
        _ => return None,
    };
    let given = if method == "DoWithTimeout" { given.get(1..)? } else { given };
    let words = worded::spelled(given)?;
    Some(words.into_iter().flat_map(flat).collect())
}

/// `redis.Args{}.Add(key).AddFlat(map)...` word by word.
fn flat(word: Word) -> Words {
    let Word::Spread(value) = &word else { return vec![word] };
    let mut words = Vec::new();
    let mut step = value;
    while let Some((name, arguments)) = called(step) {
        match name {
            "Add" => words.extend(arguments.iter().rev().map(worded::value)),
            "AddFlat" => words.extend(arguments.first().map(|all| match all.value.form {
                Form::Map(_) => Word::Pairs(all.value.clone()),
                _ => Word::Spread(all.value.clone()),
            })),
            _ => return vec![word],
        }
        let Some(of) = receiver(step) else { return vec![word] };
        step = of;
    }
    if words.is_empty() {
        return vec![word];
    }
    words.reverse();
    words
}
