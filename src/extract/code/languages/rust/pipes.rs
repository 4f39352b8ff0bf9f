//! Which connection a pipeline is sent through: `redis::pipe()` is told by the call that sends it.

use std::collections::BTreeMap;

use super::super::super::program::{Expression, Form, Statement};
use super::source::plain;

const SENDS: &[&str] = &["query", "query_async", "exec", "exec_async", "execute", "execute_async"];

/// Gives each `redis::pipe()` of a body its connection.
pub(super) fn send(mut body: Vec<Statement>) -> Vec<Statement> {
    let mut sent = BTreeMap::new();
    each(&mut body, &mut |value| {
        if let Some((connection, root)) = sending(value) {
            match &root.form {
                Form::Name(name) => drop(sent.insert(name.clone(), connection)),
                _ => join(root, &connection),
            }
        }
    });
    if !sent.is_empty() {
        name(&mut body, &sent);
    }
    body
}

/// The connection of a call that sends, and what its chain begins with.
fn sending(value: &mut Expression) -> Option<(Expression, &mut Expression)> {
    let Form::Call(callee, arguments) = &mut value.form else { return None };
    let Form::Attribute(of, method) = &mut callee.form else { return None };
    if !SENDS.contains(&method.as_str()) {
        return None;
    }
    let connection = arguments.first()?.value.clone();
    Some((connection, root(of)))
}

fn root(value: &mut Expression) -> &mut Expression {
    if is_pipe(value) {
        return value;
    }
    let inner = matches!(&value.form, Form::Call(callee, _) if matches!(&callee.form, Form::Attribute(of, _)
        if matches!(of.form, Form::Call(..) | Form::Name(_))));
    if !inner {
        return value;
    }
    match &mut value.form {
        Form::Call(callee, _) => match &mut callee.form {
            Form::Attribute(of, _) => root(of),
            _ => unreachable!("looked at above"),
        },
        _ => unreachable!("looked at above"),
    }
}

/// Is it `redis::pipe()`, `Pipeline::new()`?
fn is_pipe(value: &Expression) -> bool {
    match &value.form {
        Form::Call(callee, arguments) if arguments.is_empty() => match &callee.form {
            Form::Name(name) => name == "pipe",
            Form::Attribute(of, name) => match &of.form {
                Form::Name(of) | Form::Attribute(_, of) => {
                    (name == "pipe" && of.trim_end_matches("::") == "redis")
                        || (matches!(name.as_str(), "new" | "default") && of.ends_with("Pipeline"))
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn join(value: &mut Expression, connection: &Expression) {
    if is_pipe(value)
        && let Form::Call(_, arguments) = &mut value.form
    {
        arguments.push(plain(connection.clone()));
    }
}

fn name(body: &mut [Statement], sent: &BTreeMap<String, Expression>) {
    for statement in body {
        match statement {
            Statement::Assign { target: Expression { form: Form::Name(name), .. }, value: Some(value), .. } => {
                if let Some(connection) = sent.get(name) {
                    join(root(value), connection);
                }
            }
            Statement::Branches(ways) => ways.iter_mut().for_each(|way| self::name(way, sent)),
            Statement::Each { body, .. } | Statement::Block(body) => name(body, sent),
            _ => {}
        }
    }
}

/// Each value of a body that stands for itself.
fn each(body: &mut [Statement], see: &mut dyn FnMut(&mut Expression)) {
    for statement in body {
        match statement {
            Statement::Assign { value: Some(value), .. }
            | Statement::Evaluate(value)
            | Statement::Return(Some(value)) => inside(value, see),
            Statement::Branches(ways) => ways.iter_mut().for_each(|way| each(way, see)),
            Statement::Each { body, .. } | Statement::Block(body) => each(body, see),
            _ => {}
        }
    }
}

/// A value and what stands before its last steps: `sent.query(&mut c).map_err(f)`.
fn inside(value: &mut Expression, see: &mut dyn FnMut(&mut Expression)) {
    see(value);
    match &mut value.form {
        Form::Call(callee, arguments) => {
            if let Form::Attribute(of, _) = &mut callee.form {
                inside(of, see);
            }
            arguments.iter_mut().for_each(|argument| inside(&mut argument.value, see));
        }
        Form::Choice(all) | Form::Opaque(all) => all.iter_mut().for_each(|one| inside(one, see)),
        _ => {}
    }
}
