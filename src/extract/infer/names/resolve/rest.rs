//! Names of bytes that are no text: where in them a separator stands is chance.

use super::place::{Keyed, leaves};
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::tree::Node;

/// How many times as many names are directly behind a separator as behind another part, for that part to be chance.
const TIMES: usize = 4;

/// Puts what goes on to nothing but `rest` to the `rest` that stands beside it.
pub fn gather<F: Merge>(group: &mut Vec<Keyed<F>>) {
    let is_rest = |keyed: &Keyed<F>| keyed.0.len() == 2 && keyed.0[1] == Class::Rest as u8;
    let Some(at) = group.iter().position(is_rest) else { return };
    let (key, mut rest) = group.remove(at);
    let there = leaves(&rest.node, usize::MAX);
    let mut left = Vec::new();
    for (key, edge) in std::mem::take(group) {
        if only_rest(&edge.node) && leaves(&edge.node, usize::MAX).saturating_mul(TIMES) <= there {
            let mut node = edge.node;
            node.gather(&mut rest.node, &mut 0);
        } else {
            left.push((key, edge));
        }
    }
    left.push((key, rest));
    left.sort_by(|(a, _), (b, _)| a.cmp(b));
    *group = left;
}

/// Do all names here end in `rest`? The depth is that of the tree, which is bounded.
fn only_rest<F>(node: &Node<F>) -> bool {
    node.leaf.is_none()
        && !node.edges.is_empty()
        && node.edges.iter().all(|(key, edge)| (key.len() == 2 && key[1] == Class::Rest as u8) || only_rest(&edge.node))
}
