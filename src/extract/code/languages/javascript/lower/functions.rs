//! Functions and their parameters.

use tree_sitter::Node;

use super::{Lowering, attribute, children, prototypes};
use crate::extract::code::program::{Expression, Form, Function, Parameter, Statement};

impl<'t> Lowering<'t> {
    /// A function, method or arrow function.
    pub(super) fn function(&mut self, node: Node<'t>, name: String, receiver: Option<String>) -> Function {
        let outside = std::mem::take(&mut self.before);
        let mut body = vec![];
        let mut parameters = vec![];
        if let Some(single) = node.child_by_field_name("parameter") {
            self.parameter(single, &mut parameters, &mut body);
        }
        for node in node.child_by_field_name("parameters").map(children).unwrap_or_default() {
            self.parameter(node, &mut parameters, &mut body);
        }
        match node.child_by_field_name("body") {
            Some(inside) if inside.kind() == "statement_block" => body.append(&mut self.block(inside)),
            Some(inside) => {
                let value = self.value(inside, &mut body);
                body.push(Statement::Return(Some(value)));
            }
            None => {}
        }
        self.before = outside;
        prototypes::gather_inside(&mut body);
        let returns = node.child_by_field_name("return_type").map(|node| self.type_text(node));
        Function { name, receiver, parameters, decorators: vec![], returns, body, line: super::line(node) }
    }

    /// One parameter. What it destructures, or keeps as an attribute, is assigned at the head of the body.
    fn parameter(&mut self, node: Node<'t>, parameters: &mut Vec<Parameter>, body: &mut Vec<Statement>) {
        let (pattern, written, default) = match node.kind() {
            "required_parameter" | "optional_parameter" => (
                node.child_by_field_name("pattern").or_else(|| node.child_by_field_name("name")),
                node.child_by_field_name("type"),
                node.child_by_field_name("value"),
            ),
            "assignment_pattern" => (node.child_by_field_name("left"), None, node.child_by_field_name("right")),
            "decorator" | "ERROR" => return,
            _ => (Some(node), None, None),
        };
        let Some(mut pattern) = pattern else { return };
        if pattern.kind() == "this" {
            return;
        }
        let rest = pattern.kind() == "rest_pattern";
        if rest && let Some(inside) = children(pattern).into_iter().next() {
            pattern = inside;
        }
        let default = default.map(|default| self.value(default, body));
        let annotation = self.injected_type(node).or_else(|| written.map(|written| self.type_text(written)));
        if pattern.kind() == "identifier" {
            let name = self.text_of(pattern).to_owned();
            if is_property(node) {
                let this = self.at(pattern, Form::Name("this".to_owned()));
                let value = self.at(pattern, Form::Name(name.clone()));
                let annotation = annotation.clone();
                body.push(Statement::Assign { target: attribute(this, name.clone()), annotation, value: Some(value) });
            }
            parameters.push(Parameter { name, annotation, default, by_name: false, rest });
        } else {
            let name = self.make_up("parameter");
            let value: Expression = self.at(pattern, Form::Name(name.clone()));
            self.bind(pattern, value, written, body);
            // A type that is written out says what each field is; the whole needs none.
            let annotation = annotation.filter(|annotation| !annotation.starts_with('{'));
            parameters.push(Parameter { name, annotation, default, by_name: false, rest });
        }
    }
}

/// Is it a parameter that is an attribute as well: `constructor(private readonly redis: Redis)`?
pub(super) fn is_property(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .any(|child| matches!(child.kind(), "accessibility_modifier" | "override_modifier" | "readonly"))
}
