//! Names as they come in: a tree by parts, bounded in memory, that is the same in whatever order they come.
//!
//! A node with more different words than the limit is folded: all its words become one variable, and what hangs under
//! them is put together. Whether a node ends folded depends only on the set of words that ever came there: that set only
//! grows, and putting nodes together gives at least the words of each, so that folding early or late gives the same tree.
//! When the nodes in all pass their limit, the tree goes to the next of a fixed row of stricter levels; from there on, on
//! names that no layout makes, the level reached may depend on the order, the bound and the cover of all names never do.

use std::collections::{BTreeMap, HashSet};

use super::look::Class;
use super::slot::{Distinct, Slot, hash};
use super::split::{DEEPEST, Step, Steps};
use super::{Found, Merge, Signature, resolve};

/// How much a tree may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Different words at one place, before they count as one variable.
    pub children: usize,
    /// Nodes in all.
    pub nodes: usize,
    /// Bytes of a name that are looked at; what comes after is `rest`.
    pub name: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { children: 1024, nodes: 150_000, name: 1024 }
    }
}

/// Words at one place and parts of a name, level by level. The last bounds any tree.
const LEVELS: [(usize, usize); 7] = [(usize::MAX, DEEPEST), (256, DEEPEST), (64, 16), (16, 12), (8, 6), (4, 4), (2, 3)];

/// Names with their facts.
#[derive(Debug, Clone)]
pub struct Tree<F> {
    limits: Limits,
    level: usize,
    root: Node<F>,
    nodes: usize,
    all: Distinct,
    unnamed: Option<F>,
    steps: Steps,
}

/// A place in names.
#[derive(Debug, Clone)]
pub(super) struct Node<F> {
    pub(super) leaf: Option<Box<Leaf<F>>>,
    pub(super) edges: BTreeMap<Box<[u8]>, Edge<F>>,
    words: usize,
    folded: bool,
}

/// Names that end here.
#[derive(Debug, Clone)]
pub(super) struct Leaf<F> {
    pub(super) facts: F,
    pub(super) names: Distinct,
}

/// The way to the next place. A part with variable places has the slot of the whole part first, then those of the places;
/// a plain word has none.
#[derive(Debug, Clone)]
pub(super) struct Edge<F> {
    pub(super) slots: Vec<Slot>,
    pub(super) node: Node<F>,
}

impl<F> Default for Node<F> {
    fn default() -> Self {
        Self { leaf: None, edges: BTreeMap::new(), words: 0, folded: false }
    }
}

impl<F: Merge> Tree<F> {
    /// An empty tree.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            level: 0,
            root: Node::default(),
            nodes: 1,
            all: Distinct::default(),
            unnamed: None,
            steps: Steps::default(),
        }
    }

    /// Adds a name; adding one again only merges its facts.
    pub fn add(&mut self, name: &[u8], facts: F) {
        if name.is_empty() {
            match &mut self.unnamed {
                Some(known) => known.merge(facts),
                None => self.unnamed = Some(facts),
            }
            return;
        }
        let (children, deepest) = self.bounds();
        let mut steps = std::mem::take(&mut self.steps);
        let text = steps.read(name, self.limits.name, deepest);
        let mut node = &mut self.root;
        for step in steps.steps() {
            node = node.step((&steps, *step, text), children, &mut self.nodes);
        }
        let hash = hash(name);
        self.all.add(hash);
        match &mut node.leaf {
            Some(leaf) => {
                leaf.facts.merge(facts);
                leaf.names.add(hash);
            }
            None => {
                let mut names = Distinct::default();
                names.add(hash);
                node.leaf = Some(Box::new(Leaf { facts, names }));
            }
        }
        self.steps = steps;
        self.fit();
    }

    /// Puts another tree into this one.
    pub fn merge(&mut self, other: Self) {
        if let Some(facts) = other.unnamed {
            self.add(b"", facts);
        }
        self.all.merge(&other.all);
        self.level = self.level.max(other.level);
        self.nodes += other.nodes;
        let (children, deepest) = self.bounds();
        self.root.merge(other.root, children, &mut self.nodes);
        self.root.tighten(children, deepest, &mut self.nodes);
        self.fit();
    }

    /// Distinct names: exact for few, else an estimate.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.all.count().0 + u64::from(self.unnamed.is_some())
    }

    /// Is nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The facts of the key whose name is empty, which no pattern can stand for.
    #[must_use]
    pub fn unnamed(&self) -> Option<&F> {
        self.unnamed.as_ref()
    }

    /// The patterns that explain the names.
    #[must_use]
    pub fn patterns(self) -> Vec<Found<F>> {
        self.patterns_beside(HashSet::new())
    }

    /// The same, where some words are known to be data, by the hash of `slot`: a list of names has them, say.
    #[must_use]
    pub fn patterns_beside(self, data: HashSet<u64>) -> Vec<Found<F>> {
        resolve::patterns(self.root, data)
    }

    fn bounds(&self) -> (usize, usize) {
        let (children, deepest) = LEVELS[self.level];
        (children.min(self.limits.children), deepest)
    }

    fn fit(&mut self) {
        while self.nodes > self.limits.nodes && self.level + 1 < LEVELS.len() {
            self.level += 1;
            let (children, deepest) = self.bounds();
            self.root.tighten(children, deepest, &mut self.nodes);
        }
    }
}

/// Is the part of this key a word, perhaps with variable places in it: not one class as a whole, not empty?
pub(super) fn is_word(key: &[u8]) -> bool {
    match key {
        [] | [_] => false,
        [_, byte] => Class::of_byte(*byte).is_none(),
        _ => true,
    }
}

fn key_of(separator: u8, class: Class) -> Box<[u8]> {
    Box::new([separator, class as u8])
}

/// The slot of a whole part, which for a plain word is made of the word.
pub(super) fn whole_slot(key: &[u8], slots: Vec<Slot>) -> Slot {
    slots.into_iter().next().unwrap_or_else(|| {
        let mut slot = Slot::default();
        slot.add(std::str::from_utf8(key.get(1..).unwrap_or_default()).unwrap_or_default());
        slot
    })
}

impl<F: Merge> Node<F> {
    /// The same names with what tells keys of one meaning alone. The depth is bounded.
    pub(super) fn outlined(&self) -> Node<Signature> {
        let leaf = self.leaf.as_ref();
        let leaf = leaf.map(|leaf| Box::new(Leaf { facts: leaf.facts.signature(), names: leaf.names.clone() }));
        let edge = |edge: &Edge<F>| Edge { slots: edge.slots.clone(), node: edge.node.outlined() };
        let edges = self.edges.iter().map(|(key, known)| (key.clone(), edge(known))).collect();
        Node { leaf, edges, words: self.words, folded: self.folded }
    }

    /// The place after one more part.
    fn step(&mut self, part: (&Steps, Step, &str), children: usize, nodes: &mut usize) -> &mut Self {
        let (steps, step, text) = part;
        let key = steps.key(step);
        let word = is_word(key);
        let folded_key = [key[0], Class::Word as u8];
        if word && !self.folded && !self.edges.contains_key(key) {
            self.words += 1;
            if self.words > children {
                self.fold(children, nodes);
            }
        }
        let key = if word && self.folded { &folded_key[..] } else { key };
        if !self.edges.contains_key(key) {
            *nodes += 1;
            self.edges.insert(key.into(), Edge { slots: Vec::new(), node: Self::default() });
        }
        // It was put there just now, if it was not there before; a fresh edge is the answer that needs no panic.
        let edge = self.edges.entry(key.into()).or_insert_with(|| Edge { slots: Vec::new(), node: Self::default() });
        let values = steps.values(step);
        let plain = key.len() != 2 || Class::of_byte(key[1]).is_none();
        let rest = !plain && key[1] == Class::Rest as u8;
        if rest || (values.is_empty() && plain) {
            return &mut edge.node;
        }
        let count = if plain { values.len() + 1 } else { 1 };
        edge.slots.resize_with(count, Slot::default);
        edge.slots[0].add(text.get(step.whole.0..step.whole.1).unwrap_or_default());
        for (slot, (start, end)) in edge.slots.iter_mut().skip(1).zip(values) {
            slot.add(text.get(*start..*end).unwrap_or_default());
        }
        &mut edge.node
    }

    /// Makes all words here one variable.
    fn fold(&mut self, children: usize, nodes: &mut usize) {
        if self.folded {
            return;
        }
        self.folded = true;
        self.words = 0;
        let (words, rest) = std::mem::take(&mut self.edges).into_iter().partition(|(key, _)| is_word(key));
        self.edges = rest;
        let words: BTreeMap<Box<[u8]>, Edge<F>> = words;
        for (key, edge) in words {
            let slot = whole_slot(&key, edge.slots);
            let edge = Edge { slots: vec![slot], node: edge.node };
            self.put(key_of(key[0], Class::Word), edge, children, nodes);
        }
    }

    fn put(&mut self, key: Box<[u8]>, edge: Edge<F>, children: usize, nodes: &mut usize) {
        match self.edges.entry(key) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(edge);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.slots.resize_with(edge.slots.len().max(known.slots.len()), Slot::default);
                for (slot, other) in known.slots.iter_mut().zip(edge.slots) {
                    slot.merge(other);
                }
                known.node.merge(edge.node, children, nodes);
            }
        }
    }

    /// Puts another place into this one; `nodes` loses the one that is gone.
    pub(super) fn merge(&mut self, other: Self, children: usize, nodes: &mut usize) {
        *nodes = nodes.saturating_sub(1);
        match (&mut self.leaf, other.leaf) {
            (Some(leaf), Some(more)) => {
                leaf.facts.merge(more.facts);
                leaf.names.merge(&more.names);
            }
            (leaf @ None, more) => *leaf = more,
            (Some(_), None) => {}
        }
        if other.folded {
            self.fold(children, nodes);
        }
        for (key, edge) in other.edges {
            if !is_word(&key) {
                self.put(key, edge, children, nodes);
            } else if self.folded {
                let slot = whole_slot(&key, edge.slots);
                self.put(key_of(key[0], Class::Word), Edge { slots: vec![slot], node: edge.node }, children, nodes);
            } else {
                self.words += usize::from(!self.edges.contains_key(&key));
                self.put(key, edge, children, nodes);
            }
        }
        if self.words > children {
            self.fold(children, nodes);
        }
    }

    /// Folds what is over stricter limits, from here down.
    fn tighten(&mut self, children: usize, deepest: usize, nodes: &mut usize) {
        if self.words > children {
            self.fold(children, nodes);
        }
        if deepest <= 1 {
            return self.flatten(nodes);
        }
        for edge in self.edges.values_mut() {
            edge.node.tighten(children, deepest - 1, nodes);
        }
    }

    /// Makes all that follows the next part `rest`, that part with it.
    fn flatten(&mut self, nodes: &mut usize) {
        for (key, mut edge) in std::mem::take(&mut self.edges) {
            let rest_key = key_of(key[0], Class::Rest);
            let mut rest = Self::default();
            let before = edge.node.edges.is_empty();
            edge.node.gather(&mut rest, nodes);
            if !before && rest.leaf.is_some() {
                *nodes += 1;
                self.put(rest_key, Edge { slots: Vec::new(), node: rest }, usize::MAX, nodes);
            }
            if edge.node.leaf.is_some() {
                self.put(key, edge, usize::MAX, nodes);
            } else {
                *nodes = nodes.saturating_sub(1);
            }
        }
        self.words = self.edges.keys().filter(|key| is_word(key)).count();
    }

    /// Moves the names of all that hangs below to one place.
    pub(super) fn gather(&mut self, into: &mut Self, nodes: &mut usize) {
        for edge in std::mem::take(&mut self.edges).into_values() {
            let mut node = edge.node;
            node.gather(into, nodes);
            into.merge(node, usize::MAX, nodes);
        }
    }
}
