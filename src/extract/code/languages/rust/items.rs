//! Items of Rust: functions, types with their methods, constants, modules, `use`.

use std::sync::Arc;

use tree_sitter::Node;

use super::super::super::program::{Class, Expression, Form, Function, Parameter, Statement, VARIANT};
use super::super::syntax::class;
use super::source::{Source, children, field, plain};
use super::{blocks, expressions, macros, paths, patterns, types, written};

/// Is it an item, which is known in all of its block?
pub(super) fn is_item(kind: &str) -> bool {
    matches!(
        kind,
        "function_item"
            | "function_signature_item"
            | "struct_item"
            | "union_item"
            | "enum_item"
            | "impl_item"
            | "trait_item"
            | "mod_item"
            | "const_item"
            | "static_item"
            | "use_declaration"
            | "type_item"
            | "macro_definition"
            | "extern_crate_declaration"
            | "foreign_mod_item"
            | "attribute_item"
            | "inner_attribute_item"
    )
}

/// Items in their order; all `impl` of a type are one class with it.
pub(super) fn items(source: &Source<'_>, nodes: &[Node<'_>]) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    let mut attributes: Vec<Node<'_>> = Vec::new();
    for node in nodes {
        if node.kind() == "attribute_item" {
            attributes.push(*node);
            continue;
        }
        if source.enter(*node) {
            item(source, *node, &attributes, &mut out);
            source.leave();
        }
        attributes.clear();
    }
    out
}

fn item(source: &Source<'_>, node: Node<'_>, attributes: &[Node<'_>], out: &mut Vec<Statement>) {
    match node.kind() {
        "function_item" | "function_signature_item" => {
            out.push(Statement::Function(Arc::new(function(source, node, attributes))))
        }
        "const_item" | "static_item" => out.extend(constant(source, node)),
        "struct_item" | "union_item" | "enum_item" | "trait_item" => declare(source, node, out),
        "impl_item" => implement(source, node, out),
        "mod_item" => {
            let Some((name, list)) = field(node, "name").zip(field(node, "body")) else {
                return paths::module(source, node);
            };
            let inner = Source { modules: source.modules + 1, ..source.within(None, Vec::new()) };
            let mut body = items(&inner, &children(list));
            if attributes.iter().any(|attribute| source.of(*attribute).contains("cfg(test)")) {
                mark_tests(source, &mut body, attributes);
            }
            let class = class(out, source.of(name), source.line(node));
            class.body.extend(body);
        }
        "use_declaration" => paths::imports(source, node),
        "macro_invocation" => out.extend(macros::items(source, node)),
        // Between errors, what can be read is read.
        "expression_statement" | "let_declaration" | "ERROR" => {
            let nodes = if node.kind() == "ERROR" { children(node) } else { vec![node] };
            let value = blocks::statements(source, &nodes, out);
            out.extend(value.map(Statement::Evaluate));
        }
        _ => {}
    }
}

/// What stands in `#[cfg(test)]` says so on each function.
fn mark_tests(source: &Source<'_>, body: &mut [Statement], attributes: &[Node<'_>]) {
    for statement in body {
        match statement {
            Statement::Function(function) => Arc::make_mut(function).decorators.extend(decorators(source, attributes)),
            Statement::Class(class) => mark_tests(source, &mut class.body, attributes),
            _ => {}
        }
    }
}

fn declare(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let Some(name) = field(node, "name").map(|name| source.of(name).to_owned()) else { return };
    let inner = source.within(Some(name.clone()), types::bounds(source, node));
    let mut fields = Vec::new();
    let mut body = Vec::new();
    for part in field(node, "body").map(children).unwrap_or_default() {
        match part.kind() {
            "field_declaration" => {
                let label = field(part, "name").map_or("", |label| source.of(label)).to_owned();
                fields.push(parameter(label, field(part, "type").map(|kind| types::annotation(&inner, kind))));
            }
            "enum_variant" => variant(&inner, &name, part, &mut body),
            "attribute_item" | "visibility_modifier" => {}
            kind if is_item(kind) => body.extend(items(&inner, &[part])),
            _ if node.kind() == "struct_item" => {
                fields.push(parameter(fields.len().to_string(), Some(types::annotation(&inner, part))));
            }
            _ => {}
        }
    }
    let bases = field(node, "bounds").map(children).unwrap_or_default();
    let bases: Vec<Expression> = bases
        .into_iter()
        .filter(|base| base.kind() != "lifetime")
        .map(|base| source.at(base, Form::Name(types::name(source, base))))
        .collect();
    let class = class(out, &name, source.line(node));
    class.fields.extend(fields);
    class.bases.extend(bases);
    class.body.extend(body);
}

/// A variant without fields is a value of its enum; one with fields a class of such values.
fn variant(source: &Source<'_>, owner: &str, node: Node<'_>, out: &mut Vec<Statement>) {
    let Some(name) = field(node, "name") else { return };
    let target = source.at(name, Form::Name(source.of(name).to_owned()));
    let word = source.at(name, Form::Text(source.of(name).to_owned()));
    let of = source.at(node, Form::Name(owner.to_owned()));
    let assign = |target, value| Statement::Assign { target, annotation: None, value: Some(value) };
    let Some(body) = field(node, "body") else {
        let made = Form::Construct(Box::new(of), vec![(VARIANT.to_owned(), word)]);
        return out.push(assign(target, source.at(node, made)));
    };
    let mut fields = Vec::new();
    for part in children(body) {
        match part.kind() {
            "field_declaration" => {
                let label = field(part, "name").map_or("", |label| source.of(label)).to_owned();
                fields.push(parameter(label, field(part, "type").map(|kind| types::annotation(source, kind))));
            }
            "attribute_item" | "visibility_modifier" => {}
            _ => {
                let label = format!("{}.{}", source.of(name), fields.len());
                fields.push(parameter(label, Some(types::annotation(source, part))));
            }
        }
    }
    // `Bus(Box<Bus>)`: inside the enum the name is that of the type.
    let variant = source.of(name);
    let is_type =
        |kind: &str| kind.split(|char: char| !(char.is_alphanumeric() || char == '_')).any(|word| word == variant);
    if fields.iter().any(|field: &Parameter| field.annotation.as_deref().is_some_and(is_type)) {
        return;
    }
    // No type of the program has such a name: a variant may be called like the type that it holds.
    let class = format!("{owner}::{}", source.of(name));
    let says = assign(source.at(name, Form::Name(VARIANT.to_owned())), word);
    let line = source.line(node);
    out.push(Statement::Class(Class { name: class.clone(), bases: vec![of], fields, body: vec![says], line }));
    let class = source.at(name, Form::Name(class));
    out.push(assign(target, class));
}

fn implement(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let Some(kind) = field(node, "type") else { return };
    let name = types::name(source, kind);
    let inner = source.within(Some(name.clone()), types::bounds(source, node));
    let mut body = items(&inner, &field(node, "body").map(children).unwrap_or_default());
    let base = field(node, "trait").map(|base| (base, types::name(source, base)));
    if base.as_ref().is_some_and(|(_, base)| base == "Display") {
        written::display(&mut body);
    }
    let class = class(out, &name, source.line(node));
    class.bases.extend(base.map(|(base, name)| source.at(base, Form::Name(name))));
    class.body.extend(body);
}

fn constant(source: &Source<'_>, node: Node<'_>) -> Option<Statement> {
    let name = field(node, "name")?;
    let mut before = Vec::new();
    let value = field(node, "value").map(|value| expressions::expression(source, value, &mut before));
    let annotation = field(node, "type").map(|kind| types::annotation(source, kind));
    let value = value.map(|value| lazy(value, &mut before));
    Some(Statement::Assign { target: source.at(name, Form::Name(source.of(name).to_owned())), annotation, value })
}

/// `LazyLock::new(|| value)` is the value.
fn lazy(value: Expression, before: &mut expressions::Before) -> Expression {
    if let Form::Call(callee, arguments) = &value.form
        && let Form::Attribute(of, method) = &callee.form
        && method == "new"
        && let Form::Name(kind) | Form::Attribute(_, kind) = &of.form
        && matches!(kind.as_str(), "LazyLock" | "Lazy" | "LazyCell" | "OnceCell" | "OnceLock")
        && let [only] = arguments.as_slice()
    {
        return expressions::run(&only.value, Vec::new(), before);
    }
    value
}

/// A function or method.
pub(super) fn function(source: &Source<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> Function {
    let inner = source.within(None, types::bounds(source, node));
    let (mut parameters, mut body) = (Vec::new(), Vec::new());
    let mut receiver = None;
    if let Some(list) = field(node, "parameters") {
        let found = self::parameters(&inner, list);
        receiver = found.0;
        (parameters, body) = found.1;
    }
    if let Some(block) = field(node, "body") {
        body.extend(blocks::body(&inner, block));
    }
    let returns = field(node, "return_type").map(|kind| types::annotation(&inner, kind));
    let name = field(node, "name").map_or("", |name| source.of(name)).to_owned();
    let body = written::commands(body);
    Function {
        name,
        receiver,
        parameters,
        decorators: decorators(source, attributes),
        returns,
        body,
        line: source.line(node),
    }
}

fn decorators(source: &Source<'_>, attributes: &[Node<'_>]) -> Vec<Expression> {
    let said = attributes.iter().filter_map(|attribute| {
        let inside = children(*attribute).first().copied()?;
        let path = children(inside).first().copied()?;
        let name = source.at(path, Form::Name(source.of(path).replace("::", ".")));
        let Some(arguments) = field(inside, "arguments") else { return Some(name) };
        let said = source.of(arguments).trim_matches(['(', ')']).to_owned();
        let said = plain(source.at(arguments, Form::Text(said)));
        Some(source.at(inside, Form::Call(Box::new(name), vec![said])))
    });
    said.collect()
}

fn parameter(name: String, annotation: Option<String>) -> Parameter {
    Parameter { name, annotation, default: None, by_name: false, rest: false }
}

/// The receiver; parameters by name, and the statements that take patterns apart.
#[allow(clippy::type_complexity, reason = "used twice, next to each other")]
pub(super) fn parameters(source: &Source<'_>, list: Node<'_>) -> (Option<String>, (Vec<Parameter>, Vec<Statement>)) {
    let (mut receiver, mut found, mut first) = (None, Vec::new(), Vec::new());
    for node in children(list) {
        match node.kind() {
            "self_parameter" => receiver = Some("self".to_owned()),
            "attribute_item" => {}
            "parameter" => {
                let annotation = field(node, "type").map(|kind| types::annotation(source, kind));
                let Some(pattern) = field(node, "pattern") else { continue };
                if pattern.kind() == "self" {
                    receiver = Some("self".to_owned());
                    continue;
                }
                take(source, pattern, annotation, &mut found, &mut first);
            }
            _ => take(source, node, None, &mut found, &mut first),
        }
    }
    (receiver, (found, first))
}

fn take(
    source: &Source<'_>,
    pattern: Node<'_>,
    annotation: Option<String>,
    found: &mut Vec<Parameter>,
    first: &mut Vec<Statement>,
) {
    let target = patterns::target(source, pattern);
    if let Form::Name(name) = &target.form
        && pattern.kind() != "struct_pattern"
    {
        found.push(parameter(name.clone(), annotation));
        return;
    }
    let name = format!("argument {}", found.len());
    let value = source.at(pattern, Form::Name(name.clone()));
    found.push(parameter(name, annotation));
    patterns::bind(source, pattern, None, &value, first);
}
