//! Expressions of Rust. What holds statements (`if`, `match`, blocks) is put before the statement it stands in.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Function, Statement};
use super::source::{Source, children, choice, field, like, plain};
use super::{blocks, calls, items, macros, paths, text, types};

/// Statements that come before the one that an expression stands in.
pub(super) type Before = Vec<Statement>;

/// An expression.
pub(super) fn expression(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    if !source.enter(node) {
        return source.at(node, Form::Opaque(Vec::new()));
    }
    let lowered = lower(source, node, before);
    source.leave();
    lowered
}

/// The child of a field, or nothing.
pub(super) fn part(source: &Source<'_>, node: Node<'_>, name: &str, before: &mut Before) -> Expression {
    field(node, name).map_or_else(|| source.at(node, Form::Null), |child| expression(source, child, before))
}

fn lower(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    match node.kind() {
        "string_literal" | "raw_string_literal" | "char_literal" => {
            source.at(node, Form::Text(text::literal(source.of(node))))
        }
        "integer_literal" | "float_literal" => source.at(node, Form::Number(text::number(source.of(node)))),
        "negative_literal" => {
            source.at(node, Form::Number(format!("-{}", text::number(source.of(node).trim_start_matches('-')))))
        }
        "boolean_literal" => source.at(node, Form::Flag(source.of(node) == "true")),
        "unit_expression" => source.at(node, Form::Null),
        "identifier"
        | "type_identifier"
        | "shorthand_field_identifier"
        | "self"
        | "super"
        | "crate"
        | "metavariable" => name(source, node),
        "scoped_identifier" | "scoped_type_identifier" => path(source, node, before),
        "generic_function" => part(source, node, "function", before),
        "generic_type" | "generic_type_with_turbofish" => {
            children(node).first().map_or_else(|| name(source, node), |inner| expression(source, *inner, before))
        }
        "bracketed_type" => source.at(node, Form::Name(bracketed(source, node))),
        "field_expression" => {
            let value = part(source, node, "value", before);
            let field = field(node, "field").map_or("", |field| source.of(field));
            source.at(node, Form::Attribute(Box::new(value), field.to_owned()))
        }
        "call_expression" => Expression { line: calls::line(source, node), ..calls::call(source, node, before) },
        "macro_invocation" => macros::expression(source, node, before),
        "closure_expression" => closure(source, node),
        "if_expression" | "match_expression" | "loop_expression" | "while_expression" | "for_expression" => {
            blocks::hoist(source, node, before)
        }
        "block" | "unsafe_block" | "async_block" | "const_block" | "gen_block" | "try_block" => {
            blocks::inline(source, node, before)
        }
        "struct_expression" => construct(source, node, before),
        "tuple_expression" | "array_expression" => list(source, node, before),
        "reference_expression" | "type_cast_expression" => part(source, node, "value", before),
        "await_expression" | "try_expression" | "parenthesized_expression" => children(node)
            .first()
            .map_or_else(|| source.at(node, Form::Null), |inner| expression(source, *inner, before)),
        "unary_expression" => unary(source, node, before),
        "binary_expression" => binary(source, node, before),
        "index_expression" => index(source, node, before),
        "assignment_expression"
        | "compound_assignment_expr"
        | "return_expression"
        | "break_expression"
        | "continue_expression" => {
            blocks::step(source, node, before);
            source.at(node, Form::Null)
        }
        _ => opaque(source, node, before),
    }
}

/// What is not known, with what is inside.
pub(super) fn opaque(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let inside = children(node).into_iter().map(|child| expression(source, child, before)).collect();
    source.at(node, Form::Opaque(inside))
}

fn name(source: &Source<'_>, node: Node<'_>) -> Expression {
    let text = source.of(node);
    let form = match text {
        "None" => Form::Null,
        "Self" => Form::Name(source.owner.clone().unwrap_or_else(|| text.to_owned())),
        _ => Form::Name(text.trim_start_matches("r#").to_owned()),
    };
    source.at(node, form)
}

fn path(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    if let Some(found) = paths::name(source, node) {
        return found;
    }
    let last = field(node, "name").map_or("", |name| source.of(name)).to_owned();
    match field(node, "path") {
        Some(first) => {
            let begins = first.kind() == "identifier";
            let mut first = expression(source, first, before);
            if begins && let Form::Name(name) = &mut first.form {
                *name = paths::root(source, name);
            }
            source.at(node, Form::Attribute(Box::new(first), last))
        }
        None => source.at(node, Form::Name(last)),
    }
}

/// `<T as Trait>`: the name of `T`.
fn bracketed(source: &Source<'_>, node: Node<'_>) -> String {
    let inner = children(node).first().copied().unwrap_or(node);
    let inner = field(inner, "type").unwrap_or(inner);
    let name = types::name(source, inner);
    if name == "Self" { source.owner.clone().unwrap_or(name) } else { name }
}

fn closure(source: &Source<'_>, node: Node<'_>) -> Expression {
    let (parameters, mut body) =
        field(node, "parameters").map_or_else(Default::default, |list| items::parameters(source, list).1);
    if let Some(inside) = field(node, "body") {
        body.extend(blocks::body(source, inside));
    }
    let function = Function {
        name: String::new(),
        receiver: None,
        parameters,
        decorators: Vec::new(),
        returns: field(node, "return_type").map(|kind| types::annotation(source, kind)),
        body,
        line: source.line(node),
    };
    source.at(node, Form::Closure(Arc::new(function)))
}

fn construct(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let name = part(source, node, "name", before);
    let mut fields = Vec::new();
    for init in field(node, "body").map(children).unwrap_or_default() {
        match init.kind() {
            "shorthand_field_initializer" => {
                let Some(inner) = children(init).into_iter().rfind(|child| child.kind() == "identifier") else {
                    continue;
                };
                fields.push((source.of(inner).to_owned(), expression(source, inner, before)));
            }
            "field_initializer" => {
                let label = field(init, "field").or_else(|| field(init, "name")).map_or("", |label| source.of(label));
                fields.push((label.to_owned(), part(source, init, "value", before)));
            }
            _ => {
                let base = children(init).first().map(|base| expression(source, *base, before));
                before.extend(base.map(Statement::Evaluate));
            }
        }
    }
    source.at(node, Form::Construct(Box::new(name), fields))
}

fn list(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let mut elements = children(node);
    elements.retain(|child| child.kind() != "attribute_item");
    if let Some(length) = field(node, "length") {
        elements.retain(|child| child.id() != length.id());
    }
    let elements = elements.into_iter().map(|child| expression(source, child, before)).collect();
    source.at(node, Form::List(elements))
}

fn unary(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let Some(inner) = children(node).first().map(|inner| expression(source, *inner, before)) else {
        return source.at(node, Form::Null);
    };
    match (source.of(node).chars().next(), &inner.form) {
        (Some('*'), _) => inner,
        (Some('-'), Form::Number(number)) => source.at(node, Form::Number(format!("-{number}"))),
        (Some('-'), _) => {
            let zero = source.at(node, Form::Number("0".to_owned()));
            source.at(node, Form::Binary("-".to_owned(), Box::new(zero), Box::new(inner)))
        }
        _ => source.at(node, Form::Opaque(vec![inner])),
    }
}

fn binary(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    // A chain of `+` leans to the left: walked in a loop, so that a long one is not deep.
    let mut rights = Vec::new();
    let mut left = node;
    while left.kind() == "binary_expression" && rights.len() < 400 {
        let operator = field(left, "operator").map_or("", |operator| source.of(operator)).to_owned();
        rights.push((left, operator, field(left, "right")));
        let Some(next) = field(left, "left") else { break };
        left = next;
    }
    let mut value = expression(source, left, before);
    let mut deep = 0;
    for (place, operator, right) in rights.into_iter().rev() {
        let right = right.map_or_else(|| source.at(place, Form::Null), |right| expression(source, right, before));
        deep += 1;
        let form = match value {
            // Far down, text that is put together is kept flat.
            Expression { form: Form::Opaque(mut all), .. } if deep > 100 => {
                all.push(right);
                Form::Opaque(all)
            }
            value if deep > 100 => Form::Opaque(vec![value, right]),
            value => Form::Binary(operator, Box::new(value), Box::new(right)),
        };
        value = source.at(place, form);
    }
    value
}

fn index(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let mut parts = children(node).into_iter();
    let Some(of) = parts.next().map(|of| expression(source, of, before)) else { return source.at(node, Form::Null) };
    let Some(by) = parts.next() else { return of };
    // A slice of a whole (`&args[..]`) is the whole; other slices are unknown.
    if by.kind() == "range_expression" {
        return if source.of(by).trim() == ".." { of } else { source.at(node, Form::Opaque(vec![of])) };
    }
    let by = expression(source, by, before);
    source.at(node, Form::Index(Box::new(of), Box::new(by)))
}

/// What a closure gives when called at once, its body put before the statement.
pub(super) fn run(function: &Expression, arguments: Vec<Expression>, before: &mut Before) -> Expression {
    if let Form::Closure(closure) = &function.form
        && arguments.is_empty()
        && let Some((Statement::Return(Some(value)), first)) = closure.body.split_last()
    {
        before.extend(first.iter().cloned());
        return value.clone();
    }
    like(function, Form::Call(Box::new(function.clone()), arguments.into_iter().map(plain).collect()))
}

/// One of two.
pub(super) fn either(place: &Expression, first: Expression, second: Expression) -> Expression {
    like(place, choice(vec![first, second]))
}
