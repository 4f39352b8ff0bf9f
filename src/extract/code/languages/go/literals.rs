//! Literals of Go: texts, numbers, units of time, and composite literals of structs, maps and slices.

use tree_sitter::Node;

use super::super::super::program::{Argument, Expression, Form, Statement};
use super::expressions::expression;
use super::source::{Source, children, field, plain};

/// Units of the package `time`.
pub(super) const UNITS: &[&str] = &["Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour"];

/// `time.Second` alone is one second: a call of the unit with how many.
pub(super) fn unit_of_time(package: &Expression, name: &str, place: Expression) -> Option<Expression> {
    if !matches!(&package.form, Form::Name(package) if package == "time") || !UNITS.contains(&name) {
        return None;
    }
    let callee = Expression { form: Form::Attribute(Box::new(package.clone()), name.to_owned()), ..place.clone() };
    let one = Expression { form: Form::Number("1".to_owned()), ..place.clone() };
    Some(Expression { form: Form::Call(Box::new(callee), vec![plain(one)]), ..place })
}

/// The text of a string, raw or not, or of a rune.
pub(super) fn text(written: &str) -> String {
    if let Some(raw) = written.strip_prefix('`') {
        return raw.strip_suffix('`').unwrap_or(raw).replace('\r', "");
    }
    let quote = if written.starts_with('\'') { '\'' } else { '"' };
    let inner = written.strip_prefix(quote).unwrap_or(written);
    let mut chars = inner.strip_suffix(quote).unwrap_or(inner).chars().peekable();
    let mut out = String::with_capacity(inner.len());
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        let digits = |chars: &mut dyn Iterator<Item = char>, count, radix, first: Option<char>| {
            let text: String = first.into_iter().chain(chars.take(count)).collect();
            u32::from_str_radix(&text, radix).ok().and_then(char::from_u32)
        };
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('x') => out.extend(digits(&mut chars, 2, 16, None)),
            Some('u') => out.extend(digits(&mut chars, 4, 16, None)),
            Some('U') => out.extend(digits(&mut chars, 8, 16, None)),
            Some(octal @ '0'..='7') => out.extend(digits(&mut chars, 2, 8, Some(octal))),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// A number without separators.
pub(super) fn number(written: &str) -> String {
    written.chars().filter(|char| *char != '_').collect()
}

/// What the elements of a literal are made of.
#[derive(Clone, Copy)]
enum Made<'n> {
    /// A list of such elements.
    List(Option<Node<'n>>),
    /// A map with such values.
    Map(Option<Node<'n>>),
    /// A struct of a named type.
    Struct(Node<'n>),
    /// A struct whose type is written here.
    Fields(Node<'n>),
}

/// `T{...}`.
pub(super) fn composite(source: &Source<'_>, node: Node<'_>) -> Expression {
    let Some((kind, body)) = field(node, "type").zip(field(node, "body")) else {
        return source.at(node, Form::Opaque(Vec::new()));
    };
    made(source, node, body, of_type(kind))
}

fn of_type(kind: Node<'_>) -> Made<'_> {
    match kind.kind() {
        "slice_type" | "array_type" | "implicit_length_array_type" => Made::List(field(kind, "element")),
        "map_type" => Made::Map(field(kind, "value")),
        "struct_type" => Made::Fields(kind),
        "pointer_type" | "parenthesized_type" => {
            children(kind).first().map_or(Made::Struct(kind), |inner| of_type(*inner))
        }
        "generic_type" => field(kind, "type").map_or(Made::Struct(kind), Made::Struct),
        _ => Made::Struct(kind),
    }
}

fn made(source: &Source<'_>, place: Node<'_>, body: Node<'_>, made: Made<'_>) -> Expression {
    let parts = children(body);
    let form = match made {
        Made::List(element) => {
            let elements = parts.into_iter().map(|part| match part.kind() {
                "keyed_element" => field(part, "value")
                    .map_or_else(|| source.at(part, Form::Null), |value| inner(source, value, element)),
                _ => inner(source, part, element),
            });
            Form::List(elements.collect())
        }
        Made::Map(value) => {
            let pairs = parts.into_iter().filter_map(|part| {
                let name = inner(source, field(part, "key")?, None);
                Some((Some(name), inner(source, field(part, "value")?, value)))
            });
            Form::Map(pairs.collect())
        }
        Made::Struct(kind) => {
            let known = source.fields.get(source.of(kind)).map_or(&[][..], Vec::as_slice);
            let name = expression(source, kind);
            let given = values(source, parts, known);
            // redigo makes pools and subscriptions by literals.
            if matches!(&name.form, Form::Attribute(_, kind) if kind == "Pool" || kind == "PubSubConn") {
                let arguments = given.into_iter().map(|(label, value)| Argument {
                    name: Some(label),
                    value: dialled(value),
                    spread: false,
                });
                return source.at(place, Form::Call(Box::new(name), arguments.collect()));
            }
            Form::Construct(Box::new(name), given)
        }
        Made::Fields(kind) => {
            let known = super::items::field_names(source, kind);
            let pairs = values(source, parts, &known).into_iter().map(|(name, value)| {
                let label = Expression { form: Form::Text(name), ..value.clone() };
                (Some(label), value)
            });
            Form::Map(pairs.collect())
        }
    };
    source.at(place, form)
}

/// What a function that dials gives.
fn dialled(value: Expression) -> Expression {
    if let Form::Closure(function) = &value.form {
        let given = function.body.iter().rev().find_map(|statement| match statement {
            Statement::Return(Some(value)) => Some(value),
            _ => None,
        });
        if let Some(given) = given.filter(|given| matches!(given.form, Form::Call(..))) {
            return given.clone();
        }
    }
    value
}

fn values(source: &Source<'_>, parts: Vec<Node<'_>>, known: &[String]) -> Vec<(String, Expression)> {
    let mut all = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        if part.kind() == "keyed_element" {
            let Some((key, value)) = field(part, "key").zip(field(part, "value")) else { continue };
            all.push((source.of(key).to_owned(), inner(source, value, None)));
        } else {
            let name = known.get(place).cloned().unwrap_or_else(|| place.to_string());
            all.push((name, inner(source, part, None)));
        }
    }
    all
}

/// An element, which may be a literal without its type.
fn inner(source: &Source<'_>, node: Node<'_>, kind: Option<Node<'_>>) -> Expression {
    let node = if node.kind() == "literal_element" { children(node).first().copied().unwrap_or(node) } else { node };
    if node.kind() != "literal_value" {
        return expression(source, node);
    }
    if !source.enter(node) {
        return source.at(node, Form::Opaque(Vec::new()));
    }
    let value = made(source, node, node, kind.map_or(Made::List(None), of_type));
    source.leave();
    value
}
