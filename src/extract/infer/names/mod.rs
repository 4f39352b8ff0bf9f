//! Names of keys to patterns: which parts of names vary, and what the variable parts hold.
//!
//! Two stages. Names come into a [`Tree`] by their parts, in which what looks variable by itself (numbers, UUIDs, dates, ids:
//! `look`) is one place; words stay words until there are too many of them. Then the tree is read from the root down
//! (`resolve`): words at one place that mean the same (the same ways on, the same signatures of the keys at their ends)
//! become one variable where that is the cheaper description (`resolve/cluster`), what hangs under them is put together,
//! and the next place is judged with the evidence of all. At the end patterns that could claim one name, neither more
//! specific, are narrowed, or become one.
//!
//! What is remembered (smallest hashes, lengths, kinds of characters, common ends) is the same in whatever order and
//! however often names come. Names that are not UTF-8, too long or too deep end in a param of type `rest`; the empty name,
//! which no pattern can stand for, is told apart by [`Tree::unnamed`].

mod look;
mod resolve;
mod slot;
mod split;
mod tree;
mod words;

use std::collections::BTreeSet;

use super::super::draft::Node;

pub use slot::hash;
pub use tree::{Limits, Tree};

/// What tells keys of different meaning apart, besides the name: stable words such as `hash`, `hash:{a,b}`,
/// `string:json`. Empty where only names are known, which fits everything. Words that begin with `+` say what keys hold more
/// closely: they speak for one meaning where they are the same, and never against it.
pub type Signature = BTreeSet<String>;

/// Facts of keys that can be put together in any order, and more than once, with the same result.
pub trait Merge {
    /// Puts the facts of another key, or of the same key again, to these.
    fn merge(&mut self, other: Self);

    /// What tells these keys from keys of another meaning.
    fn signature(&self) -> Signature;
}

/// Names alone.
impl Merge for () {
    fn merge(&mut self, (): Self) {}

    fn signature(&self) -> Signature {
        Signature::new()
    }
}

/// What tells keys apart, alone.
impl Merge for Signature {
    fn merge(&mut self, other: Self) {
        self.extend(other);
    }

    fn signature(&self) -> Signature {
        self.clone()
    }
}

/// A pattern with what was seen under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<F> {
    /// The names it stands for, in the registry's notation; braces are doubled where they are literal.
    pub pattern: String,
    /// Its params in order, each with the fields of a param of the registry format. A name means the same in all
    /// patterns of one answer, so that one module can declare them all.
    pub params: Vec<(String, Node)>,
    /// The facts of all its keys.
    pub facts: F,
    /// Its distinct names: exact for few, else an estimate.
    pub names: u64,
    /// Is `names` exact?
    pub exact: bool,
}
