//! A stretch of Rust source under lowering: where it lies in the file, how deep the walk is, and whose `impl` it is in.

pub(super) use super::super::syntax::{field, plain};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Import};

/// So many levels of expressions are read; what is deeper is a fault, not an overflow of the stack.
const DEPTH: u32 = 240;

/// What is gathered from all of a file.
#[derive(Default)]
pub(super) struct Gathered {
    /// Lines that were not read.
    pub faults: RefCell<Vec<u32>>,
    /// What it imports.
    pub imports: RefCell<Vec<Import>>,
    /// Names that paths begin with, and a line of each.
    pub roots: RefCell<BTreeMap<String, u32>>,
    /// Modules that are written in the file.
    pub inline: BTreeSet<String>,
}

/// Text that is being lowered. What stands in a macro is parsed by itself, so that its places must be moved back.
pub(super) struct Source<'t> {
    /// The text that nodes point into.
    pub text: &'t str,
    /// What to add to a byte offset to get that of the file.
    pub shift: i64,
    /// What to add to a row to get that of the file.
    pub rows: u32,
    /// How deep the walk is.
    pub depth: Cell<u32>,
    /// What is gathered from all of the file.
    pub all: &'t Gathered,
    /// In how many modules of the file this stands.
    pub modules: u32,
    /// What `Self` means here.
    pub owner: Option<String>,
    /// Type params and their bounds, so that `C: AsyncCommands` tells what a `C` is.
    pub bounds: Vec<(String, String)>,
}

impl<'t> Source<'t> {
    /// The same text with another `Self` and further bounds.
    pub(super) fn within(&self, owner: Option<String>, bounds: Vec<(String, String)>) -> Self {
        let mut all = self.bounds.clone();
        all.extend(bounds);
        Self {
            text: self.text,
            shift: self.shift,
            rows: self.rows,
            depth: self.depth.clone(),
            all: self.all,
            modules: self.modules,
            owner: owner.or_else(|| self.owner.clone()),
            bounds: all,
        }
    }

    /// What a node covers.
    pub(super) fn of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// The line of a node in the file, from 1.
    pub(super) fn line(&self, node: Node<'_>) -> u32 {
        u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(self.rows).saturating_add(1)
    }

    /// An expression at the place of a node.
    pub(super) fn at(&self, node: Node<'_>, form: Form) -> Expression {
        let move_back = |offset: usize| {
            let moved = i64::try_from(offset).unwrap_or(0).saturating_add(self.shift).max(0);
            u32::try_from(moved).unwrap_or(u32::MAX)
        };
        Expression { span: move_back(node.start_byte())..move_back(node.end_byte()), line: self.line(node), form }
    }

    /// Goes one level down; `false` where it is too deep.
    pub(super) fn enter(&self, node: Node<'_>) -> bool {
        let depth = self.depth.get();
        if depth >= DEPTH {
            self.all.faults.borrow_mut().push(self.line(node));
            return false;
        }
        self.depth.set(depth + 1);
        true
    }

    /// Comes back from a level.
    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

/// Children that mean something, comments left out.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !matches!(child.kind(), "line_comment" | "block_comment")).collect()
}

/// An expression of another form at the same place.
pub(super) fn like(place: &Expression, form: Form) -> Expression {
    Expression { span: place.span.clone(), line: place.line, form }
}

/// One of several, without a choice of one.
pub(super) fn choice(mut values: Vec<Expression>) -> Form {
    match values.len() {
        0 => Form::Null,
        1 => values.pop().map_or(Form::Null, |only| only.form),
        _ => Form::Choice(values),
    }
}
