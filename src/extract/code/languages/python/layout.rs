//! Calls of methods of redis-py as the words of commands.

use super::super::{Role, Word, Words};
use super::methods::METHODS;
use crate::extract::code::program::{Argument, Expression, Form};

pub(super) fn command(role: Role, method: &str, arguments: &[Argument]) -> Option<Words> {
    let lists = |names: &[&str]| names.contains(&method);
    match role {
        Role::Script | Role::Lock | Role::Pool => return None,
        Role::PubSub if !lists(&["subscribe", "psubscribe", "ssubscribe"]) => return None,
        Role::Client | Role::Pipeline | Role::PubSub => {}
    }
    match method {
        "execute_command" | "execute_raw_command" => return raw(arguments),
        "subscribe" | "psubscribe" | "ssubscribe" => {
            let mut words = vec![Word::Literal(method.to_uppercase())];
            for argument in arguments {
                words.push(match &argument.name {
                    None if argument.spread => Word::Spread(argument.value.clone()),
                    None => Word::Value(argument.value.clone()),
                    Some(name) if name == "**" => Word::Names(argument.value.clone()),
                    Some(name) => Word::Literal(name.clone()),
                });
            }
            return Some(words);
        }
        _ => {}
    }
    let one = arguments.len() == 1;
    let method = match method {
        // redis-py sends INCRBY with 1; what is written is INCR.
        "incr" if one => return Some(words("name", "INCR name", arguments)),
        "decr" if one => return Some(words("name", "DECR name", arguments)),
        method => method,
    };
    let found = METHODS.binary_search_by(|(name, _, _)| (*name).cmp(method)).ok()?;
    let (_, parameters, layout) = METHODS.get(found)?;
    Some(words(parameters, layout, arguments))
}

/// `execute_command("SET", key, value)`; the command may be two words in one.
fn raw(arguments: &[Argument]) -> Option<Words> {
    let mut words = Vec::new();
    for argument in arguments {
        match &argument.value.form {
            Form::Text(text) if words.is_empty() => {
                words.extend(text.split_whitespace().map(|word| Word::Literal(word.to_uppercase())));
            }
            // `execute_command(COMMAND, key)`: what it is may be a constant.
            _ if words.is_empty() && argument.spread => words.push(Word::Spread(argument.value.clone())),
            _ if words.is_empty() && argument.name.is_none() => words.push(Word::Value(argument.value.clone())),
            _ if argument.name.is_some() => {}
            _ if argument.spread => words.push(Word::Spread(argument.value.clone())),
            _ => words.push(Word::Value(argument.value.clone())),
        }
    }
    (!words.is_empty()).then_some(words)
}

/// Puts arguments into words by a layout (see [`METHODS`]).
fn words(parameters: &str, layout: &str, arguments: &[Argument]) -> Words {
    let placed: Vec<&Argument> = arguments.iter().filter(|argument| argument.name.is_none()).collect();
    let names: Vec<&str> = parameters.split_whitespace().collect();
    let given = |name: &str| -> Option<&Expression> {
        let named = arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        let at = names.iter().position(|known| *known == name);
        named.or_else(|| at.and_then(|at| placed.get(at).copied())).map(|argument| &argument.value)
    };
    let mut words = Vec::new();
    for slot in layout.split_whitespace() {
        if let Some(name) = slot.strip_prefix('*') {
            let from = names.iter().position(|known| *known == name).unwrap_or(names.len());
            if let Some(named) = arguments.iter().find(|argument| argument.name.as_deref() == Some(name)) {
                words.push(Word::Spread(named.value.clone()));
            }
            for argument in placed.iter().skip(from) {
                let value = argument.value.clone();
                words.push(if argument.spread { Word::Spread(value) } else { Word::Value(value) });
            }
        } else if let Some((name, token)) = slot.split_once('?') {
            let exact = given("approximate").is_some_and(|value| value.form == Form::Flag(false));
            if let Some(value) = given(name)
                && let Some(token) = token_of(token, exact)
            {
                words.push(Word::Option(token, value.clone()));
            }
        } else if let Some((name, how)) = slot.split_once('%') {
            if let Some(value) = given(name) {
                let value = value.clone();
                words.push(match how {
                    "names" => Word::Names(value),
                    "values" => Word::Values(value),
                    "reversed" => Word::Reversed(value),
                    _ => Word::Pairs(value),
                });
            }
        } else if slot == "#" {
            words.push(Word::Count);
        } else if slot.starts_with(|c: char| c.is_ascii_uppercase() || c == '=') {
            words.push(Word::Literal(slot.trim_start_matches('=').replace('_', " ")));
        } else if let Some(value) = given(slot) {
            let spread =
                arguments.iter().any(|argument| argument.spread && argument.name.is_none() && argument.value == *value);
            words.push(if spread { Word::Spread(value.clone()) } else { Word::Value(value.clone()) });
        } else if words.len() == 1 {
            // `partial(r.set, ex=60)`: the key comes later, and what follows is not it.
            words.push(Word::Value(Expression { span: 0..0, line: 0, form: Form::Opaque(Vec::new()) }));
        }
    }
    // `XGROUP CREATE` is two words.
    if let Some(Word::Literal(first)) = words.first().cloned()
        && let Some((container, inner)) = first.split_once(' ')
    {
        words.splice(0..1, [Word::Literal(container.to_owned()), Word::Literal(inner.to_owned())]);
    }
    words
}

const TOKENS: &[&str] = &[
    "EX",
    "PX",
    "EXAT",
    "PXAT",
    "NX",
    "XX",
    "GT",
    "LT",
    "CH",
    "INCR",
    "KEEPTTL",
    "GET",
    "PERSIST",
    "MATCH",
    "COUNT",
    "TYPE",
    "BLOCK",
    "NOMKSTREAM",
    "NOACK",
    "WITHSCORES",
    "LIMIT",
    "MKSTREAM",
    "REPLACE",
    "ABSTTL",
    "IDLE",
    "BYSCORE",
    "BYLEX",
    "REV",
    "STORE",
    "STOREDIST",
    "JUSTID",
];

fn token_of(token: &str, exact: bool) -> Option<&'static str> {
    match token {
        "MAXLEN" => Some(if exact { "MAXLEN" } else { "MAXLEN ~" }),
        "MINID" => Some(if exact { "MINID" } else { "MINID ~" }),
        token => TOKENS.iter().find(|known| **known == token).copied(),
    }
}
