//! Statements.

use tree_sitter::Node;

use super::expressions::has_call;
use super::{Lowering, MAX_DEPTH, MAX_TAKEN_OUT, argument, assign, attribute, children, has_word, name_at};
use crate::extract::code::program::{Expression, Form, Statement};

impl<'t> Lowering<'t> {
    /// The statements of a block, or one statement, with a scope of their own for what comes before.
    pub(super) fn block(&mut self, node: Node<'t>) -> Vec<Statement> {
        let mut found = vec![];
        match node.kind() {
            "statement_block" | "class_static_block" | "program" => {
                for child in children(node) {
                    self.statement(child, &mut found);
                }
            }
            _ => self.statement(node, &mut found),
        }
        found
    }

    /// An expression in a place of its own: what comes before it goes to `out`.
    pub(super) fn value(&mut self, node: Node<'t>, out: &mut Vec<Statement>) -> Expression {
        let outside = std::mem::take(&mut self.before);
        let value = self.expression(node);
        out.append(&mut self.before);
        self.before = outside;
        value
    }

    /// One statement.
    pub(super) fn statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if self.depth > MAX_DEPTH {
            return self.take_out_statement(node);
        }
        self.depth += 1;
        self.statement_inside(node, out);
        self.depth -= 1;
    }

    fn statement_inside(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        match node.kind() {
            "interface_declaration" | "type_alias_declaration" => self.interface(node, out),
            "enum_declaration" => self.enumeration(node, out),
            "internal_module" | "module" => self.namespace(node, out),
            "import_statement" => self.import(node),
            "import_alias" => self.import_alias(node, out),
            "export_statement" => self.export(node, out),
            "if_statement" => self.condition(node, out),
            "switch_statement" => self.switch(node, out),
            "try_statement" => self.attempt(node, out),
            "for_in_statement" => self.each(node, out),
            _ => self.other_statement(node, out),
        }
    }

    fn other_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    match child.kind() {
                        "internal_module" => self.namespace(child, out),
                        _ => self.effect(child, out),
                    }
                }
            }
            "lexical_declaration" | "variable_declaration" | "using_declaration" => {
                for child in children(node) {
                    if child.kind() == "variable_declarator" {
                        self.declarator(child, out);
                    }
                }
            }
            "function_declaration" | "generator_function_declaration" => {
                let name = self.field_text(node, "name");
                let function = self.function(node, name, None);
                out.push(Statement::Function(function.into()));
            }
            "class_declaration" | "abstract_class_declaration" => {
                let name = self.field_text(node, "name");
                self.class(node, name, out);
            }
            "return_statement" | "throw_statement" => {
                let value = children(node).first().map(|value| self.value(*value, out));
                out.push(match (node.kind(), value) {
                    ("throw_statement", Some(value)) => Statement::Evaluate(value),
                    (_, value) => Statement::Return(value),
                });
            }
            "for_statement" | "while_statement" | "do_statement" => out.push(self.repetition(node)),
            "statement_block" | "class_static_block" => {
                let body = self.block(node);
                out.push(Statement::Block(body));
            }
            "ambient_declaration"
            | "labeled_statement"
            | "with_statement"
            | "else_clause"
            | "finally_clause"
            | "ERROR" => {
                for child in children(node) {
                    self.statement(child, out);
                }
            }
            "empty_statement"
            | "break_statement"
            | "continue_statement"
            | "debugger_statement"
            | "hash_bang_line"
            | "statement_identifier"
            | "function_signature" => {}
            // Expressions in the place of statements: inside what could not be read, and in `for`.
            _ => self.effect(node, out),
        }
    }

    /// A loop without a target.
    fn repetition(&mut self, node: Node<'t>) -> Statement {
        let mut body = vec![];
        for field in ["initializer", "condition", "body", "increment"] {
            let Some(part) = node.child_by_field_name(field) else { continue };
            let kind = part.kind();
            if field == "body" || kind.ends_with("statement") || kind.ends_with("declaration") {
                body.append(&mut self.block(part));
            } else {
                self.effect(part, &mut body);
            }
        }
        Statement::Block(body)
    }

    /// An expression for its effect.
    fn effect(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let value = self.value(node, out);
        match value.form {
            // An assignment stands before already, and gives its target.
            Form::Name(_) | Form::Text(_) | Form::Number(_) | Form::Null | Form::Flag(_) => {}
            Form::Attribute(..) if node.kind().ends_with("assignment_expression") => {}
            Form::Opaque(_) if !has_call(&value) => {}
            _ => out.push(Statement::Evaluate(value)),
        }
    }

    /// `name = value` of `const`, `let` and `var`.
    fn declarator(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let written = node.child_by_field_name("type");
        let Some(value) = node.child_by_field_name("value") else {
            if name.kind() == "identifier" {
                let target = self.at(name, Form::Name(self.text_of(name).to_owned()));
                let annotation = written.map(|written| self.type_text(written));
                out.push(Statement::Assign { target, annotation, value: None });
            }
            return;
        };
        if self.required_pattern(name, value) {
            return;
        }
        if value.kind() == "class" && name.kind() == "identifier" {
            let name = self.text_of(name).to_owned();
            return self.class(value, name, out);
        }
        let implied = written.is_none().then(|| self.implied_type(value)).flatten();
        let value = self.value(value, out);
        match (implied, name.kind()) {
            (Some(annotation), "identifier") => {
                let target = self.at(name, Form::Name(self.text_of(name).to_owned()));
                out.push(Statement::Assign { target, annotation: Some(annotation), value: Some(value) });
            }
            _ => self.bind(name, value, written, out),
        }
    }

    fn condition(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        // `else if` is told in one go, however long it is.
        let mut ways = vec![];
        let mut next = Some(node);
        while let Some(node) = next.take() {
            if let Some(condition) = node.child_by_field_name("condition") {
                self.effect(condition, out);
            }
            if let Some(then) = node.child_by_field_name("consequence") {
                ways.push(self.block(then));
            }
            let otherwise = node.child_by_field_name("alternative").and_then(|node| children(node).into_iter().next());
            match otherwise {
                Some(otherwise) if otherwise.kind() == "if_statement" => next = Some(otherwise),
                Some(otherwise) => ways.push(self.block(otherwise)),
                None => ways.push(vec![]),
            }
        }
        out.push(Statement::Branches(ways));
    }

    fn switch(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if let Some(value) = node.child_by_field_name("value") {
            self.effect(value, out);
        }
        let mut ways = vec![];
        for case in node.child_by_field_name("body").map(children).unwrap_or_default() {
            let mut way = vec![];
            let value = case.child_by_field_name("value");
            for child in children(case) {
                if Some(child) != value {
                    self.statement(child, &mut way);
                }
            }
            // A case without a body falls through to the next.
            if !way.is_empty() {
                ways.push(way);
            }
        }
        out.push(Statement::Branches(ways));
    }

    fn attempt(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let mut ways = vec![];
        if let Some(body) = node.child_by_field_name("body") {
            ways.push(self.block(body));
        }
        if let Some(body) = node.child_by_field_name("handler").and_then(|node| node.child_by_field_name("body")) {
            ways.push(self.block(body));
        }
        out.push(Statement::Branches(ways));
        if let Some(body) = node.child_by_field_name("finalizer").and_then(|node| node.child_by_field_name("body")) {
            out.append(&mut self.block(body));
        }
    }

    fn each(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let mut over = self.value(right, out);
        if has_word(node, "in") {
            let names = attribute(name_at(&over, "Object"), "keys");
            over = Expression {
                span: over.span.clone(),
                line: over.line,
                form: Form::Call(Box::new(names), vec![argument(over)]),
            };
        }
        let mut body = vec![];
        let target = self.target(left, &mut body);
        if let Some(inside) = node.child_by_field_name("body") {
            body.append(&mut self.block(inside));
        }
        out.push(Statement::Each { target, over, body });
    }

    /// What is too deep is lowered on its own.
    fn take_out_statement(&mut self, node: Node<'t>) {
        if self.taken_out_so_far < MAX_TAKEN_OUT {
            self.taken_out_so_far += 1;
            let name = self.make_up("deep");
            self.taken_out.push((name, node));
        }
    }

    /// What was too deep: an expression, or a statement.
    pub(super) fn taken_out(&mut self, name: String, node: Node<'t>, out: &mut Vec<Statement>) {
        let is_statement = node.kind().ends_with("statement")
            || node.kind().ends_with("declaration")
            || matches!(node.kind(), "statement_block" | "class_static_block" | "else_clause" | "ERROR");
        if is_statement {
            let body = self.block(node);
            out.push(Statement::Block(body));
        } else {
            let value = self.value(node, out);
            out.push(assign(name_at(&value, name), value));
        }
    }

    /// The text of a field of a node; empty without it.
    pub(super) fn field_text(&self, node: Node<'_>, field: &str) -> String {
        node.child_by_field_name(field).map(|node| self.text_of(node).to_owned()).unwrap_or_default()
    }
}
