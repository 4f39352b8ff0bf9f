//! The syntax tree of Python as a program in neutral terms: files and statements.

use std::path::Path;
use std::sync::Arc;

use tree_sitter::{Node, Parser};

use crate::extract::code::program::{Expression, Import, Statement, Unit};

/// Deeper nesting is not read.
pub(super) const DEPTH: u32 = 160;

/// What is being read.
pub(super) struct Lower<'t> {
    pub(super) text: &'t str,
    pub(super) imports: Vec<Import>,
    entry: bool,
    pub(super) depth: u32,
    /// Assignments in expressions (`:=`), that come before the statement they stand in.
    pub(super) ahead: Vec<Statement>,
}

pub(super) fn lower(path: &Path, text: Arc<str>) -> Unit {
    let mut parser = Parser::new();
    let mut unit = Unit {
        path: path.to_owned(),
        text: text.clone(),
        imports: Vec::new(),
        body: Vec::new(),
        entry: false,
        faults: Vec::new(),
    };
    if parser.set_language(&tree_sitter_python::LANGUAGE.into()).is_err() {
        return unit;
    }
    let Some(tree) = parser.parse(text.as_bytes(), None) else { return unit };
    let mut lower =
        Lower { text: &text, imports: Vec::new(), entry: text.starts_with("#!"), depth: 0, ahead: Vec::new() };
    unit.body = lower.block(tree.root_node(), None);
    unit.imports = lower.imports;
    unit.entry = lower.entry;
    if tree.root_node().has_error() {
        unit.faults = faults(tree.root_node());
    }
    unit
}

/// The lines that could not be read.
fn faults(root: Node<'_>) -> Vec<u32> {
    let mut lines = Vec::new();
    let mut ahead = vec![root];
    while let Some(node) = ahead.pop() {
        if node.is_error() || node.is_missing() {
            lines.push(line(node));
        } else if node.has_error() {
            let mut cursor = node.walk();
            ahead.extend(node.children(&mut cursor));
        }
        if lines.len() > 100 {
            break;
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

pub(super) fn line(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).map_or(u32::MAX, |row| row.saturating_add(1))
}

/// The children with names, without comments.
pub(super) fn named<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| child.kind() != "comment" && child.kind() != "line_continuation")
        .collect()
}

/// The children under a field's name.
pub(super) fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

impl<'t> Lower<'t> {
    pub(super) fn of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The statements of a block; `class` is the name of the class that it is the body of.
    pub(super) fn block(&mut self, node: Node<'_>, class: Option<&str>) -> Vec<Statement> {
        let mut body = Vec::new();
        if self.depth > DEPTH {
            return body;
        }
        self.depth += 1;
        for child in named(node) {
            self.statement(child, &mut body, class);
        }
        self.depth -= 1;
        body
    }

    /// Puts a statement made of an expression after the assignments in it.
    fn push(&mut self, body: &mut Vec<Statement>, statement: Statement) {
        body.append(&mut self.ahead);
        body.push(statement);
    }

    fn condition(&mut self, node: Option<Node<'_>>, body: &mut Vec<Statement>) {
        if let Some(node) = node {
            let condition = self.expression(node);
            self.push(body, Statement::Evaluate(condition));
        }
    }

    fn statement(&mut self, node: Node<'_>, body: &mut Vec<Statement>, class: Option<&str>) {
        match node.kind() {
            "expression_statement" => {
                for child in named(node) {
                    self.simple(child, body);
                }
            }
            "return_statement" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.push(body, Statement::Return(value));
            }
            "if_statement" => self.branches(node, body),
            "for_statement" => self.each(node, body),
            "while_statement" => {
                self.condition(node.child_by_field_name("condition"), body);
                let inner = node.child_by_field_name("body").map(|inner| self.block(inner, None)).unwrap_or_default();
                body.push(Statement::Block(inner));
                self.alternative(node, body);
            }
            "try_statement" => self.attempt(node, body),
            "with_statement" => self.with(node, body),
            "match_statement" => self.matching(node, body),
            "function_definition" => {
                let function = self.function(node, Vec::new(), class.is_some());
                body.push(Statement::Function(Arc::new(function)));
            }
            "class_definition" => {
                let class = self.class(node);
                body.push(Statement::Class(class));
            }
            "decorated_definition" => self.decorated(node, body, class),
            "import_statement" | "import_from_statement" | "future_import_statement" => self.import(node),
            "block" | "ERROR" | "module" | "else_clause" | "finally_clause" => {
                for child in named(node) {
                    self.statement(child, body, class);
                }
            }
            "pass_statement" | "break_statement" | "continue_statement" | "global_statement" | "nonlocal_statement" => {
            }
            "raise_statement" => self.raised(node, body),
            "assert_statement" | "delete_statement" | "exec_statement" | "print_statement" | "type_alias_statement" => {
                for child in named(node) {
                    let value = self.expression(child);
                    self.push(body, Statement::Evaluate(value));
                }
            }
            _ => self.simple(node, body),
        }
    }

    /// A loop over something.
    fn each(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let (target, over) = (self.expression(left), self.expression(right));
        body.append(&mut self.ahead);
        let inner = node.child_by_field_name("body").map(|inner| self.block(inner, None)).unwrap_or_default();
        body.push(Statement::Each { target, over, body: inner });
        self.alternative(node, body);
    }

    /// `match`: any of its cases, or none.
    fn matching(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        self.condition(node.child_by_field_name("subject"), body);
        let cases = node.child_by_field_name("body").map(named).unwrap_or_default();
        let mut arms = vec![Vec::new()];
        for case in cases {
            if let Some(inner) = case.child_by_field_name("consequence") {
                arms.push(self.block(inner, None));
            }
        }
        body.push(Statement::Branches(arms));
    }

    /// A function or class with decorators.
    fn decorated(&mut self, node: Node<'_>, body: &mut Vec<Statement>, class: Option<&str>) {
        let decorators: Vec<Expression> = named(node)
            .into_iter()
            .filter(|child| child.kind() == "decorator")
            .filter_map(|child| named(child).first().map(|inner| self.expression(*inner)))
            .collect();
        match node.child_by_field_name("definition") {
            Some(inner) if inner.kind() == "function_definition" => {
                let function = self.function(inner, decorators, class.is_some());
                body.push(Statement::Function(Arc::new(function)));
            }
            Some(inner) => self.statement(inner, body, class),
            None => {}
        }
    }

    /// What is raised ends the way.
    fn raised(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let raised: Vec<Expression> = named(node).into_iter().map(|child| self.expression(child)).collect();
        for value in raised {
            self.push(body, Statement::Evaluate(value));
        }
        body.push(Statement::Return(None));
    }

    fn simple(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        match node.kind() {
            "assignment" => self.assignment(node, body),
            "augmented_assignment" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                else {
                    return;
                };
                let operator = node.child_by_field_name("operator").map_or("+=", |operator| self.of(operator));
                let statement = Statement::Augment {
                    target: self.expression(left),
                    operator: operator.trim_end_matches('=').to_owned(),
                    value: self.expression(right),
                };
                self.push(body, statement);
            }
            "yield" => {
                // A context manager or generator: what it yields is what its user gets.
                let value = named(node).first().map(|value| self.expression(*value));
                // Code after a yield runs too, so it is a way that may be left, not an end.
                self.push(body, Statement::Branches(vec![vec![Statement::Return(value)], Vec::new()]));
            }
            _ => {
                let value = self.expression(node);
                self.push(body, Statement::Evaluate(value));
            }
        }
    }

    fn assignment(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let Some(left) = node.child_by_field_name("left") else { return };
        let annotation = node.child_by_field_name("type").map(|kind| self.of(kind).to_owned());
        let right = node.child_by_field_name("right");
        match right {
            // `a = b = value`: the inner one comes first.
            Some(inner) if inner.kind() == "assignment" => {
                self.assignment(inner, body);
                let value = match body.last() {
                    Some(Statement::Assign { value, .. }) => value.clone(),
                    _ => None,
                };
                let target = self.expression(left);
                body.push(Statement::Assign { target, annotation, value });
            }
            Some(right) if right.kind() == "augmented_assignment" => self.simple(right, body),
            right => {
                let value = right.map(|value| self.expression(value));
                let target = self.expression(left);
                self.push(body, Statement::Assign { target, annotation, value });
            }
        }
    }

    fn branches(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let condition = node.child_by_field_name("condition");
        if condition.is_some_and(|condition| self.of(condition).contains("__main__")) {
            self.entry = true;
        }
        self.condition(condition, body);
        let mut arms = Vec::new();
        if let Some(inner) = node.child_by_field_name("consequence") {
            arms.push(self.block(inner, None));
        }
        let mut complete = false;
        for clause in fields(node, "alternative") {
            let mut arm = Vec::new();
            self.condition(clause.child_by_field_name("condition"), &mut arm);
            complete |= clause.kind() == "else_clause";
            let inner = clause.child_by_field_name("consequence").or_else(|| clause.child_by_field_name("body"));
            if let Some(inner) = inner {
                arm.extend(self.block(inner, None));
            }
            arms.push(arm);
        }
        if !complete {
            arms.push(Vec::new());
        }
        body.push(Statement::Branches(arms));
    }

    fn alternative(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        if let Some(clause) = node.child_by_field_name("alternative") {
            let inner = clause.child_by_field_name("body").unwrap_or(clause);
            body.extend(self.block(inner, None));
        }
    }

    fn attempt(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let mut arms = Vec::new();
        let mut last = Vec::new();
        if let Some(inner) = node.child_by_field_name("body") {
            arms.push(self.block(inner, None));
        }
        for clause in named(node) {
            match clause.kind() {
                "except_clause" | "except_group_clause" => {
                    let blocks = named(clause).into_iter().filter(|child| child.kind() == "block");
                    let arm = blocks.flat_map(|block| self.block(block, None)).collect();
                    arms.push(arm);
                }
                "else_clause" | "finally_clause" => {
                    for block in named(clause).into_iter().filter(|child| child.kind() == "block") {
                        last.extend(self.block(block, None));
                    }
                }
                _ => {}
            }
        }
        body.push(Statement::Branches(arms));
        body.extend(last);
    }

    fn with(&mut self, node: Node<'_>, body: &mut Vec<Statement>) {
        let clauses = named(node).into_iter().filter(|child| child.kind() == "with_clause");
        for item in clauses.flat_map(named).filter(|item| item.kind() == "with_item") {
            let Some(value) = item.child_by_field_name("value") else { continue };
            if value.kind() == "as_pattern" {
                let parts = named(value);
                let value = parts.first().map(|value| self.expression(*value));
                let target =
                    parts.get(1).and_then(|alias| named(*alias).first().copied()).map(|target| self.expression(target));
                match (target, value) {
                    (Some(target), value) => self.push(body, Statement::Assign { target, annotation: None, value }),
                    (None, Some(value)) => self.push(body, Statement::Evaluate(value)),
                    (None, None) => {}
                }
            } else {
                let value = self.expression(value);
                self.push(body, Statement::Evaluate(value));
            }
        }
        if let Some(inner) = node.child_by_field_name("body") {
            // It is run once, so it goes on in the block around.
            body.extend(self.block(inner, None));
        }
    }
}
