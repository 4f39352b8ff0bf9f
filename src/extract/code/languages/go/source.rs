//! A Go file under lowering: its text, how deep the walk is, and what is known of its types.

pub(super) use super::super::syntax::{field, plain};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::super::super::program::{Expression, Form};

/// So many levels of expressions are read; what is deeper is a fault, not an overflow of the stack.
const DEPTH: u32 = 240;

/// A file that is being lowered.
pub(super) struct Source<'t> {
    /// Its text.
    pub text: &'t str,
    /// How deep the walk is.
    pub depth: Cell<u32>,
    /// Lines that were not read.
    pub faults: RefCell<Vec<u32>>,
    /// The number that `iota` stands for.
    pub iota: Cell<u32>,
    /// Fields of the structs of the file, for literals without names.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Names of iterators, whose `Val()` is an element.
    pub iterators: RefCell<BTreeSet<String>>,
}

impl<'t> Source<'t> {
    /// What a node covers.
    pub(super) fn of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// Does the file say how an object of this type is written: `func (s Side) String() string`?
    pub(super) fn has_text(&self, kind: &str) -> bool {
        let method = format!("{kind}) String()");
        self.text.lines().any(|line| line.starts_with("func (") && line.contains(&method))
    }

    /// The line of a node, from 1.
    pub(super) fn line(&self, node: Node<'_>) -> u32 {
        u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// An expression at the place of a node.
    pub(super) fn at(&self, node: Node<'_>, form: Form) -> Expression {
        let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        Expression { span: offset(node.start_byte())..offset(node.end_byte()), line: self.line(node), form }
    }

    /// Goes one level down; `false` where it is too deep.
    pub(super) fn enter(&self, node: Node<'_>) -> bool {
        let depth = self.depth.get();
        if depth >= DEPTH {
            self.faults.borrow_mut().push(self.line(node));
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
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// All children of a field.
pub(super) fn fields<'n>(node: Node<'n>, name: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}
