//! Macros of Rust: what stands in them is parsed by itself and moved back to its place.

use std::cell::Cell;

use tree_sitter::{Node, Parser, Tree};

use super::super::super::program::{Expression, Form, Piece, Statement};
use super::expressions::Before;
use super::source::{Source, children, plain};
use super::{blocks, expressions, items as item, text};

/// Macros that tell people something: what is called in them counts, what they give does not.
const TOLD: &[&str] = &[
    "println",
    "eprintln",
    "print",
    "eprint",
    "log",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "panic",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "todo",
    "unimplemented",
    "unreachable",
    "bail",
    "ensure",
    "anyhow",
    "span",
    "event",
    "matches",
];

/// The name of a macro, without its path.
fn name<'t>(source: &Source<'t>, node: Node<'_>) -> &'t str {
    let full = node.child_by_field_name("macro").map_or("", |name| source.of(name));
    full.rsplit("::").next().unwrap_or(full).trim()
}

/// The token tree of a macro: where the inside begins, and its text.
fn inside<'t>(source: &Source<'t>, node: Node<'_>) -> Option<(usize, u32, &'t str)> {
    let tokens = children(node).into_iter().find(|child| child.kind() == "token_tree")?;
    let range = tokens.start_byte() + 1..tokens.end_byte().saturating_sub(1);
    Some((range.start, source.line(tokens) - 1, source.text.get(range)?))
}

fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).ok()?;
    parser.parse(text, None)
}

/// Reads `before inside after` as Rust and hands the tree over with a source that knows the true places. `inside` starts at
/// this byte and row of the surrounding source.
fn read<T>(
    outer: &Source<'_>,
    (start, row): (usize, u32),
    (before, inside, after): (&str, &str, &str),
    then: impl FnOnce(&Source<'_>, Node<'_>) -> T,
) -> Option<T> {
    let whole = format!("{before}{inside}{after}");
    let tree = parse(&whole)?;
    let offset = |bytes: usize| i64::try_from(bytes).unwrap_or(0);
    let source = Source {
        text: &whole,
        shift: outer.shift + offset(start) - offset(before.len()),
        rows: row,
        depth: Cell::new(outer.depth.get() + 2),
        all: outer.all,
        modules: outer.modules,
        owner: outer.owner.clone(),
        bounds: outer.bounds.clone(),
    };
    Some(then(&source, tree.root_node()))
}

/// The arguments of a macro as expressions, if they can be read as a list of them.
fn arguments(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Option<Vec<Expression>> {
    let (start, row, text) = inside(source, node)?;
    list(source, start, row, text, before)
}

fn list(source: &Source<'_>, start: usize, row: u32, text: &str, before: &mut Before) -> Option<Vec<Expression>> {
    read(source, (start, row), ("fn f(){[", text, "];}"), |source, root| {
        if root.has_error() {
            return None;
        }
        let mut node = root;
        while node.kind() != "array_expression" {
            node = children(node).into_iter().next_back()?;
        }
        let length = node.child_by_field_name("length").map(|length| length.id());
        let elements =
            children(node).into_iter().filter(|child| Some(child.id()) != length && child.kind() != "attribute_item");
        Some(elements.map(|child| argument(source, child, before)).collect())
    })?
}

/// `name = value` is kept as a binary `=`, so that format strings find it.
fn argument(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    if node.kind() != "assignment_expression" {
        return expressions::expression(source, node, before);
    }
    let left = expressions::part(source, node, "left", before);
    let right = expressions::part(source, node, "right", before);
    source.at(node, Form::Binary("=".to_owned(), Box::new(left), Box::new(right)))
}

/// A macro that gives a value.
pub(super) fn expression(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    if !source.enter(node) {
        return source.at(node, Form::Opaque(Vec::new()));
    }
    let form = form(source, node, before);
    source.leave();
    source.at(node, form)
}

fn form(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Form {
    let name = name(source, node);
    let found = match name {
        "hashmap" | "btreemap" | "indexmap" | "phf_map" | "phf_ordered_map" => return map(source, node, before),
        "select" | "try_join" | "join" | "cfg_if" => None,
        _ => arguments(source, node, before),
    };
    let Some(mut arguments) = found else {
        steps(source, node, before);
        return Form::Opaque(Vec::new());
    };
    match name {
        "format" | "format_args" | "formatcp" | "concatcp" | "format_compact" | "eformat" => {
            formatted(source, node, arguments)
        }
        "concat" | "const_str_concat" => Form::Template(arguments.into_iter().map(Piece::Value).collect()),
        "vec" | "smallvec" | "array" | "bytes" => Form::List(arguments),
        "dbg" | "black_box" if arguments.len() == 1 => arguments.remove(0).form,
        "write" | "writeln" => Form::Opaque(arguments),
        "json" => Form::Opaque(arguments),
        _ if TOLD.contains(&name) => Form::Opaque(arguments.into_iter().map(unnamed).collect()),
        _ => {
            let callee = source.at(node, Form::Name(format!("{name}!")));
            Form::Call(Box::new(callee), arguments.into_iter().map(plain).collect())
        }
    }
}

fn unnamed(value: Expression) -> Expression {
    match value.form {
        Form::Binary(operator, _, right) if operator == "=" => *right,
        form => Expression { form, ..value },
    }
}

/// A format string with its arguments.
fn formatted(source: &Source<'_>, node: Node<'_>, mut arguments: Vec<Expression>) -> Form {
    if arguments.is_empty() {
        return Form::Text(String::new());
    }
    let first = arguments.remove(0);
    let format = match first.form {
        Form::Text(format) => format,
        Form::Template(pieces) if pieces.iter().all(is_text) => pieces.iter().map(text_of).collect(),
        form => {
            arguments.insert(0, Expression { form, ..first });
            return Form::Opaque(arguments);
        }
    };
    let mut places = Vec::new();
    let mut named: Vec<(String, Expression)> = Vec::new();
    for value in arguments {
        match value.form {
            Form::Binary(operator, left, right) if operator == "=" => {
                if let Form::Name(name) = left.form {
                    named.push((name, *right));
                }
            }
            form => places.push(Expression { form, ..value }),
        }
    }
    let look_up = |name: &str| {
        let given = named.iter().find(|(label, _)| label == name).map(|(_, value)| value.clone());
        given.unwrap_or_else(|| source.at(node, Form::Name(name.to_owned())))
    };
    Form::Template(text::template(&format, &places, &look_up))
}

fn is_text(piece: &Piece) -> bool {
    matches!(piece, Piece::Text(_) | Piece::Value(Expression { form: Form::Text(_) | Form::Number(_), .. }))
}

fn text_of(piece: &Piece) -> &str {
    match piece {
        Piece::Text(text) | Piece::Value(Expression { form: Form::Text(text) | Form::Number(text), .. }) => text,
        Piece::Value(_) => "",
    }
}

/// `write!(x, ...)` and `writeln!`: a text that grows.
pub(super) fn grows(source: &Source<'_>, node: Node<'_>) -> bool {
    matches!(name(source, node), "write" | "writeln")
}

/// What `write!(x, ...)` does.
pub(super) fn growth(source: &Source<'_>, node: Node<'_>) -> Vec<Statement> {
    let mut steps = Vec::new();
    let Some(mut arguments) = arguments(source, node, &mut steps) else { return steps };
    if arguments.len() < 2 {
        return steps;
    }
    let target = arguments.remove(0);
    let value = source.at(node, formatted(source, node, arguments));
    steps.push(Statement::Augment { target, operator: "+".to_owned(), value });
    steps
}

fn map(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Form {
    let Some((start, row, text)) = inside(source, node) else { return Form::Opaque(Vec::new()) };
    let flat = at_top(text, &[("=>", ", ")]);
    let Some(values) = list(source, start, row, &flat, before) else {
        steps(source, node, before);
        return Form::Opaque(Vec::new());
    };
    let pairs = values.chunks_exact(2).map(|pair| (pair.first().cloned(), pair.last().cloned()));
    Form::Map(pairs.filter_map(|(name, value)| value.map(|value| (name, value))).collect())
}

/// What cannot be read as arguments is read as statements: nothing that is called in it is lost.
fn steps(source: &Source<'_>, node: Node<'_>, before: &mut Before) {
    let Some((start, row, text)) = inside(source, node) else { return };
    let flat = at_top(text, &[("=>", "; "), (",", ";")]);
    read(source, (start, row), ("fn f(){", &flat, ";}"), |source, root| {
        let function = children(root).into_iter().next();
        let Some(block) = function.and_then(|function| function.child_by_field_name("body")) else { return };
        let value = blocks::statements(source, &children(block), before);
        before.extend(value.map(Statement::Evaluate));
    });
}

/// Items that a macro holds: `lazy_static!`, `thread_local!`, `cfg_if!`. Of other macros, their call.
pub(super) fn items(source: &Source<'_>, node: Node<'_>) -> Vec<Statement> {
    let name = name(source, node);
    if !matches!(name, "lazy_static" | "thread_local") {
        let mut before = Vec::new();
        let value = expression(source, node, &mut before);
        before.push(Statement::Evaluate(value));
        return before;
    }
    let Some((start, row, text)) = inside(source, node) else { return Vec::new() };
    let plain = text.replace("static ref", "static    ");
    read(source, (start, row), ("", &plain, ";"), |source, root| item::items(source, &children(root)))
        .unwrap_or_default()
}

/// Replaces texts of one length by others of that length, outside brackets and strings.
fn at_top(text: &str, table: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if !quoted
            && depth == 0
            && let Some((from, to)) = table.iter().find(|(from, _)| rest.starts_with(from))
        {
            out.push_str(to);
            rest = rest.get(from.len()..).unwrap_or("");
            continue;
        }
        let mut length = char.len_utf8();
        match char {
            '"' => quoted = !quoted,
            '\\' if quoted => length += rest.chars().nth(1).map_or(0, char::len_utf8),
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        out.push_str(rest.get(..length).unwrap_or(""));
        rest = rest.get(length..).unwrap_or("");
    }
    out
}
