//! Declarations of Go: functions, methods, types, constants and variables.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Function, Parameter, Statement, VARIANT};
use super::super::syntax::class;
use super::expressions::expression;
use super::source::{Source, children, field, fields};
use super::statements;

/// Declarations in their order; methods stand with their type.
pub(super) fn items(source: &Source<'_>, nodes: &[Node<'_>]) -> Vec<Statement> {
    let mut out = Vec::new();
    for node in nodes {
        item(source, *node, &mut out);
    }
    out
}

/// One declaration, or what an error left of several.
pub(super) fn item(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    if !source.enter(node) {
        return;
    }
    match node.kind() {
        "function_declaration" => out.push(Statement::Function(Arc::new(function(source, node, None)))),
        "method_declaration" => method(source, node, out),
        "const_declaration" => constants(source, node, out),
        "var_declaration" => variables(source, node, out),
        "type_declaration" => {
            for spec in children(node).into_iter().filter(|spec| matches!(spec.kind(), "type_spec" | "type_alias")) {
                declare(source, spec, out);
            }
        }
        "package_clause" | "import_declaration" | "comment" => {}
        "ERROR" => children(node).into_iter().for_each(|child| item(source, child, out)),
        _ => statements::step(source, node, out),
    }
    source.leave();
}

/// A function or method.
fn function(source: &Source<'_>, node: Node<'_>, receiver: Option<String>) -> Function {
    source.iterators.borrow_mut().clear();
    Function {
        name: field(node, "name").map_or("", |name| source.of(name)).to_owned(),
        receiver,
        parameters: field(node, "parameters").map_or_else(Vec::new, |list| parameters(source, list)),
        decorators: Vec::new(),
        returns: field(node, "result").and_then(|result| self::result(source, result)),
        body: field(node, "body").map_or_else(Vec::new, |body| statements::block(source, body)),
        line: source.line(node),
    }
}

fn method(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let receiver = field(node, "receiver").and_then(|list| children(list).first().copied());
    let name = receiver.and_then(|receiver| field(receiver, "name")).map_or("_", |name| source.of(name)).to_owned();
    let kind =
        receiver.and_then(|receiver| field(receiver, "type")).map_or_else(String::new, |kind| annotation(source, kind));
    let kind = kind.split('[').next().unwrap_or_default().to_owned();
    let function = function(source, node, Some(name));
    class(out, &kind, source.line(node)).body.push(Statement::Function(Arc::new(function)));
}

fn declare(source: &Source<'_>, spec: Node<'_>, out: &mut Vec<Statement>) {
    let Some((name, kind)) = field(spec, "name").zip(field(spec, "type")) else { return };
    let line = source.line(spec);
    let name = source.of(name).to_owned();
    match kind.kind() {
        "struct_type" => {
            let (mut found, mut bases) = (Vec::new(), Vec::new());
            for part in struct_fields(kind) {
                let Some(of) = field(part, "type") else { continue };
                let text = annotation(source, of);
                let names = fields(part, "name");
                if names.is_empty() {
                    let last = text.rsplit('.').next().unwrap_or(&text).to_owned();
                    bases.push(expression(source, of));
                    found.push(parameter(last, Some(text), false));
                } else {
                    found.extend(
                        names.into_iter().map(|name| parameter(source.of(name).to_owned(), Some(text.clone()), false)),
                    );
                }
            }
            let class = class(out, &name, line);
            class.fields.extend(found);
            class.bases.extend(bases);
        }
        "interface_type" => {
            let mut bases = Vec::new();
            for part in children(kind) {
                match part.kind() {
                    "type_elem" => bases.extend(children(part).into_iter().map(|base| expression(source, base))),
                    // Who gives the commands of go-redis is a client of it.
                    _ => bases.extend(
                        field(part, "result").filter(|_| bases.is_empty()).and_then(|result| client(source, result)),
                    ),
                }
            }
            class(out, &name, line).bases.extend(bases);
        }
        "type_identifier" | "qualified_type" | "generic_type" | "pointer_type" => {
            let base = expression(source, kind);
            class(out, &name, line).bases.push(base);
        }
        _ => {}
    }
}

/// `*redis.StringCmd` is what a `redis.Cmdable` gives.
fn client(source: &Source<'_>, result: Node<'_>) -> Option<Expression> {
    let kind = annotation(source, result);
    let (package, last) = kind.rsplit_once('.')?;
    let known = last.ends_with("Cmd") || matches!(last, "PubSub" | "Pipeliner");
    if !known || !package.chars().all(|char| char.is_alphanumeric() || char == '_') {
        return None;
    }
    let package = source.at(result, Form::Name(package.to_owned()));
    Some(source.at(result, Form::Attribute(Box::new(package), "Cmdable".to_owned())))
}

fn struct_fields(kind: Node<'_>) -> Vec<Node<'_>> {
    let lists = children(kind).into_iter().filter(|child| child.kind() == "field_declaration_list");
    lists.flat_map(children).filter(|child| child.kind() == "field_declaration").collect()
}

/// The names of the fields of a struct, in order.
pub(super) fn field_names(source: &Source<'_>, kind: Node<'_>) -> Vec<String> {
    let names = struct_fields(kind).into_iter().flat_map(|part| fields(part, "name"));
    names.map(|name| source.of(name).to_owned()).collect()
}

/// Constants; where nothing is written, the expression before is meant again, with the next `iota`.
fn constants(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let mut before: (Vec<Node<'_>>, Option<String>) = (Vec::new(), None);
    for (place, spec) in children(node).into_iter().filter(|child| child.kind() == "const_spec").enumerate() {
        source.iota.set(u32::try_from(place).unwrap_or(u32::MAX));
        if let Some(list) = field(spec, "value") {
            before = (children(list), field(spec, "type").map(|kind| annotation(source, kind)));
        }
        for (name, value) in fields(spec, "name").into_iter().filter(|name| name.kind() == "identifier").zip(&before.0)
        {
            let target = expression(source, name);
            let number = expression(source, *value);
            // A number that says its own name is an object of its type.
            let value = match &before.1 {
                Some(kind) if is_number(&number) && source.has_text(kind) => {
                    let kind = source.at(name, Form::Name(kind.clone()));
                    source.at(name, Form::Construct(Box::new(kind), vec![(VARIANT.to_owned(), number)]))
                }
                _ => number,
            };
            out.push(Statement::Assign { target, annotation: before.1.clone(), value: Some(value) });
        }
    }
}

/// `iota`, `iota + 1`, `1 << iota`.
fn is_number(value: &Expression) -> bool {
    match &value.form {
        Form::Number(_) => true,
        Form::Binary(_, a, b) => {
            [a, b].into_iter().all(|side| matches!(side.form, Form::Number(_) | Form::Binary(..)) && is_number(side))
        }
        _ => false,
    }
}

fn variables(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let mut specs = children(node);
    if let [list] = specs.as_slice()
        && list.kind() == "var_spec_list"
    {
        specs = children(*list);
    }
    for spec in specs.into_iter().filter(|spec| spec.kind() == "var_spec") {
        let targets: Vec<Expression> = fields(spec, "name").into_iter().map(|name| expression(source, name)).collect();
        let kind = field(spec, "type").map(|kind| annotation(source, kind));
        statements::bind(source, spec, (targets, statements::list(source, spec, "value")), kind.as_deref(), out);
    }
}

fn parameter(name: String, annotation: Option<String>, rest: bool) -> Parameter {
    Parameter { name, annotation, default: None, by_name: false, rest }
}

/// Parameters, each with its type.
pub(super) fn parameters(source: &Source<'_>, list: Node<'_>) -> Vec<Parameter> {
    let mut found = Vec::new();
    for node in children(list) {
        let kind = field(node, "type").map(|kind| annotation(source, kind));
        let rest = node.kind() == "variadic_parameter_declaration";
        let names = fields(node, "name");
        if names.is_empty() {
            found.push(parameter("_".to_owned(), kind.clone(), rest));
        }
        found.extend(names.into_iter().map(|name| parameter(source.of(name).to_owned(), kind.clone(), rest)));
    }
    found
}

/// A type as text, pointers taken off.
pub(super) fn annotation(source: &Source<'_>, kind: Node<'_>) -> String {
    let mut kind = kind;
    while matches!(kind.kind(), "pointer_type" | "parenthesized_type") {
        let Some(inner) = children(kind).first().copied() else { break };
        kind = inner;
    }
    source.of(kind).to_owned()
}

/// What a function gives, its error or flag left out: a type, if it is one.
pub(super) fn result(source: &Source<'_>, node: Node<'_>) -> Option<String> {
    if node.kind() != "parameter_list" {
        return Some(annotation(source, node)).filter(|kind| kind != "error");
    }
    let all = results(source, node);
    let kept = if all.last().is_some_and(|last| is_extra(last)) { all.len() - 1 } else { all.len() };
    all.into_iter().next().filter(|_| kept == 1)
}

fn results(source: &Source<'_>, list: Node<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for node in children(list) {
        let kind = field(node, "type").map_or_else(String::new, |kind| annotation(source, kind));
        all.extend(std::iter::repeat_n(kind, fields(node, "name").len().max(1)));
    }
    all
}

fn is_extra(kind: &str) -> bool {
    matches!(kind, "error" | "bool")
}

/// Does the function around give an error or a flag beside its result?
pub(super) fn returns_extra(source: &Source<'_>, node: Node<'_>) -> bool {
    let mut around = node.parent();
    while let Some(node) = around {
        if matches!(node.kind(), "function_declaration" | "method_declaration" | "func_literal") {
            let result = field(node, "result").filter(|result| result.kind() == "parameter_list");
            return result.is_some_and(|result| results(source, result).last().is_some_and(|last| is_extra(last)));
        }
        around = node.parent();
    }
    false
}
