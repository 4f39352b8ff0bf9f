//! Words that recur under several neighbours, as the names of queues under `failed:`, `queue:` and `workers:`. When the
//! neighbours hold keys of different meanings, and the words under each hold keys of one, the words are what varies.
//!
//! When all hold keys of one meaning, as far as is known, it is a grid, and either side may vary. Then it is the side that
//! stands elsewhere in names too, as the names of queues that are keys themselves; else the side that has fewer words such
//! as programs are built of (`failed`, `lock`); else the words, if they are many more than the neighbours.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::outline::{Outline, outlines};
use super::place::Keyed;
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::Slot;
use crate::extract::infer::names::tree::{Edge, Node, is_word, whole_slot};
use crate::extract::infer::names::words::is_structural;

/// Words that recur, at least.
const WORDS: usize = 3;
/// Neighbours of a grid that stay, at most.
const FEW: usize = 12;
/// How many times as many as their neighbours words of a grid are at least, if nothing else speaks for them.
const MANY: usize = 2;

/// Makes recurring words under the parts of one place a variable there. Returns the parts that were found not to vary.
pub fn fold_recurring<F: Merge>(group: &mut [Keyed<F>], known: &Known) -> Vec<Box<[u8]>> {
    let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
    let parents: Vec<usize> = (0..group.len()).filter(|at| is_word(&group[*at].0)).collect();
    for at in &parents {
        for key in group[*at].1.node.edges.keys().filter(|key| is_word(key)) {
            *places.entry(key).or_default() += 1;
        }
    }
    // The words that stand under the most neighbours, and those that stand under nearly as many.
    let Some(most) = places.values().max().copied().filter(|most| *most >= 2) else { return Vec::new() };
    let words: BTreeSet<Box<[u8]>> =
        places.iter().filter(|(_, count)| **count * 2 > most).map(|(key, _)| Box::from(*key)).collect();
    if words.len() < WORDS {
        return Vec::new();
    }
    let members: Vec<usize> = parents
        .into_iter()
        .filter(|at| group[*at].1.node.edges.keys().filter(|key| words.contains(*key)).count() * 2 >= words.len())
        .collect();
    if members.len() < 2 {
        return Vec::new();
    }
    let mut grid = false;
    let words = match side(group, &members, &words) {
        Side::Words => words,
        Side::Unknown => {
            let ending = ending(group, &members, words);
            if ending.len() < WORDS || !words_of_grid(group, (&members, &ending), known) {
                return Vec::new();
            }
            // Neighbours of which it is known that they hold the same are judged like any others; without that they stay.
            let structural = members.iter().filter(|at| is_structural(&group[**at].0[1..])).count();
            grid = members.len() <= FEW && (structural > 0 || !hold_the_same(group, &members));
            ending
        }
        Side::Neighbours => return Vec::new(),
    };
    let words = with_rarer(group, &members, words);
    for at in members.iter().copied().chain(with_few(group, &members, &words)) {
        fold(&mut group[at].1.node, &words);
    }
    let fixed = members.into_iter().filter(|_| grid);
    fixed.map(|at| group[at].0.clone()).collect()
}

/// Which side varies, by the meanings of keys.
#[derive(Debug, PartialEq, Eq)]
enum Side {
    Words,
    Neighbours,
    Unknown,
}

fn side<F: Merge>(group: &[Keyed<F>], members: &[usize], words: &BTreeSet<Box<[u8]>>) -> Side {
    let nodes: Vec<&Node<F>> = members.iter().map(|at| &group[*at].1.node).collect();
    let outer = outlines(&nodes);
    let inner: Vec<Vec<Outline>> = nodes
        .iter()
        .map(|node| {
            let under: Vec<&Node<F>> =
                node.edges.iter().filter(|(key, _)| words.contains(*key)).map(|(_, edge)| &edge.node).collect();
            outlines(&under)
        })
        .collect();
    let known = |outline: &Outline| outline.0.values().all(|signature| !signature.is_empty());
    let alike = |outlines: &[Outline]| outlines.iter().all(|outline| outline.likeness(&outlines[0]) >= 0.5);
    let apart = |outlines: &[Outline]| {
        let known: Vec<&Outline> = outlines.iter().filter(|outline| known(outline)).collect();
        known.iter().any(|outline| known.iter().any(|other| outline.likeness(other) < 0.5))
    };
    match (apart(&outer), inner.iter().all(|outlines| alike(outlines))) {
        (true, true) => Side::Words,
        (false, _) if !inner.iter().any(|outlines| meanings_differ(outlines)) => Side::Unknown,
        _ => Side::Neighbours,
    }
}

/// The words, and rarer ones beside them that go on alike: a value that few neighbours have is one of those that most have.
fn with_rarer<F: Merge>(group: &[Keyed<F>], members: &[usize], mut words: BTreeSet<Box<[u8]>>) -> BTreeSet<Box<[u8]>> {
    let edges = || members.iter().flat_map(|at| &group[*at].1.node.edges);
    let Some((_, known)) = edges().find(|(key, _)| words.contains(*key)) else { return words };
    let mut rarer: BTreeMap<&[u8], Vec<&Node<F>>> = BTreeMap::new();
    for (key, edge) in edges().filter(|(key, _)| is_word(key) && !words.contains(*key) && !is_structural(&key[1..])) {
        rarer.entry(key).or_default().push(&edge.node);
    }
    for (key, mut nodes) in rarer.into_iter().filter(|(_, nodes)| nodes.len() >= 2) {
        nodes.push(&known.node);
        let all = outlines(&nodes);
        // Names alone say too little of a word that few have.
        if all.iter().all(|outline| outline.is_typed() && outline.likeness(&all[0]) >= 0.5) {
            words.insert(key.into());
        }
    }
    words
}

/// Neighbours under which few of the words stand, and no other: of them it is chance which do.
fn with_few<F: Merge>(group: &[Keyed<F>], members: &[usize], words: &BTreeSet<Box<[u8]>>) -> Vec<usize> {
    let few = |at: &usize| {
        let (key, edge) = &group[*at];
        let mut under = edge.node.edges.iter().filter(|(key, _)| is_word(key)).peekable();
        is_word(key)
            && !members.contains(at)
            && under.peek().is_some()
            && under.all(|(key, edge)| words.contains(key) && outlines(&[&edge.node]).iter().all(Outline::is_typed))
    };
    (0..group.len()).filter(few).collect()
}

/// Is more than the type known of what the keys under these neighbours hold, and is that the same?
fn hold_the_same<F: Merge>(group: &[Keyed<F>], members: &[usize]) -> bool {
    let nodes: Vec<&Node<F>> = members.iter().map(|at| &group[*at].1.node).collect();
    let all = outlines(&nodes);
    all.iter().all(|outline| outline.is_known() && outline.likeness(&all[0]) >= 0.5)
}

/// Do keys after these words mean different things, though names go on alike?
fn meanings_differ(outlines: &[Outline]) -> bool {
    outlines.iter().any(|one| outlines.iter().any(|other| one.contradicts(other)))
}

/// The words after which names end, wherever they stand.
fn ending<F>(group: &[Keyed<F>], members: &[usize], words: BTreeSet<Box<[u8]>>) -> BTreeSet<Box<[u8]>> {
    let ends = |word: &[u8]| {
        let mut edges = members.iter().filter_map(|at| group[*at].1.node.edges.get(word));
        edges.all(|edge| edge.node.leaf.is_some())
    };
    words.into_iter().filter(|word| ends(word)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "at most thousands")]
fn words_of_grid<F>(group: &[Keyed<F>], (members, words): (&[usize], &BTreeSet<Box<[u8]>>), all: &Known) -> bool {
    let share = |count: usize, of: usize| count as f64 / of as f64;
    let neighbours: Vec<&[u8]> = members.iter().map(|at| &group[*at].0[1..]).collect();
    let elsewhere = (
        share(words.iter().filter(|word| all.places(&word[1..]) > members.len()).count(), words.len()),
        share(neighbours.iter().filter(|word| all.places(word) > 1).count(), members.len()),
    );
    if (elsewhere.0 - elsewhere.1).abs() >= 0.5 {
        return elsewhere.0 > elsewhere.1;
    }
    let structural = (
        share(words.iter().filter(|word| is_structural(&word[1..])).count(), words.len()),
        share(neighbours.iter().filter(|word| is_structural(word)).count(), members.len()),
    );
    if (structural.0 - structural.1).abs() >= 0.3 {
        return structural.0 < structural.1;
    }
    words.len() >= MANY * members.len()
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
