//! Object literals: maps, and objects with methods.

use std::sync::Arc;

use tree_sitter::Node;

use super::expressions::plain;
use super::{Lowering, children, has_word};
use crate::extract::code::program::{Expression, Form, Statement};

impl<'t> Lowering<'t> {
    /// An object literal. One whose methods use `this` is the only object of a class of its own.
    pub(super) fn object(&mut self, node: Node<'t>) -> Form {
        let pairs = self.pairs(node);
        let is_option = node.parent().is_none_or(|parent| parent.kind() == "arguments");
        let is_method = |value: &Expression| match &value.form {
            Form::Closure(function) => function.receiver.is_some(),
            _ => false,
        };
        if is_option || !pairs.iter().any(|(_, value)| is_method(value)) || !self.text_of(node).contains("this.") {
            return Form::Map(pairs);
        }
        let name = self.make_up("object");
        let Some(class) = super::classes::of_object(&name, &pairs, super::line(node)) else {
            return Form::Map(pairs);
        };
        self.before.push(Statement::Class(class));
        Form::Call(Box::new(self.at(node, Form::Name(name))), vec![])
    }

    /// The fields of an object literal.
    fn pairs(&mut self, node: Node<'t>) -> Vec<(Option<Expression>, Expression)> {
        let mut found = vec![];
        for child in children(node) {
            match child.kind() {
                "pair" => {
                    let key = child.child_by_field_name("key").map(|key| self.key(key));
                    let Some(mut value) = self.field(child, "value") else { continue };
                    let is_function = child.child_by_field_name("value").is_some_and(|value| {
                        matches!(plain(value).kind(), "function_expression" | "function" | "generator_function")
                    });
                    if let (true, Form::Closure(function)) = (is_function, &mut value.form) {
                        Arc::make_mut(function).receiver = Some("this".to_owned());
                    }
                    found.push((key, value));
                }
                "shorthand_property_identifier" => {
                    let name = self.text_of(child).to_owned();
                    let key = self.at(child, Form::Text(name.clone()));
                    found.push((Some(key), self.at(child, Form::Name(name))));
                }
                "spread_element" => {
                    for value in children(child) {
                        let value = self.expression(value);
                        found.push((None, value));
                    }
                }
                "method_definition" => {
                    let Some(key) = child.child_by_field_name("name").map(|key| self.key(key)) else { continue };
                    let getter = has_word(child, "get");
                    let function = self.function(child, String::new(), Some("this".to_owned()));
                    let closure = self.at(child, Form::Closure(function.into()));
                    let value = if getter {
                        self.at(child, Form::Call(Box::new(closure), vec![]))
                    } else if has_word(child, "set") {
                        continue;
                    } else {
                        closure
                    };
                    found.push((Some(key), value));
                }
                _ => found.push((None, self.expression(child))),
            }
        }
        found
    }

    /// The name of a field, as an expression.
    pub(super) fn key(&mut self, node: Node<'t>) -> Expression {
        match node.kind() {
            "computed_property_name" => match children(node).first() {
                Some(inside) => self.expression(*inside),
                None => self.at(node, Form::Opaque(vec![])),
            },
            "string" => self.at(node, Form::Text(self.string(node))),
            _ => self.at(node, Form::Text(self.text_of(node).to_owned())),
        }
    }
}
