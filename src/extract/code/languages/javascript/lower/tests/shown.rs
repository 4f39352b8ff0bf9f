//! A unit as text.

use std::fmt::Write as _;

use crate::extract::code::program::{Argument, Expression, Form, Function, Parameter, Piece, Statement, Unit};

/// All of it.
pub fn shown(unit: &Unit) -> String {
    let mut out = String::new();
    for import in &unit.imports {
        let name = import.name.as_deref().unwrap_or("(whole)");
        writeln!(out, "import {name} of {} as {}", import.from, import.alias).unwrap();
    }
    statements(&unit.body, 0, &mut out);
    for fault in &unit.faults {
        writeln!(out, "fault in line {fault}").unwrap();
    }
    out
}

fn statements(body: &[Statement], depth: usize, out: &mut String) {
    for statement in body {
        one(statement, depth, out);
    }
}

fn one(statement: &Statement, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match statement {
        Statement::Assign { target, annotation, value } => {
            let annotation = annotation.as_ref().map_or(String::new(), |annotation| format!(": {annotation}"));
            let value = value.as_ref().map_or(String::new(), |value| format!(" = {}", expression(value)));
            writeln!(out, "{indent}{}{annotation}{value}", expression(target)).unwrap();
        }
        Statement::Augment { target, operator, value } => {
            writeln!(out, "{indent}{} {operator}= {}", expression(target), expression(value)).unwrap();
        }
        Statement::Evaluate(value) => writeln!(out, "{indent}{}", expression(value)).unwrap(),
        Statement::Return(value) => {
            writeln!(out, "{indent}return {}", value.as_ref().map_or(String::new(), expression)).unwrap();
        }
        Statement::Branches(ways) => {
            for way in ways {
                writeln!(out, "{indent}either").unwrap();
                statements(way, depth + 1, out);
            }
        }
        Statement::Each { target, over, body } => {
            writeln!(out, "{indent}for {} in {}", expression(target), expression(over)).unwrap();
            statements(body, depth + 1, out);
        }
        Statement::Block(body) => {
            writeln!(out, "{indent}block").unwrap();
            statements(body, depth + 1, out);
        }
        Statement::Function(function) => named(function, depth, out),
        Statement::Class(class) => {
            let bases: Vec<String> = class.bases.iter().map(expression).collect();
            writeln!(out, "{indent}class {}({}) {{{}}}", class.name, bases.join(", "), parameters(&class.fields))
                .unwrap();
            statements(&class.body, depth + 1, out);
        }
    }
}

fn named(function: &Function, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for decorator in &function.decorators {
        writeln!(out, "{indent}@{}", expression(decorator)).unwrap();
    }
    let receiver = function.receiver.as_ref().map_or(String::new(), |receiver| format!("{receiver}."));
    let returns = function.returns.as_ref().map_or(String::new(), |returns| format!(" -> {returns}"));
    writeln!(out, "{indent}def {receiver}{}({}){returns}", function.name, parameters(&function.parameters)).unwrap();
    statements(&function.body, depth + 1, out);
}

fn parameters(all: &[Parameter]) -> String {
    let each = all.iter().map(|parameter| {
        let annotation = parameter.annotation.as_ref().map_or(String::new(), |annotation| format!(": {annotation}"));
        let default = parameter.default.as_ref().map_or(String::new(), |default| format!(" = {}", expression(default)));
        format!("{}{}{annotation}{default}", if parameter.rest { "*" } else { "" }, parameter.name)
    });
    each.collect::<Vec<_>>().join(", ")
}

fn list(all: &[Expression]) -> String {
    all.iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn argument(argument: &Argument) -> String {
    format!("{}{}", if argument.spread { "*" } else { "" }, expression(&argument.value))
}

fn expression(value: &Expression) -> String {
    match &value.form {
        Form::Text(text) => format!("{text:?}"),
        Form::Number(number) => number.clone(),
        Form::Flag(flag) => flag.to_string(),
        Form::Null => "null".to_owned(),
        Form::Template(pieces) => {
            let each = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(value) => format!("{{{}}}", expression(value)),
            });
            format!("f{:?}", each.collect::<String>())
        }
        Form::Name(name) => name.clone(),
        Form::Attribute(of, name) => format!("{}.{name}", expression(of)),
        Form::Index(of, index) => format!("{}[{}]", expression(of), expression(index)),
        Form::Call(callee, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            format!("{}({})", expression(callee), arguments.join(", "))
        }
        Form::Construct(name, _) => format!("{} {{..}}", expression(name)),
        Form::Binary(operator, left, right) => format!("({} {operator} {})", expression(left), expression(right)),
        Form::Choice(all) => format!("one of ({})", list(all)),
        Form::List(all) => format!("[{}]", list(all)),
        Form::Map(pairs) => {
            let each = pairs.iter().map(|(key, value)| match key {
                Some(key) => format!("{}: {}", expression(key), expression(value)),
                None => format!("**{}", expression(value)),
            });
            format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
        }
        Form::Comprehension { element, loops } => {
            let each = loops.iter().map(|(target, over)| format!("for {} in {}", expression(target), expression(over)));
            format!("[{} {}]", expression(element), each.collect::<Vec<_>>().join(" "))
        }
        Form::Closure(function) => {
            let mut body = String::new();
            statements(&function.body, 0, &mut body);
            let receiver = function.receiver.as_ref().map_or(String::new(), |receiver| format!("{receiver}."));
            format!("{receiver}({}) => {{{}}}", parameters(&function.parameters), body.trim().replace('\n', "; "))
        }
        Form::Opaque(all) => format!("?({})", list(all)),
    }
}
