//! What is written bit by bit, as one: `Display`, and commands that are put together over several statements.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::program::{Argument, Expression, Form, Function, Piece, Statement};
use super::pipes;
use super::source::like;

/// `fmt` of `Display` as a method that gives the text.
pub(super) fn display(body: &mut [Statement]) {
    for statement in body {
        let Statement::Function(function) = statement else { continue };
        if function.name != "fmt" {
            continue;
        }
        let function = Arc::make_mut(function);
        let Some(formatter) = function.parameters.first().map(|parameter| parameter.name.clone()) else { continue };
        "to_string".clone_into(&mut function.name);
        function.parameters.clear();
        function.returns = Some("String".to_owned());
        text_of(function, &formatter);
    }
}

fn text_of(function: &mut Function, formatter: &str) {
    let place = Expression { span: 0..0, line: function.line, form: Form::Null };
    let name = like(&place, Form::Name(formatter.to_owned()));
    let mut steps = std::mem::take(&mut function.body);
    for step in &mut steps {
        let given = match step {
            Statement::Return(Some(value)) => Some(value.clone()),
            _ => None,
        };
        if let Some(value) = given {
            *step = delegated(value, &name);
        }
    }
    let empty = like(&place, Form::Text(String::new()));
    function.body = vec![Statement::Assign { target: name.clone(), annotation: None, value: Some(empty) }];
    function.body.extend(steps);
    // It stands after all that is written.
    function.body.push(Statement::Return(Some(Expression { span: u32::MAX - 1..u32::MAX, ..name })));
}

/// `self.0.fmt(f)` and `f.pad(x)` write what is inside.
fn delegated(value: Expression, name: &Expression) -> Statement {
    if let Form::Call(callee, arguments) = &value.form
        && let Form::Attribute(of, method) = &callee.form
    {
        let inner = match (method.as_str(), arguments.as_slice()) {
            ("fmt", [_]) => Some((**of).clone()),
            ("fmt", [inner, _]) | ("pad" | "write_str", [inner]) => Some(inner.value.clone()),
            _ => None,
        };
        if let Some(inner) = inner {
            return Statement::Augment { target: name.clone(), operator: "+".to_owned(), value: inner };
        }
    }
    Statement::Evaluate(value)
}

/// Is such a value set anywhere in the body?
fn holds(body: &[Statement], is: &dyn Fn(&Expression) -> bool) -> bool {
    body.iter().any(|statement| match statement {
        Statement::Assign { value: Some(value), .. } => is(value),
        Statement::Branches(ways) => ways.iter().any(|way| holds(way, is)),
        Statement::Each { body, .. } | Statement::Block(body) => holds(body, is),
        _ => false,
    })
}

/// Options that are put together before the call: what they say belongs to its words.
fn is_options(value: &Expression) -> bool {
    let mut value = value;
    while let Form::Call(callee, _) = &value.form {
        let Form::Attribute(of, _) = &callee.form else { return false };
        value = of;
    }
    matches!(&value.form, Form::Name(name) | Form::Attribute(_, name) if matches!(name.as_str(),
        "StreamReadOptions" | "StreamAddOptions" | "StreamTrimOptions" | "SetOptions" | "StreamMaxlen" | "StreamTrimStrategy"))
}

/// Commands by the name of the variable that holds them while they grow.
type Growing = BTreeMap<String, Expression>;

/// `let mut c = redis::cmd("XADD"); c.arg(key); c.query(&mut con)` as one chain of calls, so that its words stand together.
pub(super) fn commands(body: Vec<Statement>) -> Vec<Statement> {
    let grows = holds(&body, &|value| begins(value) || is_options(value));
    let body = if grows { walk(body, &mut Growing::new()) } else { body };
    pipes::send(body)
}

fn walk(body: Vec<Statement>, growing: &mut Growing) -> Vec<Statement> {
    let mut out = Vec::with_capacity(body.len());
    for mut statement in body {
        match &mut statement {
            Statement::Assign { target: Expression { form: Form::Name(name), .. }, value: Some(value), .. } => {
                put_in(value, growing);
                if begins(value) && !is_sent(value) {
                    growing.insert(name.clone(), value.clone());
                    continue;
                }
                growing.remove(name);
                if is_options(value) {
                    growing.insert(name.clone(), value.clone());
                }
            }
            Statement::Evaluate(value) => {
                let root = root_name(value).filter(|name| growing.contains_key(*name)).map(str::to_owned);
                put_in(value, growing);
                if let Some(root) = root
                    && !is_sent(value)
                {
                    growing.insert(root, value.clone());
                    continue;
                }
            }
            Statement::Assign { value: Some(value), .. }
            | Statement::Augment { value, .. }
            | Statement::Return(Some(value)) => {
                put_in(value, growing);
            }
            Statement::Branches(ways) => {
                for way in ways {
                    *way = walk(std::mem::take(way), growing);
                }
            }
            Statement::Each { over, body, .. } => {
                put_in(over, growing);
                *body = walk(std::mem::take(body), growing);
            }
            Statement::Block(body) => *body = walk(std::mem::take(body), growing),
            _ => {}
        }
        out.push(statement);
    }
    out
}

/// What a chain of method calls starts from.
fn root(value: &Expression) -> &Expression {
    let mut value = value;
    while let Form::Call(callee, _) = &value.form {
        let Form::Attribute(of, _) = &callee.form else { break };
        if !matches!(of.form, Form::Call(..) | Form::Name(_)) {
            break;
        }
        value = of;
        if matches!(value.form, Form::Name(_)) {
            break;
        }
    }
    value
}

fn root_name(value: &Expression) -> Option<&str> {
    match &root(value).form {
        Form::Name(name) => Some(name),
        _ => None,
    }
}

/// Does the chain begin with `cmd(..)` or `Cmd::new()`?
fn begins(value: &Expression) -> bool {
    let mut value = value;
    loop {
        let Form::Call(callee, _) = &value.form else { return false };
        match &callee.form {
            Form::Name(name) => return name == "cmd",
            Form::Attribute(of, name) => match &of.form {
                Form::Call(..) => value = of,
                Form::Name(of) | Form::Attribute(_, of) => {
                    return (name == "cmd" && of.trim_end_matches("::") == "redis") || (name == "new" && of == "Cmd");
                }
                _ => return false,
            },
            _ => return false,
        }
    }
}

fn is_sent(value: &Expression) -> bool {
    match &value.form {
        Form::Call(callee, _) => match &callee.form {
            Form::Attribute(_, method) => !matches!(
                method.as_str(),
                "arg" | "cmd" | "new" | "cursor_arg" | "set_no_response" | "to_owned" | "clone"
            ),
            _ => false,
        },
        _ => true,
    }
}

/// Puts the chains in place of the variables that hold them.
fn put_in(value: &mut Expression, growing: &Growing) {
    if growing.is_empty() {
        return;
    }
    match &mut value.form {
        Form::Name(name) => {
            if let Some(chain) = growing.get(name) {
                *value = chain.clone();
            }
        }
        Form::Attribute(of, _) => put_in(of, growing),
        Form::Index(of, by) | Form::Binary(_, of, by) => {
            put_in(of, growing);
            put_in(by, growing);
        }
        Form::Call(callee, arguments) => {
            put_in(callee, growing);
            arguments.iter_mut().for_each(|Argument { value, .. }| put_in(value, growing));
        }
        Form::Construct(of, fields) => {
            put_in(of, growing);
            fields.iter_mut().for_each(|(_, value)| put_in(value, growing));
        }
        Form::Choice(all) | Form::List(all) | Form::Opaque(all) => {
            all.iter_mut().for_each(|value| put_in(value, growing))
        }
        Form::Template(pieces) => {
            for piece in pieces {
                if let Piece::Value(value) = piece {
                    put_in(value, growing);
                }
            }
        }
        Form::Closure(function) => {
            let function = Arc::make_mut(function);
            function.body = walk(std::mem::take(&mut function.body), &mut growing.clone());
        }
        _ => {}
    }
}
