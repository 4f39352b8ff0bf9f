//! Words with a dot in them whose halves recur crosswise, as `mail`, `mail.DQ`, `sms` and `sms.DQ`: there the dot is a
//! separator. Where they do not, as in names of people and hosts, it is none.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Keyed;
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::Slot;
use crate::extract::infer::names::tree::{Edge, Node, is_word};

/// Different ends of words, at most, in which the dot is a separator: ends are few and fixed.
const ENDS: usize = 12;

/// Parts such words at their first dot.
pub fn part<F: Merge>(group: Vec<Keyed<F>>) -> Vec<Keyed<F>> {
    let mut ends: BTreeMap<&[u8], BTreeSet<&[u8]>> = BTreeMap::new();
    let mut dotted = 0;
    for (key, _) in group.iter().filter(|(key, _)| is_word(key)) {
        let (head, end) = halves(key);
        dotted += usize::from(!end.is_empty());
        ends.entry(head).or_default().insert(end);
    }
    let mut heads_of: BTreeMap<&[u8], usize> = BTreeMap::new();
    for end in ends.values().flatten() {
        *heads_of.entry(end).or_default() += 1;
    }
    heads_of.retain(|_, heads| *heads >= 2);
    let crossed: BTreeSet<Box<[u8]>> = ends
        .iter()
        .filter(|(_, ends)| ends.iter().filter(|end| heads_of.contains_key(*end)).count() >= 2)
        .map(|(head, _)| Box::from(*head))
        .collect();
    let covered = group
        .iter()
        .filter(|(key, _)| is_word(key) && !halves(key).1.is_empty() && crossed.contains(halves(key).0))
        .count();
    if crossed.len() < 2 || heads_of.len() > ENDS || covered * 2 < dotted {
        return group;
    }
    let mut parted: BTreeMap<Box<[u8]>, Edge<F>> = BTreeMap::new();
    for (key, edge) in group {
        let (head, end) = halves(&key);
        if !is_word(&key) || !crossed.contains(head) {
            parted.insert(key, edge);
            continue;
        }
        let head: Box<[u8]> = head.into();
        let under = if end.is_empty() {
            edge.node
        } else {
            let whole = edge.slots.first().map(|slot| slot.inside(head.len(), 0));
            let slots: Vec<Slot> = whole.into_iter().chain(edge.slots.into_iter().skip(1)).collect();
            let mut node = Node::default();
            node.edges.insert(end.into(), Edge { slots, node: edge.node });
            node
        };
        let known = parted.entry(head).or_insert_with(|| Edge { slots: Vec::new(), node: Node::default() });
        known.node.merge(under, usize::MAX, &mut 0);
    }
    parted.into_iter().collect()
}

/// What stands before the first dot, and what follows with the dot. A word with a variable place before the dot, or nothing,
/// is whole.
fn halves(key: &[u8]) -> (&[u8], &[u8]) {
    match key.iter().skip(2).position(|byte| *byte == b'.').map(|at| at + 2) {
        Some(at) if at + 1 < key.len() && !key[1..at].iter().any(|byte| Class::of_byte(*byte).is_some()) => {
            key.split_at(at)
        }
        _ => (key, &[]),
    }
}
