//! Names of keys to patterns: which parts of names vary, and what the variable parts hold.

mod look;
mod resolve;
mod slot;
mod split;
mod tree;

use std::collections::BTreeSet;

use super::super::draft::Node;

pub use tree::{Limits, Tree};

/// What tells keys of different meaning apart, besides the name: stable words such as `hash`, `hash:{a,b}`,
/// `string:json`. Empty where only names are known, which fits everything.
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
