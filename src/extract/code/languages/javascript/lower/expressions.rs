//! Expressions.

use tree_sitter::Node;

use super::{Lowering, MAX_DEPTH, MAX_TAKEN_OUT, argument, assign, children, form_at, literals, modules};
use crate::extract::code::program::{Expression, Form, Piece, Statement};

/// The function that stands for a look at the environment.
const ENVIRONMENT: &str = "process.env";

/// Longer sums than this are lowered as one template, for their depth.
const MAX_SUM: usize = 20;

impl<'t> Lowering<'t> {
    /// One expression.
    pub(super) fn expression(&mut self, node: Node<'t>) -> Expression {
        let node = plain(node);
        if self.depth > MAX_DEPTH {
            if self.taken_out_so_far >= MAX_TAKEN_OUT {
                return self.at(node, Form::Opaque(vec![]));
            }
            self.taken_out_so_far += 1;
            let name = self.make_up("deep");
            self.taken_out.push((name.clone(), node));
            return self.at(node, Form::Name(name));
        }
        self.depth += 1;
        let form = self.form(node);
        self.depth -= 1;
        let mut made = self.at(node, form);
        // In a chain over several lines, a call is where its method is.
        if let Some(method) =
            node.child_by_field_name("function").and_then(|function| plain(function).child_by_field_name("property"))
        {
            made.line = super::line(method);
        }
        if let Form::Call(callee, _) = &made.form {
            made.line = made.line.max(callee.line);
        }
        made
    }

    fn form(&mut self, node: Node<'t>) -> Form {
        match node.kind() {
            "string" => Form::Text(self.string(node)),
            "template_string" => self.template(node),
            "number" => Form::Number(literals::number(self.text_of(node))),
            "regex" => self.regex(node),
            "true" => Form::Flag(true),
            "false" => Form::Flag(false),
            "null" | "undefined" => Form::Null,
            "identifier" if self.text_of(node) == "undefined" => Form::Null,
            "identifier"
            | "this"
            | "super"
            | "shorthand_property_identifier"
            | "property_identifier"
            | "private_property_identifier"
            | "type_identifier" => Form::Name(self.text_of(node).to_owned()),
            "member_expression" => self.member(node),
            "subscript_expression" => self.subscript(node),
            "call_expression" => self.call(node),
            "new_expression" => self.construction(node),
            "binary_expression" => self.binary(node),
            "ternary_expression" => {
                self.before_field(node, "condition");
                let choices = ["consequence", "alternative"];
                Form::Choice(choices.into_iter().filter_map(|field| self.field(node, field)).collect())
            }
            "unary_expression" => self.unary(node),
            "array" => Form::List(children(node).into_iter().map(|child| self.expression(child)).collect()),
            "object" => self.object(node),
            "arrow_function" | "function_expression" | "function" | "generator_function" => {
                Form::Closure(self.function(node, String::new(), None).into())
            }
            "class" => {
                let mut name = self.field_text(node, "name");
                if name.is_empty() {
                    name = self.make_up("class");
                }
                let mut out = vec![];
                self.class(node, name.clone(), &mut out);
                self.before.append(&mut out);
                Form::Name(name)
            }
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" => self.augmented(node),
            "sequence_expression" => self.sequence(node),
            "yield_expression" => {
                let value = children(node).first().map(|value| self.expression(*value));
                if let Some(value) = value {
                    self.before.push(Statement::Return(Some(value)));
                }
                Form::Opaque(vec![])
            }
            "spread_element" => Form::Opaque(children(node).into_iter().map(|child| self.expression(child)).collect()),
            "object_pattern" | "array_pattern" => Form::Opaque(vec![]),
            "jsx_text" | "comment" | "type_arguments" | "type_annotation" | "statement_block" | "decorator" => {
                Form::Opaque(vec![])
            }
            _ => Form::Opaque(children(node).into_iter().map(|child| self.expression(child)).collect()),
        }
    }

    /// The expression of a field.
    pub(super) fn field(&mut self, node: Node<'t>, field: &str) -> Option<Expression> {
        node.child_by_field_name(field).map(|node| self.expression(node))
    }

    /// What is evaluated, and whose value matters to nobody.
    fn before_field(&mut self, node: Node<'t>, field: &str) {
        if let Some(value) = self.field(node, field) {
            self.before_value(value);
        }
    }

    fn before_value(&mut self, value: Expression) {
        if has_call(&value) {
            self.before.push(Statement::Evaluate(value));
        }
    }

    fn member(&mut self, node: Node<'t>) -> Form {
        if let Some(required) = self.required_member(node) {
            return required;
        }
        let Some(of) = self.field(node, "object") else { return Form::Opaque(vec![]) };
        let name = self.field_text(node, "property");
        match name.as_str() {
            // node-redis: the same client with promises, with callbacks, with other options.
            "v4" | "v5" => of.form,
            _ => environment(&of, &name).unwrap_or_else(|| Form::Attribute(Box::new(of), name)),
        }
    }

    fn subscript(&mut self, node: Node<'t>) -> Form {
        let (Some(of), Some(index)) = (self.field(node, "object"), self.field(node, "index")) else {
            return Form::Opaque(vec![]);
        };
        if let Form::Text(name) = &index.form
            && let Some(variable) = environment(&of, name)
        {
            return variable;
        }
        Form::Index(Box::new(of), Box::new(index))
    }

    fn binary(&mut self, node: Node<'t>) -> Form {
        let operator = self.field_text(node, "operator");
        match operator.as_str() {
            "+" => self.sum(node),
            "||" | "??" => {
                let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else {
                    return Form::Opaque(vec![]);
                };
                or(left, right)
            }
            "&&" => {
                self.before_field(node, "left");
                self.field(node, "right").map_or(Form::Opaque(vec![]), |right| right.form)
            }
            "-" | "*" | "/" | "%" | "**" => {
                let (Some(left), Some(right)) = (self.field(node, "left"), self.field(node, "right")) else {
                    return Form::Opaque(vec![]);
                };
                Form::Binary(operator, Box::new(left), Box::new(right))
            }
            _ => Form::Opaque(["left", "right"].into_iter().filter_map(|field| self.field(node, field)).collect()),
        }
    }

    /// `a + b + c`, however long.
    fn sum(&mut self, node: Node<'t>) -> Form {
        let mut terms = vec![];
        let mut next = node;
        loop {
            let is_sum = next.kind() == "binary_expression" && self.field_text(next, "operator") == "+";
            let (true, Some(left), Some(right)) =
                (is_sum, next.child_by_field_name("left"), next.child_by_field_name("right"))
            else {
                break terms.push(next);
            };
            terms.push(right);
            next = plain(left);
        }
        terms.reverse();
        let whole = node;
        let mut values = terms.into_iter().map(|term| self.expression(term)).collect::<Vec<_>>();
        if values.len() > MAX_SUM && values.iter().any(|value| matches!(value.form, Form::Text(_) | Form::Template(_)))
        {
            return Form::Template(values.into_iter().flat_map(pieces).collect());
        }
        let mut sum = values.remove(0);
        for (at, value) in values.into_iter().enumerate() {
            if at >= MAX_SUM {
                return Form::Opaque(vec![sum, value]);
            }
            let span = sum.span.start..value.span.end;
            let form = Form::Binary("+".to_owned(), Box::new(sum), Box::new(value));
            sum = Expression { span, line: super::line(whole), form };
        }
        sum.form
    }

    fn unary(&mut self, node: Node<'t>) -> Form {
        let operator = self.field_text(node, "operator");
        let Some(value) = self.field(node, "argument") else { return Form::Opaque(vec![]) };
        match (operator.as_str(), value.form) {
            ("-", Form::Number(number)) => Form::Number(format!("-{number}")),
            ("+", form) => form,
            ("void", Form::Number(_)) => Form::Null,
            ("void", form) => form,
            ("!", Form::Number(number)) => Form::Flag(number == "0"),
            (_, form) => {
                let value = Expression { span: value.span, line: value.line, form };
                Form::Opaque(vec![value])
            }
        }
    }

    /// `target = value`, where it is an expression. Gives the target.
    fn assignment(&mut self, node: Node<'t>) -> Form {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return Form::Opaque(vec![]);
        };
        if let Some(form) = self.exported(left, right) {
            return form;
        }
        if self.required_pattern(left, right) {
            return Form::Name(self.text_of(left).to_owned());
        }
        let implied = self.implied_type(right);
        let value = self.expression(right);
        if left.kind().ends_with("pattern") {
            let mut out = vec![];
            self.bind(left, value, None, &mut out);
            self.before.append(&mut out);
            return Form::Opaque(vec![]);
        }
        let target = self.expression(left);
        let statement = match implied {
            None => assign(target.clone(), value),
            annotation => Statement::Assign { target: target.clone(), annotation, value: Some(value) },
        };
        self.before.push(statement);
        target.form
    }

    fn augmented(&mut self, node: Node<'t>) -> Form {
        let operator = self.field_text(node, "operator");
        let (Some(target), Some(value)) = (self.field(node, "left"), self.field(node, "right")) else {
            return Form::Opaque(vec![]);
        };
        let form = target.form.clone();
        self.before.push(match operator.as_str() {
            "||=" | "??=" | "&&=" => assign(target, value),
            _ => Statement::Augment { target, operator: operator.trim_end_matches('=').to_owned(), value },
        });
        form
    }

    /// `a, b`: `b`.
    fn sequence(&mut self, node: Node<'t>) -> Form {
        let mut last = Form::Opaque(vec![]);
        let all = children(node);
        let count = all.len();
        for (at, child) in all.into_iter().enumerate() {
            let value = self.expression(child);
            if at + 1 == count {
                last = value.form;
            } else {
                self.before_value(value);
            }
        }
        last
    }

    /// `a.b` where `a` is a package that is required on the spot.
    fn required_member(&mut self, node: Node<'t>) -> Option<Form> {
        let (from, member) = modules::required(self.text, node)?;
        let alias = self.import_of(&from, member.as_deref(), node);
        Some(Form::Name(alias))
    }
}

/// What is left without parentheses, `await`, casts and `!`.
pub(super) fn plain(mut node: Node<'_>) -> Node<'_> {
    loop {
        let inner = match node.kind() {
            "parenthesized_expression"
            | "await_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "instantiation_expression"
            | "jsx_expression"
            | "expression_statement" => children(node).into_iter().next(),
            "type_assertion" => children(node).into_iter().last(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// `process.env.NAME` as a call, which is what other languages have for it.
pub(super) fn environment(of: &Expression, name: &str) -> Option<Form> {
    let Form::Attribute(base, env) = &of.form else { return None };
    let known = match &base.form {
        Form::Name(base) => matches!(base.as_str(), "process" | "Bun"),
        // `import.meta.env`, `globalThis.process.env`.
        Form::Attribute(_, last) => last == "meta" || last == "process",
        Form::Opaque(_) => true,
        _ => false,
    };
    if env != "env" || !known {
        return None;
    }
    let function = form_at(of, Form::Name(ENVIRONMENT.to_owned()));
    Some(Form::Call(Box::new(function), vec![argument(form_at(of, Form::Text(name.to_owned())))]))
}

/// `a || b`; for a variable of the environment, its default.
pub(super) fn or(left: Expression, right: Expression) -> Form {
    match left.form {
        Form::Call(function, mut arguments) if arguments.len() == 1 && is_environment(&function) => {
            arguments.push(argument(right));
            Form::Call(function, arguments)
        }
        form => {
            let left = Expression { span: left.span, line: left.line, form };
            Form::Choice(vec![left, right])
        }
    }
}

fn is_environment(function: &Expression) -> bool {
    matches!(&function.form, Form::Name(name) if name == ENVIRONMENT)
}

/// The pieces of a term of a sum of texts.
fn pieces(value: Expression) -> Vec<Piece> {
    match value.form {
        Form::Text(text) => vec![Piece::Text(text)],
        Form::Template(pieces) => pieces,
        form => vec![Piece::Value(Expression { span: value.span, line: value.line, form })],
    }
}

/// Is there a call in it?
pub(super) fn has_call(value: &Expression) -> bool {
    match &value.form {
        Form::Call(..) | Form::Closure(_) => true,
        Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null | Form::Name(_) => false,
        Form::Template(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Value(value) if has_call(value))),
        Form::Attribute(of, _) => has_call(of),
        Form::Index(left, right) | Form::Binary(_, left, right) => has_call(left) || has_call(right),
        Form::Construct(_, fields) => fields.iter().any(|(_, value)| has_call(value)),
        Form::Choice(values) | Form::List(values) | Form::Opaque(values) => values.iter().any(has_call),
        Form::Map(pairs) => pairs.iter().any(|(key, value)| has_call(value) || key.as_ref().is_some_and(has_call)),
        Form::Comprehension { .. } => true,
    }
}
