//! Destructuring: `const { redis, prefix = "x" } = options`, `[a, b]`, parameters and targets of loops.

use tree_sitter::Node;

use super::{Lowering, assign_typed, attribute, children, expressions, form_at};
use crate::extract::code::program::{Expression, Form, Statement};

impl<'t> Lowering<'t> {
    /// Assigns a value to a pattern. `written` is the type that is written for all of it.
    pub(super) fn bind(
        &mut self,
        pattern: Node<'t>,
        value: Expression,
        written: Option<Node<'t>>,
        out: &mut Vec<Statement>,
    ) {
        match pattern.kind() {
            "object_pattern" => {
                let value = self.named(value, out);
                for part in children(pattern) {
                    self.bind_field(part, &value, written, out);
                }
            }
            "array_pattern" => self.bind_elements(pattern, value, out),
            "assignment_pattern" | "object_assignment_pattern" => {
                let value = self.or_default(pattern, value, out);
                if let Some(left) = pattern.child_by_field_name("left") {
                    self.bind(left, value, written, out);
                }
            }
            "rest_pattern" => {
                if let Some(inside) = children(pattern).into_iter().next() {
                    let value = form_at(&value, Form::Opaque(vec![value.clone()]));
                    self.bind(inside, value, None, out);
                }
            }
            "identifier" | "shorthand_property_identifier_pattern" | "property_identifier" => {
                let target = self.at(pattern, Form::Name(self.text_of(pattern).to_owned()));
                let annotation = written.map(|written| self.type_text(written));
                out.push(assign_typed(target, annotation, value));
            }
            _ => {
                let target = self.expression(pattern);
                out.push(assign_typed(target, None, value));
            }
        }
    }

    /// One field of `{ ... }`.
    fn bind_field(&mut self, part: Node<'t>, value: &Expression, written: Option<Node<'t>>, out: &mut Vec<Statement>) {
        match part.kind() {
            "pair_pattern" => {
                let (Some(key), Some(target)) = (part.child_by_field_name("key"), part.child_by_field_name("value"))
                else {
                    return;
                };
                let key = self.key(key);
                let typed = match &key.form {
                    Form::Text(name) => self.type_of_field(written, name),
                    _ => None,
                };
                let field = match key.form {
                    Form::Text(name) => attribute(value.clone(), name),
                    form => {
                        let key = Expression { span: key.span, line: key.line, form };
                        form_at(value, Form::Index(Box::new(value.clone()), Box::new(key)))
                    }
                };
                self.bind(target, field, typed, out);
            }
            "object_assignment_pattern" => {
                let Some(left) = part.child_by_field_name("left") else { return };
                let name = self.text_of(left);
                let typed = self.type_of_field(written, name);
                let field = self.or_default(part, attribute(value.clone(), name), out);
                self.bind(left, field, typed, out);
            }
            "shorthand_property_identifier_pattern" => {
                let name = self.text_of(part);
                let typed = self.type_of_field(written, name);
                self.bind(part, attribute(value.clone(), name), typed, out);
            }
            // What is left of an object has its fields still.
            "rest_pattern" => {
                if let Some(inside) = children(part).into_iter().next() {
                    self.bind(inside, value.clone(), None, out);
                }
            }
            _ => {}
        }
    }

    /// `[a, b] = value`.
    fn bind_elements(&mut self, pattern: Node<'t>, value: Expression, out: &mut Vec<Statement>) {
        let mut after = vec![];
        let target = self.list_target(pattern, &mut after);
        out.push(Statement::Assign { target, annotation: None, value: Some(value) });
        out.append(&mut after);
    }

    /// `[a, , { b }]` as a list of names; what is no name is bound in `after`.
    fn list_target(&mut self, pattern: Node<'t>, after: &mut Vec<Statement>) -> Expression {
        let mut targets = vec![];
        let mut cursor = pattern.walk();
        let mut empty = true;
        for child in pattern.children(&mut cursor).collect::<Vec<_>>() {
            match child.kind() {
                "," if empty => targets.push(self.at(child, Form::Name("_".to_owned()))),
                "," => empty = true,
                _ if child.is_named() && !child.is_extra() => {
                    empty = false;
                    let target = self.target(child, after);
                    targets.push(target);
                }
                _ => {}
            }
        }
        self.at(pattern, Form::List(targets))
    }

    /// What a turn of a loop sets: a name or a list of names; what is more is bound at the head of the `body`.
    pub(super) fn target(&mut self, pattern: Node<'t>, body: &mut Vec<Statement>) -> Expression {
        match pattern.kind() {
            "identifier" => self.at(pattern, Form::Name(self.text_of(pattern).to_owned())),
            "array_pattern" => self.list_target(pattern, body),
            "object_pattern" | "assignment_pattern" | "rest_pattern" => {
                let name = self.make_up("element");
                let target = self.at(pattern, Form::Name(name));
                self.bind(pattern, target.clone(), None, body);
                target
            }
            _ => self.expression(pattern),
        }
    }

    /// `a = b` of a pattern: what is there, or the default.
    fn or_default(&mut self, pattern: Node<'t>, value: Expression, out: &mut Vec<Statement>) -> Expression {
        let Some(default) = pattern.child_by_field_name("right") else { return value };
        let default = self.value(default, out);
        form_at(&value, expressions::or(value.clone(), default))
    }
}
