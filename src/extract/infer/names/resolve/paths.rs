//! Paths: values with a separator in them, of any depth, are one value.

use std::collections::BTreeSet;

use super::place::Keyed;
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::tree::{Node, is_word};

/// Different depths that make a path of what follows.
const DEPTHS: usize = 3;
/// Different parts at its start.
const STARTS: usize = 6;

/// Takes the names that are paths out of what stands after one separator, and puts them together.
pub fn take_paths<F: Merge>(separator: u8, group: &mut Vec<Keyed<F>>) -> Option<Node<F>> {
    let mut depths = BTreeSet::new();
    let mut starts = 0;
    let path = |keyed: &Keyed<F>| {
        let (key, edge) = keyed;
        let onward = edge.node.edges.keys().any(|key| key[0] == b'/');
        is_word(key) && (onward || separator == b'/') && slashes_only(&edge.node)
    };
    for keyed in group.iter().filter(|keyed| path(keyed)) {
        starts += 1;
        measure(&keyed.1.node, 1, &mut depths);
    }
    if depths.len() < DEPTHS || starts < STARTS {
        return None;
    }
    let mut all = Node::default();
    let mut left = Vec::new();
    for keyed in std::mem::take(group) {
        if path(&keyed) {
            let mut node = keyed.1.node;
            node.gather(&mut all, &mut 0);
            all.merge(node, usize::MAX, &mut 0);
        } else {
            left.push(keyed);
        }
    }
    *group = left;
    Some(all)
}

fn slashes_only<F>(node: &Node<F>) -> bool {
    node.edges.iter().all(|(key, edge)| key[0] == b'/' && slashes_only(&edge.node))
}

fn measure<F>(node: &Node<F>, depth: usize, depths: &mut BTreeSet<usize>) {
    if node.leaf.is_some() {
        depths.insert(depth);
    }
    for edge in node.edges.values() {
        measure(&edge.node, depth + 1, depths);
    }
}
