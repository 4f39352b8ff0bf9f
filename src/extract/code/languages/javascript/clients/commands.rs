//! The command that a method of a client is, and its words.

use super::super::super::{Role, Word, Words};
use super::{arguments, special};
use crate::extract::code::program::{Argument, Expression, Form};
use crate::server::commands;

/// Methods that have the name of a command and are none, or none that has to do with keys.
const NONE: &[&str] = &[
    "auth",
    "connect",
    "disconnect",
    "quit",
    "select",
    "ping",
    "exec",
    "discard",
    "info",
    "multi",
    "pipeline",
    "on",
    "once",
    "off",
    "emit",
    "client",
    "config",
    "monitor",
    "reset",
    "hello",
    "echo",
    "time",
    "wait",
    "shutdown",
    "unwatch",
    "duplicate",
    "end",
    "unsubscribe",
    "pUnsubscribe",
    "punsubscribe",
    "sUnsubscribe",
    "sunsubscribe",
    "script",
    "cluster",
    "command",
    "execAsPipeline",
    "execTyped",
    "status",
    "options",
    "mode",
    "json",
    "use",
    "execute",
    "role",
    "module",
    "memory",
    "latency",
    "acl",
    "debug",
    "save",
];

/// Ends of names of methods that say what the library makes of the reply.
const ENDS: &[&str] = &["Buffer", "Async", "WithScores", "WithValues", "Count", "With", "_RO", "NoValues", "AndScores"];

/// Methods that send a command which they are given: with the arguments in one list, or one by one.
const RAW: &[&str] = &[
    "call",
    "callBuffer",
    "sendCommand",
    "send_command",
    "customCommand",
    "internal_send_command",
    "send",
    "addCommand",
];

/// The words of the call of a method.
pub fn command(role: Role, method: &str, given: &[Argument]) -> Option<Words> {
    if !matches!(role, Role::Client | Role::Pipeline | Role::PubSub) || NONE.contains(&method) {
        return None;
    }
    let given = arguments::plain(given);
    if RAW.contains(&method) {
        return raw(&given);
    }
    if let Some(words) = special::scanning(method, &given) {
        return Some(words);
    }
    let mut words: Words = name(method)?.split(' ').map(|word| Word::Literal(word.to_owned())).collect();
    let rest = match words.as_slice() {
        [Word::Literal(name)] => special::words(name, method, &given),
        _ => None,
    };
    words.extend(rest.unwrap_or_else(|| arguments::all(&given)));
    Some(words)
}

/// The command that a method is named for: `hSet`, `HSET`, `hset`, `getBuffer`, `xGroupCreate`.
pub fn name(method: &str) -> Option<String> {
    if let Some(known) = exactly(method) {
        return Some(known);
    }
    let short = ENDS.iter().find_map(|end| exactly(method.strip_suffix(end)?));
    short.or_else(|| {
        // A subcommand: `xGroupCreate`, `XGROUP_CREATE`.
        let upper = method.to_uppercase();
        let plain = upper.replace('_', "");
        let subcommand = commands::all().iter().filter(|command| command.name.contains(' '));
        subcommand.map(|command| &command.name).find(|name| name.replace([' ', '-'], "") == plain).cloned()
    })
}

fn exactly(method: &str) -> Option<String> {
    // Commands have no mixture of cases but that of camels, and no spaces.
    if !method.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.' || letter == '_') {
        return None;
    }
    let upper = method.to_ascii_uppercase();
    if let Some(command) = commands::get(&upper) {
        return Some(command.name.clone());
    }
    // Commands of modules, which lowering has put together.
    upper.contains('.').then_some(upper)
}

/// `call("SET", k, v)`, `sendCommand(["SET", k, v])`, `send_command("SET", [k, v])`, `sendCommand(k, false, ["SET", k, v])`.
fn raw(given: &[&Argument]) -> Option<Words> {
    let first = given.first()?;
    let is_list = |argument: &&&Argument| matches!(argument.value.form, Form::List(_));
    // `new Command("SET", [k, v])` of ioredis.
    if let Form::Call(callee, inside) = &first.value.form
        && matches!(&callee.form, Form::Name(name) | Form::Attribute(_, name) if name == "Command")
    {
        return raw(&inside.iter().collect::<Vec<_>>());
    }
    let list = given.iter().find(is_list);
    let mut words = match (&first.value.form, list) {
        (Form::Text(_), _) => arguments::all(given),
        // Of a cluster: what comes before the list tells the node.
        (_, Some(list)) => arguments::all(&[*list]),
        (_, None) => arguments::all(given),
    };
    upper_first(&mut words);
    Some(words)
}

fn upper_first(words: &mut Words) {
    let Some(first) = words.first_mut() else { return };
    let name = match first {
        Word::Literal(name) => name.to_uppercase(),
        Word::Value(Expression { form: Form::Text(name), .. }) => name.to_uppercase(),
        _ => return,
    };
    *first = Word::Literal(name);
}

/// Is it an object literal?
pub fn is_map(expression: &Expression) -> bool {
    matches!(expression.form, Form::Map(_))
}
