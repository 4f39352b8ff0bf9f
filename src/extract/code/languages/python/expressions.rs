//! Expressions of Python in neutral terms.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{DEPTH, Lower, fields, line, named};
use super::standard;
use super::strings::{prefix, unescaped};
use crate::extract::code::program::{Argument, Expression, Form, Function, Piece, Statement};

impl Lower<'_> {
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expression {
        if self.depth > DEPTH {
            return self.make(node, Form::Opaque(Vec::new()));
        }
        self.depth += 1;
        let expression = self.form(node);
        self.depth -= 1;
        expression
    }

    fn make(&self, node: Node<'_>, form: Form) -> Expression {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Expression { span: at(node.start_byte())..at(node.end_byte()), line: line(node), form }
    }

    fn field(&mut self, node: Node<'_>, name: &str) -> Box<Expression> {
        Box::new(match node.child_by_field_name(name) {
            Some(child) => self.expression(child),
            None => self.make(node, Form::Null),
        })
    }

    fn all(&mut self, nodes: Vec<Node<'_>>) -> Vec<Expression> {
        nodes.into_iter().map(|node| self.expression(node)).collect()
    }

    fn form(&mut self, node: Node<'_>) -> Expression {
        let form = match node.kind() {
            "string" => self.string(node),
            "concatenated_string" => self.adjacent(node),
            "integer" | "float" => Form::Number(self.of(node).replace('_', "")),
            "true" => Form::Flag(true),
            "false" => Form::Flag(false),
            "none" | "ellipsis" => Form::Null,
            "identifier" | "keyword_identifier" => Form::Name(self.of(node).to_owned()),
            "attribute" => {
                let name = node.child_by_field_name("attribute").map_or("", |name| self.of(name)).to_owned();
                Form::Attribute(self.field(node, "object"), name)
            }
            "subscript" => self.subscript(node),
            "call" => return self.call(node),
            "binary_operator" => {
                let operator = node.child_by_field_name("operator").map_or("", |operator| self.of(operator)).to_owned();
                Form::Binary(operator, self.field(node, "left"), self.field(node, "right"))
            }
            "boolean_operator" => self.boolean(node),
            "conditional_expression" => self.conditional(node),
            "list" | "tuple" | "set" | "expression_list" | "pattern_list" | "tuple_pattern" | "list_pattern" => {
                Form::List(self.all(named(node)))
            }
            "dictionary" => self.dictionary(node),
            "list_comprehension" | "set_comprehension" | "generator_expression" => self.comprehension(node),
            "dictionary_comprehension" => return self.map_of(node),
            "lambda" => self.lambda(node),
            "named_expression" => return self.walrus(node),
            // What does not change a value.
            "parenthesized_expression" | "await" | "type" | "as_pattern_target" => match named(node).as_slice() {
                [inner] => return self.expression(*inner),
                inner => Form::Opaque(self.all(inner.to_vec())),
            },
            "interpolation" | "format_expression" => return *self.field(node, "expression"),
            "list_splat" | "dictionary_splat" | "list_splat_pattern" => Form::Opaque(self.all(named(node))),
            "unary_operator" if self.of(node).starts_with('-') => self.negative(node),
            _ => Form::Opaque(self.all(named(node))),
        };
        self.make(node, form)
    }

    /// Strings that stand side by side.
    fn adjacent(&mut self, node: Node<'_>) -> Form {
        let mut pieces = Vec::new();
        for part in named(node) {
            match self.expression(part).form {
                Form::Text(text) => pieces.push(Piece::Text(text)),
                Form::Template(more) => pieces.extend(more),
                _ => {}
            }
        }
        joined(pieces)
    }

    /// `a or b`, `a and b`.
    fn boolean(&mut self, node: Node<'_>) -> Form {
        let operator = node.child_by_field_name("operator").map_or("", |operator| self.of(operator)).to_owned();
        let (left, right) = (self.field(node, "left"), self.field(node, "right"));
        // `a and b` is `b` where it is a value at all.
        if operator == "or" {
            Form::Choice(vec![*left, *right])
        } else {
            Form::Choice(vec![*right, self.make(node, Form::Opaque(vec![*left]))])
        }
    }

    /// `a if condition else b`.
    fn conditional(&mut self, node: Node<'_>) -> Form {
        let mut parts = self.all(named(node));
        if parts.len() == 3 {
            let condition = parts.remove(1);
            self.ahead.push(Statement::Evaluate(condition));
        }
        Form::Choice(parts)
    }

    /// A function without a name.
    fn lambda(&mut self, node: Node<'_>) -> Form {
        let parameters = node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let ahead = std::mem::take(&mut self.ahead);
        let value = *self.field(node, "body");
        self.ahead = ahead;
        Form::Closure(Arc::new(Function {
            name: String::new(),
            receiver: None,
            parameters,
            decorators: Vec::new(),
            returns: None,
            body: vec![Statement::Return(Some(value))],
            line: line(node),
        }))
    }

    /// `-x`.
    fn negative(&mut self, node: Node<'_>) -> Form {
        match named(node).first().map(|inner| self.expression(*inner)) {
            Some(Expression { form: Form::Number(number), .. }) => Form::Number(format!("-{number}")),
            Some(inner) => {
                let zero = Expression { form: Form::Number("0".to_owned()), ..inner.clone() };
                Form::Binary("-".to_owned(), Box::new(zero), Box::new(inner))
            }
            None => Form::Opaque(Vec::new()),
        }
    }

    /// `a[b]`.
    fn subscript(&mut self, node: Node<'_>) -> Form {
        let base = self.field(node, "value");
        let mut keys = self.all(fields(node, "subscript"));
        let key = if keys.len() == 1 { keys.remove(0) } else { self.make(node, Form::List(keys)) };
        Form::Index(base, Box::new(key))
    }

    /// `(name := value)`.
    fn walrus(&mut self, node: Node<'_>) -> Expression {
        let (target, value) = (*self.field(node, "name"), *self.field(node, "value"));
        let value_again = value.clone();
        self.ahead.push(Statement::Assign { target: target.clone(), annotation: None, value: Some(value) });
        let form = if matches!(value_again.form, Form::Call(..)) { target.form } else { value_again.form };
        self.make(node, form)
    }

    fn string(&mut self, node: Node<'_>) -> Form {
        let mut pieces = Vec::new();
        let mut raw = false;
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                "string_start" => raw = prefix(self.of(child)).0,
                "string_content" => {
                    let is_template = node.named_child_count() > 3 || node_has_interpolation(node);
                    let text = unescaped(self.of(child), raw);
                    pieces.push(Piece::Text(if is_template || prefix(self.of(node)).1 {
                        unbraced(&text)
                    } else {
                        text
                    }));
                }
                "interpolation" => pieces.push(Piece::Value(self.expression(child))),
                _ => {}
            }
        }
        joined(pieces)
    }

    fn dictionary(&mut self, node: Node<'_>) -> Form {
        let mut entries = Vec::new();
        for entry in named(node) {
            if entry.kind() == "pair" {
                let (key, value) = (*self.field(entry, "key"), *self.field(entry, "value"));
                entries.push((Some(key), value));
            } else if let Some(inner) = named(entry).first() {
                entries.push((None, self.expression(*inner)));
            }
        }
        Form::Map(entries)
    }

    fn loops(&mut self, node: Node<'_>) -> Vec<(Expression, Expression)> {
        let mut loops = Vec::new();
        for clause in named(node) {
            match clause.kind() {
                "for_in_clause" => {
                    let (left, right) = (self.field(clause, "left"), fields(clause, "right"));
                    let over = match right.first() {
                        Some(over) => self.expression(*over),
                        None => self.make(clause, Form::Null),
                    };
                    loops.push((*left, over));
                }
                "if_clause" => {
                    // Conditions may hold calls: they are looped over nothing.
                    for condition in named(clause) {
                        let condition = self.expression(condition);
                        loops.push((self.make(clause, Form::Null), condition));
                    }
                }
                _ => {}
            }
        }
        loops
    }

    fn comprehension(&mut self, node: Node<'_>) -> Form {
        let loops = self.loops(node);
        Form::Comprehension { element: self.field(node, "body"), loops }
    }

    /// `{k: v for ...}`: a map of one entry, in the scope of the loops.
    fn map_of(&mut self, node: Node<'_>) -> Expression {
        let loops = self.loops(node);
        let body = node.child_by_field_name("body");
        let entry = match body {
            Some(pair) => Form::Map(vec![(Some(*self.field(pair, "key")), *self.field(pair, "value"))]),
            None => Form::Map(Vec::new()),
        };
        let element = Box::new(self.make(node, entry));
        self.make(node, Form::Comprehension { element, loops })
    }

    fn call(&mut self, node: Node<'_>) -> Expression {
        let callee = self.field(node, "function");
        let mut arguments = Vec::new();
        match node.child_by_field_name("arguments") {
            Some(list) if list.kind() == "generator_expression" => {
                let value = self.expression(list);
                arguments.push(Argument { name: None, value, spread: false });
            }
            Some(list) => {
                for argument in named(list) {
                    arguments.push(self.argument(argument));
                }
            }
            None => {}
        }
        // The line of a call is that of what is called: `await (\n r.set(`.
        let line = callee_line(node);
        let form = standard::rewritten(&callee, &arguments).unwrap_or(Form::Call(callee, arguments));
        Expression { line, ..self.make(node, form) }
    }

    fn argument(&mut self, node: Node<'_>) -> Argument {
        match node.kind() {
            "keyword_argument" => Argument {
                name: node.child_by_field_name("name").map(|name| self.of(name).to_owned()),
                value: *self.field(node, "value"),
                spread: false,
            },
            "list_splat" | "dictionary_splat" => {
                let value = match named(node).first() {
                    Some(inner) => self.expression(*inner),
                    None => self.make(node, Form::Null),
                };
                let name = (node.kind() == "dictionary_splat").then(|| "**".to_owned());
                Argument { name, value, spread: true }
            }
            _ => Argument { name: None, value: self.expression(node), spread: false },
        }
    }
}

/// Where the name of what is called stands.
fn callee_line(node: Node<'_>) -> u32 {
    match node.child_by_field_name("function") {
        Some(callee) if callee.kind() == "attribute" => {
            callee.child_by_field_name("attribute").map_or_else(|| line(node), line)
        }
        _ => line(node),
    }
}

fn node_has_interpolation(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).any(|child| child.kind() == "interpolation")
}

/// Doubled braces of an f-string.
fn unbraced(text: &str) -> String {
    text.replace("{{", "{").replace("}}", "}")
}

/// One text, or a template where there are values.
fn joined(pieces: Vec<Piece>) -> Form {
    if pieces.iter().any(|piece| matches!(piece, Piece::Value(_))) {
        return Form::Template(pieces);
    }
    let texts = pieces.into_iter().map(|piece| if let Piece::Text(text) = piece { text } else { String::new() });
    Form::Text(texts.collect())
}
