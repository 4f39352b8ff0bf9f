//! Patterns of Rust: what `let`, arms, loops and parameters bind.

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Statement};
use super::source::{Source, children, field, like};

/// So many levels of patterns are read.
const DEPTH: u32 = 12;

/// What a pattern sets as a target: a name, or a list of them. `Some(x)` and its like are `x`.
pub(super) fn target(source: &Source<'_>, node: Node<'_>) -> Expression {
    target_at(source, node, DEPTH)
}

fn target_at(source: &Source<'_>, node: Node<'_>, depth: u32) -> Expression {
    if depth == 0 {
        return source.at(node, Form::Name("_".to_owned()));
    }
    match node.kind() {
        "identifier" | "shorthand_field_identifier" => source.at(node, Form::Name(source.of(node).to_owned())),
        "tuple_pattern" | "slice_pattern" => {
            let elements = children(node).into_iter().map(|child| target_at(source, child, depth - 1)).collect();
            source.at(node, Form::List(elements))
        }
        "tuple_struct_pattern" => {
            let inside = inner(node);
            match inside.as_slice() {
                [only] => target_at(source, *only, depth - 1),
                _ => source
                    .at(node, Form::List(inside.iter().map(|child| target_at(source, *child, depth - 1)).collect())),
            }
        }
        "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern" | "match_pattern" | "or_pattern" => {
            let named = children(node).into_iter().find(|child| child.kind() != "mutable_specifier");
            named.map_or_else(
                || source.at(node, Form::Name("_".to_owned())),
                |child| target_at(source, child, depth - 1),
            )
        }
        _ => source.at(node, Form::Name("_".to_owned())),
    }
}

fn inner(node: Node<'_>) -> Vec<Node<'_>> {
    let kind = field(node, "type").map(|kind| kind.id());
    children(node).into_iter().filter(|child| Some(child.id()) != kind).collect()
}

/// The statements by which a pattern takes a value apart.
pub(super) fn bind(
    source: &Source<'_>,
    pattern: Node<'_>,
    annotation: Option<String>,
    value: &Expression,
    out: &mut Vec<Statement>,
) {
    bind_at(source, pattern, (annotation, value), out, DEPTH);
}

fn bind_at(
    source: &Source<'_>,
    pattern: Node<'_>,
    (annotation, value): (Option<String>, &Expression),
    out: &mut Vec<Statement>,
    depth: u32,
) {
    if depth == 0 {
        return;
    }
    match pattern.kind() {
        "identifier" | "shorthand_field_identifier" => {
            let name = source.of(pattern);
            // A lone capitalised name is a constant or a variant, not a binding.
            if name.starts_with(|char: char| char.is_ascii_uppercase()) {
                return;
            }
            let target = source.at(pattern, Form::Name(name.to_owned()));
            out.push(Statement::Assign { target, annotation, value: Some(value.clone()) });
        }
        "struct_pattern" => {
            for part in children(pattern).into_iter().filter(|child| child.kind() == "field_pattern") {
                let name = field(part, "name").map_or("", |name| source.of(name));
                let of = like(value, Form::Attribute(Box::new(value.clone()), name.to_owned()));
                match field(part, "pattern") {
                    Some(inside) => bind_at(source, inside, (None, &of), out, depth - 1),
                    None => {
                        let target = source.at(part, Form::Name(name.to_owned()));
                        out.push(Statement::Assign { target, annotation: None, value: Some(of) });
                    }
                }
            }
        }
        "tuple_pattern" | "slice_pattern" => {
            let target = target_at(source, pattern, depth);
            out.push(Statement::Assign { target, annotation, value: Some(value.clone()) });
        }
        "tuple_struct_pattern" => {
            let inside = inner(pattern);
            let wrapper = field(pattern, "type").map_or("", |kind| source.of(kind));
            let same = inside.len() == 1 && !wrapper.contains("::");
            for (place, child) in inside.into_iter().enumerate() {
                let of = if same {
                    value.clone()
                } else {
                    // Of `Bus(bus)` of an enum, what it holds; of another struct by its path, its field.
                    let (of, variant) = wrapper.rsplit_once("::").unwrap_or(("", wrapper));
                    let is_enum =
                        of.rsplit("::").next().is_some_and(|of| of.starts_with(|c: char| c.is_ascii_uppercase()));
                    let name = if is_enum { format!("{variant}.{place}") } else { place.to_string() };
                    like(value, Form::Attribute(Box::new(value.clone()), name))
                };
                bind_at(source, child, (annotation.clone(), &of), out, depth - 1);
            }
        }
        "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern" | "match_pattern" | "or_pattern" => {
            for child in children(pattern) {
                let condition = field(pattern, "condition").is_some_and(|condition| condition.id() == child.id());
                if child.kind() != "mutable_specifier" && !condition {
                    bind_at(source, child, (annotation.clone(), value), out, depth - 1);
                    if pattern.kind() != "captured_pattern" {
                        break;
                    }
                }
            }
        }
        _ => {}
    }
}
