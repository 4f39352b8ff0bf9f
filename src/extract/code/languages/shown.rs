//! A neutral program as text, for snapshots of what Rust and Go are lowered to.

use std::fmt::Write as _;

use super::super::program::{Argument, Expression, Form, Function, Parameter, Piece, Statement, Unit};

pub(super) fn unit(unit: &Unit) -> String {
    let mut out = String::new();
    for import in &unit.imports {
        let name = import.name.as_deref().map_or(String::new(), |name| format!(" {name}"));
        let _ = writeln!(out, "import {}{name} as {}", import.from, import.alias);
    }
    statements(&unit.body, 0, &mut out);
    if unit.entry {
        out.push_str("entry\n");
    }
    if !unit.faults.is_empty() {
        let _ = writeln!(out, "faults {:?}", unit.faults);
    }
    out
}

fn statements(all: &[Statement], depth: usize, out: &mut String) {
    all.iter().for_each(|one| statement(one, depth, out));
}

fn annotated(annotation: Option<&String>) -> String {
    annotation.map_or(String::new(), |kind| format!(": {kind}"))
}

fn statement(one: &Statement, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let _ = match one {
        Statement::Assign { target, annotation, value } => {
            let value = value.as_ref().map_or("?".to_owned(), expression);
            writeln!(out, "{pad}{}{} = {value}", expression(target), annotated(annotation.as_ref()))
        }
        Statement::Augment { target, operator, value } => {
            writeln!(out, "{pad}{} {operator}= {}", expression(target), expression(value))
        }
        Statement::Evaluate(value) => writeln!(out, "{pad}{}", expression(value)),
        Statement::Return(value) => writeln!(out, "{pad}return {}", value.as_ref().map_or(String::new(), expression)),
        Statement::Branches(ways) => {
            for way in ways {
                let _ = writeln!(out, "{pad}way");
                statements(way, depth + 1, out);
            }
            Ok(())
        }
        Statement::Each { target, over, body } => {
            let _ = writeln!(out, "{pad}each {} in {}", expression(target), expression(over));
            statements(body, depth + 1, out);
            Ok(())
        }
        Statement::Block(body) => {
            let _ = writeln!(out, "{pad}block");
            statements(body, depth + 1, out);
            Ok(())
        }
        Statement::Function(function) => {
            let _ = writeln!(out, "{pad}{}", head(function));
            statements(&function.body, depth + 1, out);
            Ok(())
        }
        Statement::Class(class) => {
            let bases: Vec<String> = class.bases.iter().map(expression).collect();
            let _ = writeln!(out, "{pad}class {}({}) {{{}}}", class.name, bases.join(", "), parameters(&class.fields));
            statements(&class.body, depth + 1, out);
            Ok(())
        }
    };
}

fn parameters(all: &[Parameter]) -> String {
    let all: Vec<String> = all
        .iter()
        .map(|one| format!("{}{}{}", if one.rest { "*" } else { "" }, one.name, annotated(one.annotation.as_ref())))
        .collect();
    all.join(", ")
}

fn head(function: &Function) -> String {
    let decorators: String = function.decorators.iter().map(|one| format!("@{} ", expression(one))).collect();
    let receiver = function.receiver.as_ref().map_or(String::new(), |name| format!("({name}) "));
    let returns = function.returns.as_ref().map_or(String::new(), |kind| format!(" -> {kind}"));
    format!("{decorators}fn {receiver}{}({}){returns}", function.name, parameters(&function.parameters))
}

fn all(values: &[Expression]) -> String {
    values.iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn argument(one: &Argument) -> String {
    let name = one.name.as_ref().map_or(String::new(), |name| format!("{name}="));
    format!("{name}{}{}", if one.spread { "*" } else { "" }, expression(&one.value))
}

pub(super) fn expression(value: &Expression) -> String {
    match &value.form {
        Form::Text(text) => format!("{text:?}"),
        Form::Number(number) => number.clone(),
        Form::Flag(flag) => flag.to_string(),
        Form::Null => "null".to_owned(),
        Form::Template(pieces) => {
            let pieces: Vec<String> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Value(value) => format!("{{{}}}", expression(value)),
                })
                .collect();
            format!("`{}`", pieces.concat())
        }
        Form::Name(name) => name.clone(),
        Form::Attribute(of, name) => format!("{}.{name}", expression(of)),
        Form::Index(of, by) => format!("{}[{}]", expression(of), expression(by)),
        Form::Call(callee, arguments) => {
            format!("{}({})", expression(callee), arguments.iter().map(argument).collect::<Vec<_>>().join(", "))
        }
        Form::Construct(of, fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", expression(value))).collect();
            format!("{} {{{}}}", expression(of), fields.join(", "))
        }
        Form::Binary(operator, left, right) => format!("({} {operator} {})", expression(left), expression(right)),
        Form::Choice(values) => format!("<{}>", values.iter().map(expression).collect::<Vec<_>>().join(" | ")),
        Form::List(values) => format!("[{}]", all(values)),
        Form::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(name, value)| {
                    format!("{}: {}", name.as_ref().map_or("..".to_owned(), expression), expression(value))
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Form::Comprehension { element, .. } => format!("[{} for ..]", expression(element)),
        Form::Closure(function) => {
            let mut body = String::new();
            statements(&function.body, 0, &mut body);
            format!("|{}| {{ {} }}", parameters(&function.parameters), body.trim_end().replace('\n', "; "))
        }
        Form::Opaque(values) => format!("?({})", all(values)),
    }
}
