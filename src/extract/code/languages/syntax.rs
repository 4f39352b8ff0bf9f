//! Pieces of lowering that languages with methods beside their types share.

use tree_sitter::Node;

use crate::extract::code::program::{Argument, Class, Expression, Form, Statement};

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

/// The label of a table for all that it does not name: what nobody knows.
pub(super) fn rest(place: &Expression) -> Expression {
    Expression { form: Form::Opaque(Vec::new()), ..place.clone() }
}

/// Is it the label for the rest?
pub(super) fn is_rest(label: &Expression) -> bool {
    matches!(&label.form, Form::Opaque(inside) if inside.is_empty())
}

/// May it be part of a text or a number: a literal, or something made of such?
pub(super) fn is_word(value: &Expression, depth: u32) -> bool {
    let given = |value: &Expression| is_word(value, depth + 1);
    depth < 12
        && match &value.form {
            Form::Text(_) | Form::Number(_) | Form::Template(_) | Form::Name(_) | Form::Attribute(..) => true,
            Form::Binary(_, a, b) => given(a) && given(b),
            Form::Call(callee, arguments) => {
                let of = match &callee.form {
                    Form::Attribute(of, _) => given(of),
                    Form::Name(_) => true,
                    _ => false,
                };
                of && arguments.iter().all(|argument| given(&argument.value))
            }
            _ => false,
        }
}
