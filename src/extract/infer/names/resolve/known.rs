//! What is known of words beyond the place where they stand: how often names have them, and which of them are data.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::extract::infer::names::slot::hash;
use crate::extract::infer::names::tree::{Node, is_word};
use crate::extract::infer::names::words::is_structural;

/// Words of a whole tree.
#[derive(Debug, Default)]
pub struct Known {
    /// In how many places each word stands.
    places: HashMap<u64, usize>,
    /// Words that are data, whatever they look like.
    data: HashSet<u64>,
    /// Words that were found to vary at some place.
    found: RefCell<HashSet<u64>>,
}

impl Known {
    /// The words of a whole tree, of which the depth is bounded, with those that are known as data.
    pub fn of<F>(root: &Node<F>, data: HashSet<u64>) -> Self {
        let mut known = Self { data, ..Self::default() };
        known.gather(root);
        known
    }

    fn gather<F>(&mut self, node: &Node<F>) {
        for (key, edge) in &node.edges {
            if is_word(key) {
                *self.places.entry(hash(&key[1..])).or_default() += 1;
            }
            self.gather(&edge.node);
        }
    }

    /// In how many places a word stands.
    pub fn places(&self, word: &[u8]) -> usize {
        self.places.get(&hash(word)).copied().unwrap_or(0)
    }

    /// A word was found to vary.
    pub fn varies(&self, word: &[u8]) {
        self.found.borrow_mut().insert(hash(word));
    }

    /// What was found to vary counts as data from now on.
    pub fn learn(&mut self) {
        self.data.extend(self.found.take());
    }

    /// Is a word data, and none of those that programs are built of?
    pub fn is_data(&self, word: &[u8]) -> bool {
        self.data.contains(&hash(word)) && !is_structural(word)
    }
}
