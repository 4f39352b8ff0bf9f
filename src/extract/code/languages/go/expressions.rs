//! Expressions of Go.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::super::program::{Argument, Expression, Form, Function};
use super::source::{Source, children, field, plain};
use super::{items, literals, statements};

/// An expression.
pub(super) fn expression(source: &Source<'_>, node: Node<'_>) -> Expression {
    if !source.enter(node) {
        return source.at(node, Form::Opaque(Vec::new()));
    }
    let lowered = lower(source, node);
    source.leave();
    lowered
}

/// The child of a field, or nothing.
pub(super) fn part(source: &Source<'_>, node: Node<'_>, name: &str) -> Expression {
    field(node, name).map_or_else(|| source.at(node, Form::Null), |child| expression(source, child))
}

fn first(source: &Source<'_>, node: Node<'_>) -> Expression {
    children(node).first().map_or_else(|| source.at(node, Form::Null), |inner| expression(source, *inner))
}

fn lower(source: &Source<'_>, node: Node<'_>) -> Expression {
    match node.kind() {
        "interpreted_string_literal" | "raw_string_literal" | "rune_literal" => {
            source.at(node, Form::Text(literals::text(source.of(node))))
        }
        "int_literal" | "float_literal" => source.at(node, Form::Number(literals::number(source.of(node)))),
        "iota" => source.at(node, Form::Number(source.iota.get().to_string())),
        "nil" => source.at(node, Form::Null),
        "true" | "false" => source.at(node, Form::Flag(node.kind() == "true")),
        "identifier" | "type_identifier" | "package_identifier" | "field_identifier" => {
            source.at(node, Form::Name(source.of(node).to_owned()))
        }
        "qualified_type" => {
            let package = part(source, node, "package");
            let name = field(node, "name").map_or("", |name| source.of(name)).to_owned();
            source.at(node, Form::Attribute(Box::new(package), name))
        }
        "selector_expression" => {
            let value = part(source, node, "operand");
            let name = field(node, "field").map_or("", |name| source.of(name)).to_owned();
            literals::unit_of_time(&value, &name, source.at(node, Form::Null))
                .unwrap_or_else(|| source.at(node, Form::Attribute(Box::new(value), name)))
        }
        "index_expression" => {
            let (of, by) = (part(source, node, "operand"), part(source, node, "index"));
            source.at(node, Form::Index(Box::new(of), Box::new(by)))
        }
        "slice_expression" => {
            let of = part(source, node, "operand");
            if field(node, "start").is_none() && field(node, "end").is_none() {
                of
            } else {
                source.at(node, Form::Opaque(vec![of]))
            }
        }
        "call_expression" => call(source, node),
        "generic_type" => part(source, node, "type"),
        "type_instantiation_expression" => part(source, node, "type"),
        "type_assertion_expression" | "type_conversion_expression" => part(source, node, "operand"),
        "parenthesized_expression" | "variadic_argument" | "literal_element" | "expression_statement" => {
            first(source, node)
        }
        "composite_literal" => literals::composite(source, node),
        "func_literal" => closure(source, node),
        "unary_expression" => unary(source, node),
        "binary_expression" => binary(source, node),
        kind if kind.ends_with("_type") => source.at(node, Form::Opaque(Vec::new())),
        _ => {
            let inside = children(node).into_iter().map(|child| expression(source, child)).collect();
            source.at(node, Form::Opaque(inside))
        }
    }
}

fn call(source: &Source<'_>, node: Node<'_>) -> Expression {
    let function = part(source, node, "function");
    let mut arguments: Vec<Argument> = Vec::new();
    for child in field(node, "arguments").map(children).unwrap_or_default() {
        let value = expression(source, child);
        arguments.push(Argument { name: None, value, spread: child.kind() == "variadic_argument" });
    }
    if let Form::Attribute(of, method) = &function.form
        && let Form::Name(name) = &of.form
        && method == "Val"
        && arguments.is_empty()
        && source.iterators.borrow().contains(name)
    {
        return source.at(node, Form::Name(format!("{name}.Val")));
    }
    // The wire gives the cursor, then the names; an iterator goes over the names.
    if let Form::Attribute(of, method) = &function.form
        && method == "Iterator"
        && is_scan(of)
    {
        let second = source.at(node, Form::Number("1".to_owned()));
        return source.at(node, Form::Index(of.clone(), Box::new(second)));
    }
    if let Form::Name(name) = &function.form {
        match (name.as_str(), arguments.as_slice()) {
            ("make", [_, ..]) => return source.at(node, Form::List(Vec::new())),
            ("new", [only]) => return source.at(node, Form::Construct(Box::new(only.value.clone()), Vec::new())),
            _ => {}
        }
    }
    source.at(node, Form::Call(Box::new(function), arguments))
}

fn closure(source: &Source<'_>, node: Node<'_>) -> Expression {
    let function = Function {
        name: String::new(),
        receiver: None,
        parameters: field(node, "parameters").map_or_else(Vec::new, |list| items::parameters(source, list)),
        decorators: Vec::new(),
        returns: field(node, "result").and_then(|result| items::result(source, result)),
        body: field(node, "body").map_or_else(Vec::new, |body| statements::block(source, body)),
        line: source.line(node),
    };
    source.at(node, Form::Closure(Arc::new(function)))
}

fn unary(source: &Source<'_>, node: Node<'_>) -> Expression {
    let operand = part(source, node, "operand");
    match (source.of(node).chars().next(), &operand.form) {
        (Some('&' | '*' | '+'), _) => operand,
        (Some('-'), Form::Number(number)) => source.at(node, Form::Number(format!("-{number}"))),
        (Some('-'), _) => {
            let zero = source.at(node, Form::Number("0".to_owned()));
            source.at(node, Form::Binary("-".to_owned(), Box::new(zero), Box::new(operand)))
        }
        _ => source.at(node, Form::Opaque(vec![operand])),
    }
}

/// A chain of operators leans to the left: walked in a loop, so that a long one is not deep.
fn binary(source: &Source<'_>, node: Node<'_>) -> Expression {
    let mut rights = Vec::new();
    let mut left = node;
    while left.kind() == "binary_expression" && rights.len() < 400 {
        let operator = field(left, "operator").map_or("", |operator| source.of(operator)).to_owned();
        rights.push((left, operator, field(left, "right")));
        let Some(next) = field(left, "left") else { break };
        left = next;
    }
    let mut value = expression(source, left);
    for (deep, (place, operator, right)) in rights.into_iter().rev().enumerate() {
        let right = right.map_or_else(|| source.at(place, Form::Null), |right| expression(source, right));
        let form = match value.form {
            Form::Opaque(mut all) if deep > 100 => {
                all.push(right);
                Form::Opaque(all)
            }
            form if deep > 100 => Form::Opaque(vec![Expression { form, ..value }, right]),
            form => product(&operator, Expression { form, ..value }, right),
        };
        value = source.at(place, form);
    }
    value
}

/// `5 * time.Minute` is the unit of so many.
fn product(operator: &str, left: Expression, right: Expression) -> Form {
    let (left, right) =
        if operator == "*" && is_unit(&left) && !is_unit(&right) { (right, left) } else { (left, right) };
    if operator == "*"
        && is_unit(&right)
        && let Form::Call(callee, arguments) = &right.form
        && let [only] = arguments.as_slice()
        && matches!(&only.value.form, Form::Number(number) if number == "1")
    {
        return Form::Call(callee.clone(), vec![plain(left)]);
    }
    Form::Binary(operator.to_owned(), Box::new(left), Box::new(right))
}

fn is_unit(value: &Expression) -> bool {
    match &value.form {
        Form::Call(callee, _) => matches!(&callee.form, Form::Attribute(of, unit)
            if matches!(&of.form, Form::Name(name) if name == "time") && literals::UNITS.contains(&unit.as_str())),
        _ => false,
    }
}

/// Is it a call of `Scan`, or what such a call gives?
pub(super) fn is_scan(value: &Expression) -> bool {
    match &value.form {
        Form::Call(callee, _) => match &callee.form {
            Form::Attribute(of, method) => {
                matches!(method.as_str(), "Scan" | "ScanType")
                    || (matches!(method.as_str(), "Result" | "Val") && is_scan(of))
            }
            _ => false,
        },
        _ => false,
    }
}
