//! What hangs under a word, in outline: the ways on from there, each with the signature of the keys at its end. Words of
//! one meaning have the same ways on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::tree::{Node, is_word};
use crate::extract::infer::names::{Merge, Signature};

/// Ways that are looked at under one word.
const WAYS: usize = 256;

/// Ways on, with what is known of the keys there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline(pub BTreeMap<Vec<u8>, Signature>);

/// The outlines of neighbours. A word in a way counts as that word where several neighbours have it, else as any word.
pub fn outlines<F: Merge>(nodes: &[&Node<F>]) -> Vec<Outline> {
    let raw: Vec<Vec<(Vec<&[u8]>, Signature)>> = nodes
        .iter()
        .map(|node| {
            let mut ways = Vec::new();
            collect(node, &mut Vec::new(), &mut ways);
            ways
        })
        .collect();
    let mut shared: HashMap<&[u8], usize> = HashMap::new();
    for ways in &raw {
        let words: BTreeSet<&[u8]> =
            ways.iter().flat_map(|(way, _)| way.iter().copied()).filter(|key| is_word(key)).collect();
        for word in words {
            *shared.entry(word).or_default() += 1;
        }
    }
    let needed = (nodes.len() / 20).max(2);
    raw.iter()
        .map(|ways| {
            let mut outline = Outline::default();
            for (way, signature) in ways {
                let mut path = Vec::new();
                for key in way {
                    if is_word(key) && shared.get(key).copied().unwrap_or(0) < needed {
                        path.extend([key[0], Class::Word as u8]);
                    } else {
                        path.extend_from_slice(key);
                    }
                    path.push(0);
                }
                outline.0.entry(path).or_default().extend(signature.iter().cloned());
            }
            outline
        })
        .collect()
}

fn collect<'n, F: Merge>(node: &'n Node<F>, way: &mut Vec<&'n [u8]>, ways: &mut Vec<(Vec<&'n [u8]>, Signature)>) {
    if ways.len() >= WAYS {
        return;
    }
    if let Some(leaf) = &node.leaf {
        ways.push((way.clone(), leaf.facts.signature()));
    }
    for (key, edge) in &node.edges {
        way.push(key);
        collect(&edge.node, way, ways);
        way.pop();
    }
}

/// Can keys of these signatures mean the same?
pub fn agree(a: &Signature, b: &Signature) -> bool {
    a.is_empty() || b.is_empty() || !a.is_disjoint(b)
}

impl Outline {
    /// How much of the smaller outline is in the other, 0 to 1; none when a way leads to keys of another meaning.
    #[allow(clippy::cast_precision_loss, reason = "at most some hundreds")]
    pub fn likeness(&self, other: &Self) -> f64 {
        let mut common = 0;
        for (way, signature) in &self.0 {
            if let Some(known) = other.0.get(way) {
                if !agree(signature, known) {
                    return 0.0;
                }
                common += 1;
            }
        }
        f64::from(common) / (self.0.len().min(other.0.len()).max(1) as f64)
    }

    /// Adds the ways of another.
    pub fn extend(&mut self, other: &Self) {
        for (way, signature) in &other.0 {
            self.0.entry(way.clone()).or_default().extend(signature.iter().cloned());
        }
    }
}
