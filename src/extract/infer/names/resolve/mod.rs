//! From the tree to patterns, from the root down: at each place the words that mean the same become one variable, what hangs
//! under them is put together, and the next place is looked at with the evidence of all.

mod cluster;
mod cross;
mod disjoint;
mod dotted;
mod kind;
mod known;
mod naming;
mod outline;
mod paths;
mod place;
mod rest;
mod templates;
mod write;

use std::collections::HashSet;

use super::look::Class;
use super::slot::Slot;
use super::tree::{Leaf, Node};
use super::{Found, Merge};
use crate::registry::ParamKind;

/// A pattern on its way.
#[derive(Debug)]
struct Sketch<F> {
    parts: Vec<Part>,
    leaf: Leaf<F>,
}

/// A piece of a pattern.
#[derive(Debug, Clone)]
enum Part {
    /// Stands in every name.
    Text(String),
    /// Varies.
    Variable(Variable),
}

/// What varies.
#[derive(Debug, Clone)]
struct Variable {
    class: Class,
    slot: Slot,
    kind: ParamKind,
}

impl Variable {
    fn new(class: Class, slot: Slot) -> Self {
        let kind = kind::of(class, &slot);
        Self { class, slot, kind }
    }
}

/// The patterns of all names of a tree. Words that are known as data, by hash, are no words of a layout.
pub(super) fn patterns<F: Merge>(root: Node<F>, data: HashSet<u64>) -> Vec<Found<F>> {
    let mut sketches = Vec::new();
    let mut known = known::Known::of(&root, data);
    // What varies at one place is data at any: the first look is for that alone.
    walk(root.outlined(), &known, &mut Vec::new(), &mut Vec::new());
    known.learn();
    walk(root, &known, &mut Vec::new(), &mut sketches);
    let sketches = disjoint::settle(sketches);
    write::found(sketches)
}

/// The depth is that of the tree, which is bounded.
fn walk<F: Merge>(node: Node<F>, known: &known::Known, prefix: &mut Vec<Part>, out: &mut Vec<Sketch<F>>) {
    let Node { leaf, edges, .. } = node;
    if let Some(leaf) = leaf {
        out.push(Sketch { parts: prefix.clone(), leaf: *leaf });
    }
    let depth = prefix.len();
    let mut edges = edges.into_iter().peekable();
    while let Some((key, edge)) = edges.next() {
        // Edges are sorted by their keys, of which the separator is the first byte.
        let separator = key[0];
        let mut group = vec![(key, edge)];
        while let Some(next) = edges.next_if(|(key, _)| key[0] == separator) {
            group.push(next);
        }
        rest::gather(&mut group);
        let paths = paths::take_paths(separator, &mut group)
            .map(|node| (vec![Part::Variable(Variable::new(Class::Rest, Slot::default()))], node));
        for (parts, node) in place::decide(group, known, depth == 0).into_iter().chain(paths) {
            if separator != 0 {
                prefix.push(Part::Text(char::from(separator).to_string()));
            }
            prefix.extend(parts);
            walk(node, known, prefix, out);
            prefix.truncate(depth);
        }
    }
}
