//! Pieces of lowering that languages with methods beside their types share.

use tree_sitter::Node;

use crate::extract::code::program::{Argument, Class, Expression, Statement};

/// The child of a field.
pub(super) fn field<'n>(node: Node<'n>, name: &str) -> Option<Node<'n>> {
    node.child_by_field_name(name)
}

/// An argument by place.
pub(super) fn plain(value: Expression) -> Argument {
    Argument { name: None, value, spread: false }
}

/// The class of a name among those of a block, made if there is none.
pub(super) fn class<'o>(out: &'o mut Vec<Statement>, name: &str, line: u32) -> &'o mut Class {
    let known = out.iter().position(|statement| matches!(statement, Statement::Class(class) if class.name == name));
    let place = known.unwrap_or_else(|| {
        out.push(Statement::Class(Class {
            name: name.to_owned(),
            bases: Vec::new(),
            fields: Vec::new(),
            body: Vec::new(),
            line,
        }));
        out.len() - 1
    });
    match out.get_mut(place) {
        Some(Statement::Class(class)) => class,
        _ => unreachable!("the place is that of a class"),
    }
}
