//! Words that recur under several neighbours, as the names of queues under `failed:`, `queue:` and `workers:`. When the
//! neighbours hold keys of different meanings, and the words under each hold keys of one, the words are what varies.

use std::collections::{BTreeMap, BTreeSet};

use super::outline::{Outline, outlines};
use super::place::Keyed;
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::Slot;
use crate::extract::infer::names::tree::{Edge, Node, is_word, whole_slot};

/// Words that recur, at least.
const WORDS: usize = 3;

/// Makes recurring words under the parts of one place a variable there.
pub fn fold_recurring<F: Merge>(group: &mut [Keyed<F>]) {
    let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
    let parents: Vec<usize> = (0..group.len()).filter(|at| is_word(&group[*at].0)).collect();
    for at in &parents {
        for key in group[*at].1.node.edges.keys().filter(|key| is_word(key)) {
            *places.entry(key).or_default() += 1;
        }
    }
    // The words that stand under the most neighbours, and those that stand under nearly as many.
    let Some(most) = places.values().max().copied().filter(|most| *most >= 2) else { return };
    let words: BTreeSet<Box<[u8]>> =
        places.iter().filter(|(_, count)| **count * 2 > most).map(|(key, _)| Box::from(*key)).collect();
    if words.len() < WORDS {
        return;
    }
    let members: Vec<usize> = parents
        .into_iter()
        .filter(|at| group[*at].1.node.edges.keys().filter(|key| words.contains(*key)).count() * 2 >= words.len())
        .collect();
    if members.len() < 2 || !words_are_the_variable(group, &members, &words) {
        return;
    }
    for at in members {
        fold(&mut group[at].1.node, &words);
    }
}

fn words_are_the_variable<F: Merge>(group: &[Keyed<F>], members: &[usize], words: &BTreeSet<Box<[u8]>>) -> bool {
    let nodes: Vec<&Node<F>> = members.iter().map(|at| &group[*at].1.node).collect();
    let known = |outline: &Outline| outline.0.values().all(|signature| !signature.is_empty());
    let outer = outlines(&nodes);
    let inner = nodes.iter().map(|node| {
        let under: Vec<&Node<F>> =
            node.edges.iter().filter(|(key, _)| words.contains(*key)).map(|(_, edge)| &edge.node).collect();
        outlines(&under)
    });
    let inner: Vec<Vec<Outline>> = inner.collect();
    let alike = |outlines: &[Outline]| outlines.iter().all(|outline| outline.likeness(&outlines[0]) >= 0.5);
    let apart = outer
        .iter()
        .filter(|outline| known(outline))
        .any(|outline| outer.iter().any(|other| known(other) && outline.likeness(other) < 0.5));
    apart && inner.iter().all(|outlines| alike(outlines))
}

fn fold<F: Merge>(node: &mut Node<F>, words: &BTreeSet<Box<[u8]>>) {
    let (found, rest): (BTreeMap<_, _>, BTreeMap<_, _>) =
        std::mem::take(&mut node.edges).into_iter().partition(|(key, _)| words.contains(key));
    node.edges = rest;
    let mut variables: BTreeMap<u8, (Slot, Node<F>)> = BTreeMap::new();
    for (key, edge) in found {
        let (slot, under) = variables.entry(key[0]).or_default();
        slot.merge(whole_slot(&key, edge.slots));
        under.merge(edge.node, usize::MAX, &mut 0);
    }
    for (separator, (slot, under)) in variables {
        let mut one = Node::default();
        one.edges.insert(Box::new([separator, Class::Word as u8]), Edge { slots: vec![slot], node: under });
        node.merge(one, usize::MAX, &mut 0);
    }
}
