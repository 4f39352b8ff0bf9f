//! Calls that say the same in another form.

use std::sync::Arc;

use super::{argument, attribute, form_at, last_name};
use crate::extract::code::program::{Argument, Expression, Form, Function, Statement};

/// Properties of node-redis and others that hold the commands of a module of Redis.
const MODULES: &[(&str, &str)] = &[
    ("json", "JSON"),
    ("ft", "FT"),
    ("ts", "TS"),
    ("bf", "BF"),
    ("cf", "CF"),
    ("cms", "CMS"),
    ("topK", "TOPK"),
    ("tDigest", "TDIGEST"),
];

/// `promisify(client.get).bind(client)`, `client.get.bind(client)`: the method itself. `fn.call(this, a)` calls it.
pub fn adapted(callee: &Expression, arguments: &[Argument]) -> Option<Form> {
    let first = arguments.first().map(|first| &first.value);
    match &callee.form {
        Form::Attribute(of, name) if name == "bind" => match (&of.form, arguments.len()) {
            (Form::Attribute(..) | Form::Name(_) | Form::Closure(_), 1) => Some(of.form.clone()),
            _ => None,
        },
        Form::Attribute(of, name)
            if name == "call" && matches!(first?.form, Form::Name(ref this) if this == "this") =>
        {
            // Only functions are called so; `redis.call("SET", ...)` is a command.
            Some(Form::Call(of.clone(), arguments.get(1..)?.to_vec()))
        }
        Form::Name(name) | Form::Attribute(_, name) if name == "promisify" || name == "callbackify" => {
            matches!(first?.form, Form::Attribute(..) | Form::Name(_)).then(|| first.map(|first| first.form.clone()))?
        }
        _ => None,
    }
}

/// `list.forEach(element => ...)` is a loop.
pub fn for_each(of: &Expression, arguments: &[Argument]) -> Option<Statement> {
    let function = closure(arguments)?;
    let target = function.parameters.first().filter(|first| !first.rest)?;
    let target = form_at(of, Form::Name(target.name.clone()));
    Some(Statement::Each { target, over: of.clone(), body: function.body.clone() })
}

/// Are these the arguments of `stream.on("data", element => ...)`? It is a loop as well.
pub fn is_data(arguments: &[Argument]) -> bool {
    match arguments {
        [event, handler] => {
            matches!(&event.value.form, Form::Text(event) if event == "data")
                && matches!(&handler.value.form, Form::Closure(function) if !function.parameters.is_empty())
        }
        _ => false,
    }
}

/// `list.map(element => value)` is a comprehension, where the function is one expression.
pub fn comprehension(of: &Expression, method: &str, arguments: &[Argument]) -> Option<Form> {
    if method != "map" {
        return None;
    }
    let function = closure(arguments)?;
    let target = function.parameters.first().filter(|first| !first.rest)?;
    let [Statement::Return(Some(element))] = function.body.as_slice() else { return None };
    let target = form_at(of, Form::Name(target.name.clone()));
    Some(Form::Comprehension { element: Box::new(element.clone()), loops: vec![(target, of.clone())] })
}

fn closure(arguments: &[Argument]) -> Option<&Arc<Function>> {
    match arguments {
        [Argument { value: Expression { form: Form::Closure(function), .. }, .. }] => Some(function),
        _ => None,
    }
}

/// `new Map([[k, v], [k, v]])`.
pub fn map(callee: &Expression, arguments: &[Argument]) -> Option<Form> {
    if !matches!(&callee.form, Form::Name(name) if name == "Map") {
        return None;
    }
    let entries = match arguments {
        [] => &[][..],
        [Argument { value: Expression { form: Form::List(entries), .. }, .. }] => entries,
        _ => return None,
    };
    let pair = |entry: &Expression| match &entry.form {
        Form::List(pair) => match pair.as_slice() {
            [key, value] => Some((Some(key.clone()), value.clone())),
            _ => None,
        },
        _ => None,
    };
    entries.iter().map(pair).collect::<Option<Vec<_>>>().map(Form::Map)
}

/// `pipeline([["set", k, v], ["expire", k, 60]])` is `pipeline().set(k, v).expire(k, 60)`.
pub fn listed(of: &Expression, method: &str, arguments: &[Argument]) -> Option<Form> {
    if !matches!(method, "pipeline" | "multi" | "batch") {
        return None;
    }
    let [Argument { value: Expression { form: Form::List(commands), .. }, .. }] = arguments else { return None };
    let mut chain = form_at(of, Form::Call(Box::new(attribute(of.clone(), method)), vec![]));
    for command in commands {
        let Form::List(words) = &command.form else { return None };
        let (Expression { form: Form::Text(name), .. }, given) = words.split_first()? else { return None };
        let given = given.iter().map(|word| match &word.form {
            Form::Opaque(inside) if inside.len() == 1 => {
                Argument { name: None, value: inside.first().unwrap_or(word).clone(), spread: true }
            }
            _ => argument(word.clone()),
        });
        let callee = Expression {
            span: command.span.clone(),
            line: command.line,
            form: Form::Attribute(Box::new(chain), name.clone()),
        };
        let form = Form::Call(Box::new(callee), given.collect());
        chain = Expression { span: command.span.clone(), line: command.line, form };
    }
    Some(chain.form)
}

/// `client.json.set(k, "$", v)` is the command JSON.SET: where the name tells a client, or the file speaks Redis.
pub fn module_command(of: &Expression, method: &str, arguments: &[Argument], speaks: bool) -> Option<Form> {
    let Form::Attribute(client, module) = &of.form else { return None };
    let (_, prefix) = MODULES.iter().find(|(name, _)| name == module)?;
    let name = last_name(client).or_else(|| chain_start(client))?.to_lowercase();
    // `response.json.set` has nothing to do with it.
    let other = ["this", "self", "res", "response", "req", "request", "ctx", "context", "c", "reply", "app"];
    let telling = ["redis", "client", "conn", "cache", "kv", "multi", "pipe", "tx", "db", "valkey"];
    let tells = name == "r" || telling.iter().any(|part| name.contains(part));
    if !tells && (!speaks || other.contains(&name.as_str())) {
        return None;
    }
    let name = format!("{prefix}.{}", method.to_uppercase());
    Some(Form::Call(Box::new(attribute((**client).clone(), name)), arguments.to_vec()))
}

/// The name that a chain of calls starts with.
fn chain_start(expression: &Expression) -> Option<&str> {
    let mut at = expression;
    for _ in 0..200 {
        match &at.form {
            Form::Call(callee, _) => at = callee,
            Form::Attribute(of, name) if matches!(of.form, Form::Name(_)) => return last_name(of).or(Some(name)),
            Form::Attribute(of, _) => at = of,
            Form::Name(name) => return Some(name),
            _ => return None,
        }
    }
    None
}

/// A field of an object literal.
pub fn map_field<'e>(map: &'e Expression, name: &str) -> Option<&'e Expression> {
    let Form::Map(pairs) = &map.form else { return None };
    pairs.iter().find_map(|(key, value)| match key {
        Some(Expression { form: Form::Text(key), .. }) if key == name => Some(value),
        _ => None,
    })
}
