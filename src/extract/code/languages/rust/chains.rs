//! Chains of calls that are a command as a whole: `redis::cmd("SET").arg(key)`, scripts.

use super::super::super::program::{Expression, Form};
use super::super::worded::{self, called, receiver};
use super::super::{Whole, Word};

/// Objects whose `arg` is not that of a command of Redis.
const OTHER: &[&str] = &["Command", "Arg", "App", "ArgMatches", "ArgGroup", "process", "clap"];

/// `redis::cmd("SET").arg(key).arg(value).query(&mut con)`; and any chain of `arg` whose first word is a command of Redis in
/// capitals, for builders of commands that people write themselves.
pub(super) fn whole(call: &Expression) -> Option<Whole> {
    let mut client = None;
    let mut value = call;
    let mut given = Vec::new();
    loop {
        let (name, arguments) = called(value)?;
        match (name, arguments) {
            ("arg" | "key", [argument]) => given.push(worded::value(argument)),
            ("cmd", [argument]) => {
                given.push(worded::value(argument));
                client = client.or_else(|| receiver(value).filter(|of| !is_package(of)).cloned());
                break;
            }
            ("new", []) if receiver(value).is_some_and(|of| last(of) == Some("Cmd")) => break,
            (
                "query" | "query_async" | "exec" | "exec_async" | "execute" | "execute_async" | "iter" | "iter_async",
                _,
            ) if given.is_empty() => {
                client = arguments.first().map(|argument| argument.value.clone());
            }
            ("invoke" | "invoke_async" | "prepare_invoke" | "load" | "load_async", _) if given.is_empty() => {
                return script(value, arguments.first().map(|argument| &argument.value));
            }
            // Further steps on what came back.
            _ if given.is_empty() && receiver(value).is_some() => {}
            _ => break,
        }
        match receiver(value) {
            Some(of) if matches!(of.form, Form::Call(..)) => value = of,
            Some(of) => {
                if given.is_empty() || last(of).is_some_and(|name| OTHER.contains(&name)) {
                    return None;
                }
                break;
            }
            None => break,
        }
    }
    given.reverse();
    let is_own = matches!(called(value), Some(("cmd", [_])) | Some(("new", [])));
    if !is_own && receiver(value).and_then(last).is_some_and(|name| OTHER.contains(&name)) {
        return None;
    }
    let Word::Value(Expression { form: Form::Text(first), .. }) = given.first()? else { return None };
    if !(is_own && worded::command(first).is_some() || worded::is_written_command(first) && given.len() > 1) {
        return None;
    }
    let mut words = worded::named(&worded::command(first)?);
    words.extend(given.drain(1..));
    Some(Whole { words, client })
}

/// `script.key(key).arg(value).invoke(&mut con)`.
fn script(invoked: &Expression, client: Option<&Expression>) -> Option<Whole> {
    let mut keys = Vec::new();
    let mut value = receiver(invoked)?;
    while let Some((name @ ("key" | "arg" | "prepare_invoke"), arguments)) = called(value) {
        if name == "key" {
            keys.extend(arguments.iter().map(worded::value));
        }
        value = receiver(value)?;
    }
    if keys.is_empty() {
        return None;
    }
    keys.reverse();
    let mut words = vec![Word::Literal("EVALSHA".to_owned()), Word::Value(value.clone()), Word::Count];
    words.extend(keys);
    Some(Whole { words, client: client.cloned() })
}

fn last(of: &Expression) -> Option<&str> {
    match &of.form {
        Form::Name(name) | Form::Attribute(_, name) => Some(name),
        _ => None,
    }
}

fn is_package(of: &Expression) -> bool {
    last(of).is_some_and(|name| matches!(name.trim_end_matches("::"), "redis" | "deadpool_redis" | "bb8_redis"))
}
