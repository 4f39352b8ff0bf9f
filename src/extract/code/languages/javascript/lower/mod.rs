//! JavaScript and TypeScript in neutral terms.
//!
//! `await`, types, casts and optional chaining are dropped. What is an expression in JavaScript and a statement in the neutral
//! form (an assignment inside an expression, a class expression, a loop by `forEach`) is put before the statement that holds it.

mod calls;
mod classes;
mod expressions;
mod functions;
mod literals;
mod modules;
mod objects;
mod parse;
mod patterns;
mod prototypes;
mod rewrite;
mod statements;
#[cfg(test)]
mod tests;
mod types;

use std::path::Path;
use std::sync::Arc;

use tree_sitter::Node;

use crate::extract::code::languages::javascript::clients;
use crate::extract::code::program::{Argument, Expression, Form, Import, Statement, Unit};

/// How deep expressions and statements may nest. What is deeper is taken out and lowered on its own, under a made-up name.
const MAX_DEPTH: usize = 100;

/// How often something may be taken out because of its depth. A program of people never gets there.
const MAX_TAKEN_OUT: usize = 2_000;

/// The program of one file.
pub fn lower(path: &Path, text: Arc<str>) -> Unit {
    let mut unit =
        Unit { path: path.to_owned(), text: text.clone(), imports: vec![], body: vec![], entry: false, faults: vec![] };
    let Some((tree, faults)) = parse::parse(path, &text) else {
        return unit;
    };
    let mut lowering = Lowering::new(&text);
    let root = tree.root_node();
    unit.faults = faults;
    unit.body = lowering.top(root);
    unit.imports = lowering.imports;
    prototypes::gather(&mut unit.body, &mut unit.imports);
    unit.entry = text.starts_with("#!") || lowering.entry;
    unit
}

/// What is known on the way through one file.
struct Lowering<'t> {
    text: &'t str,
    imports: Vec<Import>,
    /// What comes before the statement at hand.
    before: Vec<Statement>,
    /// What was too deep, by the name that stands for it.
    taken_out: Vec<(String, Node<'t>)>,
    taken_out_so_far: usize,
    depth: usize,
    made_up: usize,
    /// Scripts that were defined as methods: name, text, number of keys.
    scripts: Vec<(String, Expression, Option<Expression>)>,
    entry: bool,
}

impl<'t> Lowering<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            imports: vec![],
            before: vec![],
            taken_out: vec![],
            taken_out_so_far: 0,
            depth: 0,
            made_up: 0,
            scripts: vec![],
            entry: false,
        }
    }

    /// The statements of a whole file.
    fn top(&mut self, root: Node<'t>) -> Vec<Statement> {
        let mut found = vec![];
        for node in children(root) {
            self.entry |= self.runs(node);
            let mut statements = vec![];
            self.statement(node, &mut statements);
            // What was taken out is written before what needs it; the last one taken out may need none of the others.
            let mut outside = vec![];
            while let Some((name, node)) = self.taken_out.pop() {
                let mut own = vec![];
                self.taken_out(name, node, &mut own);
                own.append(&mut outside);
                outside = own;
            }
            found.append(&mut outside);
            found.append(&mut statements);
        }
        found
    }

    /// Does the file import a package that speaks Redis? Imports stand before what they are for.
    fn speaks(&self) -> bool {
        self.imports.iter().any(|import| clients::is_package(&import.from))
    }

    /// The text of a node.
    fn text_of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// An expression at the place of a node.
    fn at(&self, node: Node<'_>, form: Form) -> Expression {
        Expression { span: span(node), line: line(node), form }
    }

    /// A name that no program has.
    fn make_up(&mut self, what: &str) -> String {
        self.made_up += 1;
        format!("<{what} {}>", self.made_up)
    }

    /// A name for this value, which may then be used several times: itself, if it is a path of names.
    fn named(&mut self, value: Expression, out: &mut Vec<Statement>) -> Expression {
        if is_path(&value) {
            return value;
        }
        let name = self.make_up("value");
        let name = name_at(&value, name);
        out.push(assign(name.clone(), value));
        name
    }
}

/// Is it `a` or `a.b.c`?
fn is_path(value: &Expression) -> bool {
    match &value.form {
        Form::Name(_) => true,
        Form::Attribute(of, _) => is_path(of),
        _ => false,
    }
}

/// The last name of `a.b.c`.
fn last_name(value: &Expression) -> Option<&str> {
    match &value.form {
        Form::Name(name) | Form::Attribute(_, name) => Some(name),
        _ => None,
    }
}

/// A name at the place of something else.
fn name_at(place: &Expression, name: impl Into<String>) -> Expression {
    form_at(place, Form::Name(name.into()))
}

/// A form at the place of something else.
fn form_at(place: &Expression, form: Form) -> Expression {
    Expression { span: place.span.clone(), line: place.line, form }
}

/// `of.name` at the place of `of`.
fn attribute(of: Expression, name: impl Into<String>) -> Expression {
    let name = name.into();
    if let Some(variable) = expressions::environment(&of, &name) {
        return form_at(&of, variable);
    }
    Expression { span: of.span.clone(), line: of.line, form: Form::Attribute(Box::new(of), name) }
}

/// `target = value`; a closure that gets a name becomes a function of that name.
fn assign(target: Expression, value: Expression) -> Statement {
    assign_typed(target, None, value)
}

/// `target: annotation = value`.
fn assign_typed(target: Expression, annotation: Option<String>, value: Expression) -> Statement {
    if let (Form::Name(name), Form::Closure(closure)) = (&target.form, &value.form) {
        let mut function = (**closure).clone();
        function.name.clone_from(name);
        return Statement::Function(Arc::new(function));
    }
    Statement::Assign { target, annotation, value: Some(value) }
}

/// An argument by place.
fn argument(value: Expression) -> Argument {
    Argument { name: None, value, spread: false }
}

/// The children that mean something.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// Is this word among the children: `static`, `get`, `async`?
fn has_word(node: Node<'_>, word: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == word)
}

fn span(node: Node<'_>) -> std::ops::Range<u32> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    offset(node.start_byte())..offset(node.end_byte())
}

fn line(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).map_or(u32::MAX, |row| row.saturating_add(1))
}
